"""Home, fixed pages, health; and everything that somebody has here, to take away or to close."""

from marketplace.web.views import (
    designing,
    easy,
    furniture,
    guidebook,
    history,
    home,
    leaving,
    monitoring,
    reading,
    standing,
    starting,
)
from marketplace.web.views.blueprint import bp

__all__ = [
    "bp",
    "designing",
    "easy",
    "furniture",
    "guidebook",
    "history",
    "home",
    "leaving",
    "monitoring",
    "reading",
    "standing",
    "starting",
]
