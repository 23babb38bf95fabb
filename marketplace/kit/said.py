"""Moments, amounts and distances as people say them: the filters that templates use."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from marketplace.kit.days import LONDON, day_of
from marketplace.kit.money import Money

__all__ = ["FILTERS", "LONDON", "count", "day", "distance", "moment", "month", "pounds", "since"]

_METRES_IN_A_MILE = 1609.344
_NEARBY_MILES = 0.1


def day(when: date | datetime) -> str:
    """Return a day as people say it: `Tuesday 3 March 2026`."""
    when = day_of(when) if isinstance(when, datetime) else when
    return f"{when:%A} {when.day} {when:%B %Y}"


def moment(when: datetime) -> str:
    """Return a moment as people in England say it: `Tuesday 3 March 2026, 2:30pm`."""
    when = when.astimezone(LONDON)
    clock = f"{when.hour % 12 or 12}" + (f":{when:%M}" if when.minute else "") + ("am" if when.hour < 12 else "pm")  # noqa: PLR2004
    return f"{day(when)}, {clock}"


def month(when: date | datetime) -> str:
    """Return a month: `March 2026`. Reviews show no finer date, so that nobody is known by it."""
    when = day_of(when) if isinstance(when, datetime) else when
    return f"{when:%B %Y}"


def pounds(amount: Money) -> str:
    """Return an amount without pence when it has none: `£14`, `£14.50`."""
    return str(amount).removesuffix(".00")


def distance(metres: float) -> str:
    """Return a distance in miles: `2.3 miles away`."""
    miles = metres / _METRES_IN_A_MILE
    if miles < _NEARBY_MILES:
        return "less than 0.1 miles away"
    return f"{miles:.1f} miles away" if miles < 10 else f"{miles:.0f} miles away"  # noqa: PLR2004


def since(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, in days: `less than a day`, `3 days`."""
    days = (now - moment).days
    return count(days, "day", "days") if days >= 1 else "less than a day"


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun: `1 person`, `5 people`."""
    return f"{number:,} {one if number == 1 else many}"


def thousands(number: int) -> str:
    """Return a number with commas: `1,234`."""
    return f"{number:,}"


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "moment": moment,
    "month": month,
    "pounds": pounds,
    "distance": distance,
    "counted": count,
    "thousands": thousands,
}
