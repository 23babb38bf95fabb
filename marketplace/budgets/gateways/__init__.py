"""What budgets look like outside of this site: on paper."""
