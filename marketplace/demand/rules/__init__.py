"""What is true of demand figures: their shapes, what may be shown, and what an outsider could work out. Pure."""
