"""Questions about payments. Answers are plain frozen data, ready to show."""
