"""What is true of shortlists, comparing and saved searches."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from marketplace.catalogue.rules.nouns import AlertEvery, OfferId

MOST_SHORTLISTED = 20
"""Offers on one shortlist: as many as somebody can still choose between, and as fit in a link."""

MOST_COMPARED = 4
"""Offers side by side: more than four columns nobody can read."""

MOST_SAVED_SEARCHES = 20
LONGEST_SEARCH_NAME = 100

MOST_IN_ALERT = 10
"""New offers of one search named in one letter. The page shows the rest."""

_WAIT = {AlertEvery.DAY: timedelta(days=1), AlertEvery.WEEK: timedelta(weeks=1)}
_A_LITTLE_EARLY = timedelta(minutes=30)


def is_due(*, every: AlertEvery, told_at: datetime, now: datetime) -> bool:
    """Test whether it is time to look again. A little early counts, so that a daily letter keeps to its hour."""
    return every in _WAIT and now - told_at >= _WAIT[every] - _A_LITTLE_EARLY


def told_before(*, every: AlertEvery, now: datetime) -> datetime:
    """Return the moment before which somebody must last have been told for it to be time again."""
    return now - _WAIT[every] + _A_LITTLE_EARLY


def offers_named(typed: Iterable[str], *, most: int) -> tuple[OfferId, ...]:
    """Return the offers that an address names, each once and in order. What is no id is left out."""
    named: dict[OfferId, None] = {}
    for one in typed:
        try:
            named[OfferId(UUID(one))] = None
        except ValueError:
            continue
    return tuple(named)[:most]
