"""What can happen to the site as a whole: a backup is made, and put back."""
