"""How long may others read a plan, and when is somebody reminded to look at it again? Pure: no clock."""

import enum
from datetime import date, datetime, timedelta

from marketplace.kit.days import day_of, midnight

MOST_LINKS = 20
"""Links that work at one time: more than anybody could keep an eye on."""

LINK_LASTS = 30
LONGEST_LINK = 365
"""In days."""

MOST_REVIEWS = 12
"""Days set at one time on which to look at a plan again."""

LATEST_REVIEW = timedelta(days=3 * 366)
REMINDED_BEFORE = timedelta(days=7)
BEST = 10
"""How good life can be, in one outcome: from 0 to this."""


class Reminder(enum.StrEnum):
    """Which letter about looking at a plan again is due."""

    WEEK_BEFORE = "week_before"
    ON_THE_DAY = "on_the_day"


def link_ends(*, made_on: date, days: int) -> datetime:
    """Return the moment at which a link stops working: when the last of its days is over in England."""
    return midnight(made_on + timedelta(days=days + 1))


def link_last_day(expires_at: datetime) -> date:
    """Return the last day on which a link works in England."""
    return day_of(expires_at - timedelta(seconds=1))


def link_days(typed: int) -> int:
    """Return for how many days a link works, within what is sound."""
    return min(max(typed, 1), LONGEST_LINK)


def link_works(*, expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Test whether a link still opens a plan."""
    return revoked_at is None and now < expires_at


def reminder_due(*, due_on: date, told_at: datetime | None, today: date) -> Reminder | None:
    """Return which letter is due: one in the week before, one on the day (or later, if nobody looked), each once."""
    if today >= due_on:
        return Reminder.ON_THE_DAY if told_at is None or day_of(told_at) < due_on else None
    is_near = today >= due_on - REMINDED_BEFORE
    return Reminder.WEEK_BEFORE if is_near and told_at is None else None


def may_be_due(due_on: date, *, today: date) -> bool:
    """Test whether a day may be set to look at a plan again: today or later, within three years."""
    return today <= due_on <= today + LATEST_REVIEW
