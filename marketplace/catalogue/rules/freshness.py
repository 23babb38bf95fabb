"""How long what a provider said counts: when we ask again, when we warn readers, when we stop showing it."""

import enum
from datetime import date, timedelta

from marketplace.catalogue.rules.nouns import Capacity

ASKED_AFTER = 75
"""Days after which we ask a provider whether an offer is still right."""

WARNED_AFTER = 90
"""Days after which readers are told that nobody has confirmed an offer."""

HIDDEN_AFTER = 120
"""Days after which an offer is hidden until its provider confirms it."""

SPACE_KEPT = 30
"""Days for which what a provider said about room is taken at its word."""


class Freshness(enum.StrEnum):
    """How long ago a provider last said that an offer is right."""

    CONFIRMED = "confirmed"
    DUE = "due"
    STALE = "stale"
    LAPSED = "lapsed"


def freshness(confirmed_on: date, on: date) -> Freshness:
    """Return how fresh an offer is on a day, from the day on which it was last confirmed."""
    days = (on - confirmed_on).days
    if days >= HIDDEN_AFTER:
        return Freshness.LAPSED
    if days >= WARNED_AFTER:
        return Freshness.STALE
    return Freshness.DUE if days >= ASKED_AFTER else Freshness.CONFIRMED


def hidden_from(confirmed_on: date) -> date:
    """Return the first day on which an offer is hidden, unless somebody confirms it before."""
    return confirmed_on + timedelta(days=HIDDEN_AFTER)


def said_lately(capacity_on: date | None, on: date) -> bool:
    """Test whether what a provider said about room is recent enough to go by."""
    return capacity_on is not None and (on - capacity_on).days <= SPACE_KEPT


def has_space(capacity: Capacity | None, capacity_on: date | None, on: date) -> bool:
    """Test whether an offer can be called to have space on a day: its provider said so, and lately."""
    return capacity is Capacity.SPACE_NOW and said_lately(capacity_on, on)
