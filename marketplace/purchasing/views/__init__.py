"""Pages about arrangements and invoices: read the request, make one call, choose what to show."""

from marketplace.purchasing.views import (
    arrangements,
    baskets,
    calendars,
    disputes,
    employing,
    invoices,
    packs,
    terms,
    visits,
)
from marketplace.purchasing.views.blueprint import basket, bp, personal_assistants

__all__ = [
    "arrangements",
    "basket",
    "baskets",
    "bp",
    "calendars",
    "disputes",
    "employing",
    "invoices",
    "packs",
    "personal_assistants",
    "terms",
    "visits",
]
