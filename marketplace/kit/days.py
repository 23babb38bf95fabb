"""Which day is it in England, and when does it begin? Moments are kept in UTC; people live by the clock in London."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def day_of(moment: datetime) -> date:
    """Return the day it is in England at a moment."""
    return moment.astimezone(LONDON).date()


def midnight(on: date) -> datetime:
    """Return the moment at which a day begins in England."""
    return datetime.combine(on, time(), tzinfo=LONDON).astimezone(UTC)
