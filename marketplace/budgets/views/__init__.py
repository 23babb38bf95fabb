"""Pages about budgets and their ledger: read the request, make one call, choose what to show."""

from marketplace.budgets.views import (
    budgets,
    periods,
    statements,
)
from marketplace.budgets.views.blueprint import bp

__all__ = [
    "bp",
    "budgets",
    "periods",
    "statements",
]
