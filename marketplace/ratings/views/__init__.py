"""Pages about reviews: writing, reading, answering and holding them."""

from marketplace.ratings.views import (
    amending,
    appeals,
    cards,
    changes,
    checklists,
    criteria,
    invoices,
    dashboard,
    flags,
    ledger,
    moderation,
    objections,
    quality,
    reading,
    replying,
    visiting,
    writing,
)
from marketplace.ratings.views.blueprint import bp, told

__all__ = [
    "amending",
    "appeals",
    "bp",
    "cards",
    "changes",
    "checklists",
    "criteria",
    "invoices",
    "dashboard",
    "flags",
    "ledger",
    "moderation",
    "objections",
    "quality",
    "reading",
    "replying",
    "told",
    "visiting",
    "writing",
]
