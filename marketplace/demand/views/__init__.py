"""Pages about demand: a council's own figures, how they are made, and what everybody may know of them."""

from marketplace.demand.views import (
    dashboard,
    downloads,
    others,
    posting,
    sheets,
    signals,
    wanted,
)
from marketplace.demand.views.blueprint import bp

__all__ = [
    "bp",
    "dashboard",
    "downloads",
    "others",
    "posting",
    "sheets",
    "signals",
    "wanted",
]
