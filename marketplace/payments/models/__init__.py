"""What we store about payments. Constraints here are the last word."""

from marketplace.payments.models.payments import (
    Payment,
)

__all__ = [
    "Payment",
]
