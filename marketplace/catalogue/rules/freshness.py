"""How long what a provider said counts: when we ask again, when we warn readers, when we stop showing it."""

import enum
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.catalogue.rules.nouns import Capacity, OfferId

ASKED_AFTER = 75
"""Days after which we ask a provider whether an offer is still right."""

ASKED_AGAIN_AFTER = 110
"""Days after which we ask once more: letters get lost, and ten days are left."""

WARNED_AFTER = 90
"""Days after which readers are told that nobody has confirmed an offer."""

HIDDEN_AFTER = 120
"""Days after which an offer is hidden until its provider confirms it."""

LINK_LASTS = timedelta(days=60)
"""How long the link in a letter that asks can be answered."""

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


def asks_now(confirmed_on: date, reminded_on: date | None, on: date) -> bool:
    """Test whether a provider is asked on a day if an offer is still right: once when it is due, once near the end."""
    days = (on - confirmed_on).days
    if not ASKED_AFTER <= days < HIDDEN_AFTER:
        return False
    if reminded_on is None or reminded_on <= confirmed_on:
        return True
    return days >= ASKED_AGAIN_AFTER and (on - reminded_on).days >= HIDDEN_AFTER - ASKED_AGAIN_AFTER


@dataclass(frozen=True, slots=True)
class Question:
    """
    What a link in a letter asks: is this offer still right, as it was confirmed at that moment?

    Whatever confirms it answers the question, so the link works once.
    """

    offer_id: OfferId
    confirmed_at: datetime
    asked_at: datetime

    def is_too_old(self, now: datetime) -> bool:
        """Test whether it was asked too long ago to be answered by its link."""
        return now >= self.asked_at + LINK_LASTS
