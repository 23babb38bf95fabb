"""Pages about reviews: writing, reading, answering and holding them."""

from marketplace.ratings.views import (
    amending,
    changes,
    criteria,
    moderation,
    reading,
    replying,
    writing,
)
from marketplace.ratings.views.blueprint import bp, told

__all__ = [
    "amending",
    "bp",
    "cards",
    "changes",
    "criteria",
    "moderation",
    "reading",
    "replying",
    "told",
    "writing",
]
