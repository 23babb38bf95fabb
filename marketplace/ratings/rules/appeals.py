"""What is true of appeals and objections. Pure: no database, no web, no clock."""

import calendar
from collections.abc import Sequence
from datetime import datetime

from marketplace.kit.days import LONDON, working_days_after
from marketplace.kit.sentences import worded
from marketplace.ratings.rules.nouns import AppealOutcome
from marketplace.ratings.rules.screening import APPEAL_WORKING_DAYS, PANEL_SIZE

LONGEST_WORDS = 2_000


def words_problem(words: str) -> str | None:
    """Return why somebody's case will not do, as a sentence, or None if it will."""
    if not words:
        return "Say why in a sentence or two."
    if len(words) > LONGEST_WORDS:
        return worded("Use at most {longest_words:,} characters.", longest_words=LONGEST_WORDS)
    return None


def appeal_due_at(made_at: datetime) -> datetime:
    """Return by when the panel decides."""
    return working_days_after(made_at, APPEAL_WORKING_DAYS)


def objection_due_at(made_at: datetime) -> datetime:
    """
    Return by when an objection is decided: a month later (UK GDPR, Article 12(3)).

    In a month without that day, its last day.
    """
    begun = made_at.astimezone(LONDON)
    year, month = begun.year + begun.month // 12, begun.month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return begun.replace(year=year, month=month, day=min(begun.day, last)).astimezone(made_at.tzinfo)


def panel_says(votes: Sequence[AppealOutcome]) -> AppealOutcome | None:
    """Return what the panel decided by majority, or None while somebody has still to vote."""
    if len(votes) < PANEL_SIZE:
        return None
    for_showing = sum(vote is AppealOutcome.OVERTURNED for vote in votes)
    return AppealOutcome.OVERTURNED if 2 * for_showing > len(votes) else AppealOutcome.UPHELD
