"""When may be asked, answered and quoted for a brief? Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.kit.days import day_of, midnight

DAYS_OPEN = (14, 7)
"""How many days a brief may be open, the usual one first: the Digital Marketplace's own [ANCHORS C4]."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of an open brief. Each moment is when the day after begins in England, so whole days count."""

    questions_until: datetime
    answers_by: datetime
    closes_at: datetime


def days_of(*, opened_at: datetime, days_open: int) -> Days:
    """Return the days of a brief: questions in the first half, answers to all by a day before the last one ends."""
    opened_on = day_of(opened_at)

    def end_of(day: int) -> datetime:
        return midnight(opened_on + timedelta(days=day + 1))

    return Days(questions_until=end_of(days_open // 2), answers_by=end_of(days_open - 1), closes_at=end_of(days_open))


def last_day(until: datetime) -> date:
    """Return the last day on which something can still be done that ends at a moment."""
    return day_of(until - timedelta(seconds=1))


def is_due_again(*, told_at: datetime | None, days: Days, now: datetime) -> bool:
    """
    Test whether a question that waits for its answer should be told of (again).

    It is told when it comes, once more when no more can be asked, and once more a day before answers are due.
    """
    if told_at is None:
        return True
    moments = (days.questions_until, days.answers_by - timedelta(days=1))
    return any(told_at < moment <= now for moment in moments)
