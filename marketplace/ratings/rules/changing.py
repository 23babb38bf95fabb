"""What is true of points, and of what a provider does about them. Pure: no database, no web, no clock."""

from datetime import datetime

from marketplace.kit.sentences import worded
from marketplace.ratings.rules.nouns import ChangeState, PointKind, Verdict

LONGEST_CHANGE = 1_000
SHORTEST_CHANGE = 10

ASK_FOR_CHANGE = frozenset({PointKind.NOT_WORKING, PointKind.SHOULD_CHANGE})
"""The points that a provider can do something about. What is working is not one of them."""


def change_problem(words: str) -> str | None:
    """Return why a provider's words about a change will not do, as a sentence, or None if they will."""
    if len(words) < SHORTEST_CHANGE:
        return "Say in a sentence what you will do or have done."
    if len(words) > LONGEST_CHANGE:
        return worded("Use at most {longest_change:,} characters.", longest_change=LONGEST_CHANGE)
    return None


def step_problem(*, to: ChangeState, verdict: Verdict | None) -> str | None:
    """Return why a change cannot be said to be planned or done now, as a sentence, or None if it can."""
    if to is ChangeState.PLANNED and verdict is not None:
        # Else a provider could bury a “no” under a new promise.
        return (
            "Whoever asked for this has said whether it changed, so it stays marked as done. You can add to the words."
        )
    return None


def asks_now(
    *, to: ChangeState, asked_at: datetime | None, verdict: Verdict | None, verdict_at: datetime | None
) -> bool:
    """
    Test whether the writer is to be asked now whether it did change.

    Once when it is said to be done, and once more each time they said that it had not, or only partly.
    """
    if to is not ChangeState.DONE:
        return False
    if asked_at is None:
        return True
    return verdict in {Verdict.NO, Verdict.PARTLY} and verdict_at is not None and verdict_at > asked_at
