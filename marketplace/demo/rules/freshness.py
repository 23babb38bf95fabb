"""When does each provider say that an offer is still right, and who has space?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from marketplace.catalogue.rules import HIDDEN_AFTER, Capacity, OfferStatus
from marketplace.demo.rules.calendar import Calendar, some_time
from marketplace.demo.rules.written import WrittenFreshness, WrittenTown

_LATEST, _EARLIEST = 2, 68
"""Most offers were last confirmed between so many days ago."""
_ROUND = (52, 72)
"""Days from one confirmation to the next: our letter comes after 75, and most are quicker."""
_SPACE = (Capacity.SPACE_NOW,) * 6 + (Capacity.WAITING_LIST,) * 2 + (Capacity.FULL,) + (None,) * 2
"""What is said of space, in these shares. None is nothing."""


@dataclass(frozen=True, slots=True)
class PlannedConfirmation:
    """One time that a provider says that an offer is right, and whether there is space."""

    offer: str
    at: datetime
    capacity: Capacity | None


def plan_confirmations(
    draw: Random,
    *,
    town: WrittenTown,
    calendar: Calendar,
    shown_since: Mapping[str, datetime],
) -> tuple[PlannedConfirmation, ...]:
    """Return every time that an offer on the site is confirmed, from when it is shown up to the last time."""
    ago = {one.offer: one.confirmed_days_ago for one in town.freshness}
    planned: list[PlannedConfirmation] = []
    for offer in town.offers:
        if offer.state not in {OfferStatus.LIVE, OfferStatus.LAPSED}:
            continue
        days = ago.get(offer.key, draw.randint(_LATEST, _EARLIEST))
        while (at := some_time(draw, calendar.days_ago(days))) > shown_since[offer.key]:
            planned.append(PlannedConfirmation(offer.key, at, draw.choice(_SPACE)))
            days += draw.randint(*_ROUND)
    return tuple(planned)


def hidden_at(written: WrittenFreshness, *, calendar: Calendar) -> datetime | None:
    """Return the moment at which an offer is hidden because nobody confirmed it, or None if it is not yet."""
    days = written.confirmed_days_ago - HIDDEN_AFTER
    return some_time(Random(written.offer), calendar.days_ago(days)) if days > 0 else None  # noqa: S311
