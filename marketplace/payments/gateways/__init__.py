"""Whom do payments call outside? Stripe, for cards, and nobody else."""
