"""Which day is it in England, and when does it begin? Moments are kept in UTC; people live by the clock in London."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")


def day_of(moment: datetime) -> date:
    """Return the day it is in England at a moment."""
    return moment.astimezone(LONDON).date()


def midnight(on: date) -> datetime:
    """Return the moment at which a day begins in England."""
    return datetime.combine(on, time(), tzinfo=LONDON).astimezone(UTC)


def is_bank_holiday(on: date) -> bool:
    """Test whether a day is a bank holiday in England, or the day one is moved to because it falls on a weekend."""
    return on in _bank_holidays(on.year)


@lru_cache(maxsize=20)
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
