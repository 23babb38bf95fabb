"""What ratings make and read that is no page: review cards on paper."""
