"""What happens to plans, help, briefs, quotes and the library by itself."""
