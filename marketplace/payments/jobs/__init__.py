"""What happens about payments by itself, and what pages begin: between two transactions, Stripe is asked."""
