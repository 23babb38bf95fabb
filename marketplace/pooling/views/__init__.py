"""Pages about pools: which there are, one of them, joining and leaving, opening and closing, and holding."""

from marketplace.pooling.views import (
    joining,
    looking,
    moderation,
    opening,
    visiting,
)
from marketplace.pooling.views.blueprint import bp

__all__ = [
    "bp",
    "joining",
    "looking",
    "moderation",
    "opening",
    "visiting",
]
