"""Moments, amounts and distances as people say them: the filters that templates use."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from marketplace.kit.days import LONDON, day_of
from marketplace.kit.money import Money
from marketplace.kit.sentences import counted, spoken, worded

__all__ = [
    "FILTERS",
    "LONDON",
    "count",
    "day",
    "day_of_year",
    "distance",
    "moment",
    "month",
    "month_name",
    "pounds",
    "since",
    "weekday",
]

_METRES_IN_A_MILE = 1609.344
_NEARBY_MILES = 0.1


def day(when: date | datetime) -> str:
    """Return a day as people say it: `Tuesday 3 March 2026`."""
    return spoken("day", when, _day(when))


def _day(when: date | datetime) -> str:
    when = day_of(when) if isinstance(when, datetime) else when
    return f"{when:%A} {when.day} {when:%B %Y}"


def moment(when: datetime) -> str:
    """Return a moment as people in England say it: `Tuesday 3 March 2026, 2:30pm`."""
    return spoken("moment", when, _moment(when))


def _moment(when: datetime) -> str:
    when = when.astimezone(LONDON)
    clock = f"{when.hour % 12 or 12}" + (f":{when:%M}" if when.minute else "") + ("am" if when.hour < 12 else "pm")  # noqa: PLR2004
    return f"{_day(when)}, {clock}"


def month(when: date | datetime) -> str:
    """Return a month: `March 2026`. Reviews show no finer date, so that nobody is known by it."""
    return spoken("month", when, _month(when))


def weekday(on: date) -> str:
    """Return the name of a day of the week: `Tuesday`."""
    return spoken("weekday", on, f"{on:%A}")


def day_of_year(on: date) -> str:
    """Return a day without its weekday and year, where both are plain: `3 March`."""
    return spoken("day_of_year", on, f"{on.day} {on:%B}")


def month_name(on: date) -> str:
    """Return the name of a month: `March`."""
    return spoken("month_name", on, f"{on:%B}")


def _month(when: date | datetime) -> str:
    when = day_of(when) if isinstance(when, datetime) else when
    return f"{when:%B %Y}"


def pounds(amount: Money) -> str:
    """Return an amount without pence when it has none: `£14`, `£14.50`."""
    return spoken("money", amount, _pounds(amount))


def _pounds(amount: Money) -> str:
    return str(amount).removesuffix(".00")


def distance(metres: float) -> str:
    """Return a distance in miles: `2.3 miles away`."""
    miles = metres / _METRES_IN_A_MILE
    if miles < _NEARBY_MILES:
        return "less than 0.1 miles away"
    return worded("{miles} miles away", miles=f"{miles:.1f}" if miles < 10 else f"{miles:.0f}")  # noqa: PLR2004


def since(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, in days: `less than a day`, `3 days`."""
    days = (now - moment).days
    return count(days, "day", "days") if days >= 1 else "less than a day"


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun: `1 person`, `5 people`."""
    return counted(number, one, many)


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def thousands(number: int) -> str:
    """Return a number with commas: `1,234`."""
    return f"{number:,}"


FILTERS: dict[str, Callable[..., Any]] = {
    # As plain strings: a page that is drawn in English says nothing again.
    "day": _day,
    "moment": _moment,
    "month": _month,
    "pounds": _pounds,
    "distance": distance,
    "counted": _count,
    "thousands": thousands,
}
