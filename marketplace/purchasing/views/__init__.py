"""Pages about arrangements and invoices: read the request, make one call, choose what to show."""

from marketplace.purchasing.views import (
    arrangements,
    employing,
    invoices,
)
from marketplace.purchasing.views.blueprint import basket, bp, personal_assistants

__all__ = [
    "arrangements",
    "basket",
    "bp",
    "employing",
    "invoices",
    "personal_assistants",
]
