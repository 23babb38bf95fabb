"""What we store about arrangements and invoices. Constraints here are the last word."""

from marketplace.purchasing.models.arrangements import (
    Arrangement,
    Invoice,
    InvoiceSeries,
)

__all__ = [
    "Arrangement",
    "Invoice",
    "InvoiceSeries",
]
