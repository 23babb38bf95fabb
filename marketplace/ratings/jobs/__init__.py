"""What happens to reviews by itself."""
