"""Pages about demand: a council's own figures, how they are made, and what everybody may know of them."""

from marketplace.demand.views import (
    dashboard,
    downloads,
    ledger,
    others,
    posting,
    sheets,
    signals,
    tokens,
    wanted,
)
from marketplace.demand.views.blueprint import bp

__all__ = [
    "bp",
    "dashboard",
    "downloads",
    "ledger",
    "others",
    "posting",
    "sheets",
    "signals",
    "tokens",
    "wanted",
]
