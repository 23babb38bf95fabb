"""Pages about pools: which there are, one of them, joining and leaving, opening and closing, and holding."""

from marketplace.pooling.views import (
    agreement,
    deciding,
    documents,
    interests,
    joining,
    looking,
    measuring,
    moderation,
    opening,
    people,
    readiness,
    rota,
    space,
    starting,
    telling,
    visiting,
    wishing,
)
from marketplace.pooling.views.blueprint import bp

__all__ = [
    "agreement",
    "bp",
    "deciding",
    "documents",
    "interests",
    "joining",
    "looking",
    "measuring",
    "moderation",
    "opening",
    "people",
    "readiness",
    "rota",
    "space",
    "starting",
    "telling",
    "visiting",
    "wishing",
]
