"""Which day is it in England, and when does it begin? Moments are kept in UTC; people live by the clock in London."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
_SATURDAY = 5


def day_of(moment: datetime) -> date:
    """Return the day it is in England at a moment."""
    return moment.astimezone(LONDON).date()


def midnight(on: date) -> datetime:
    """Return the moment at which a day begins in England."""
    return datetime.combine(on, time(), tzinfo=LONDON).astimezone(UTC)


def is_bank_holiday(on: date) -> bool:
    """Test whether a day is a bank holiday in England, or the day one is moved to because it falls on a weekend."""
    return on in _bank_holidays(on.year)


def is_working_day(on: date) -> bool:
    """Test whether a day is one on which offices in England are open: no Saturday, Sunday or bank holiday."""
    return on.weekday() < _SATURDAY and not is_bank_holiday(on)


def working_days_after(moment: datetime, days: int) -> datetime:
    """
    Return when a number of working days have passed: at the same time of day, in England.

    What comes in on a day that is none counts from the morning of the next one that is.
    """
    begun = moment.astimezone(LONDON)
    if not is_working_day(begun.date()):
        begun = datetime.combine(_next_working_day(begun.date()), time(9), tzinfo=LONDON)
    on = begun.date()
    for _ in range(days):
        on = _next_working_day(on)
    return datetime.combine(on, begun.timetz()).astimezone(UTC)


def _next_working_day(on: date) -> date:
    on += timedelta(days=1)
    while not is_working_day(on):
        on += timedelta(days=1)
    return on


@lru_cache(maxsize=20)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
