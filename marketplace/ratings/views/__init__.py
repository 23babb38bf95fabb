"""Pages about reviews: writing, reading, answering and holding them."""

from marketplace.ratings.views import (
    amending,
    changes,
    checklists,
    criteria,
    moderation,
    quality,
    reading,
    replying,
    visiting,
    writing,
)
from marketplace.ratings.views.blueprint import bp, told

__all__ = [
    "amending",
    "bp",
    "cards",
    "changes",
    "checklists",
    "criteria",
    "moderation",
    "quality",
    "reading",
    "replying",
    "told",
    "visiting",
    "writing",
]
