"""What can happen to demand figures, and to what councils say back."""
