"""What is true of reviews, replies and averages. Pure: no database, no web, no clock."""

import enum
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

ReviewId = NewType("ReviewId", uuid.UUID)
ReplyId = NewType("ReplyId", uuid.UUID)

FEWEST_STARS = 1
MOST_STARS = 5
SHORTEST_WORDS = 10
LONGEST_WORDS = 3_000
LONGEST_REPLY = 2_000
FEWEST_RATERS = 3
"""An average of fewer people than this says more about them than about what they used."""


class Basis(enum.StrEnum):
    """How we know that the writer used what they review."""

    ARRANGEMENT = "arrangement"
    SAID_USED = "said_used"


class ReviewStatus(enum.StrEnum):
    """Whether a review or a reply is shown. It is from the start; only a moderator holds it, with a reason."""

    SHOWN = "shown"
    HELD = "held"


class Act(enum.StrEnum):
    """What a moderator can do to a review or a reply."""

    HOLD = "hold"
    RELEASE = "release"


NEXT: dict[ReviewStatus, dict[Act, ReviewStatus]] = {
    ReviewStatus.SHOWN: {Act.HOLD: ReviewStatus.HELD},
    ReviewStatus.HELD: {Act.RELEASE: ReviewStatus.SHOWN},
}


def next_status(*, status: ReviewStatus, act: Act) -> ReviewStatus | None:
    """Return the status that an act leads to, or None if it cannot be done now."""
    return NEXT[status].get(act)


def stars_problem(stars: int) -> str | None:
    """Return why a number of stars will not do, as a sentence, or None if it will."""
    return None if FEWEST_STARS <= stars <= MOST_STARS else "Choose from 1 to 5 stars."


def words_problem(words: str) -> str | None:
    """Return why a review's words will not do, as a sentence, or None if they will."""
    if len(words) < SHORTEST_WORDS:
        return f"Write at least {SHORTEST_WORDS} characters: a short sentence is enough."
    if len(words) > LONGEST_WORDS:
        return f"Use at most {LONGEST_WORDS:,} characters."
    return None


def reply_problem(words: str) -> str | None:
    """Return why a reply's words will not do, as a sentence, or None if they will."""
    if not words:
        return "Write your reply first."
    if len(words) > LONGEST_REPLY:
        return f"Use at most {LONGEST_REPLY:,} characters."
    return None


@dataclass(frozen=True, slots=True)
class RatingSummary:
    """How many people rated something, and how. `spread` counts them from one star to five."""

    count: int
    average: Decimal | None
    spread: tuple[int, int, int, int, int]


NO_RATINGS = RatingSummary(count=0, average=None, spread=(0, 0, 0, 0, 0))


def summary_of(spread: Sequence[int]) -> RatingSummary:
    """
    Return the summary of what people gave, from one star to five.

    The average has one decimal, halves rounded up, and is None below `FEWEST_RATERS`.
    """
    one, two, three, four, five = spread
    count = one + two + three + four + five
    average = None
    if count >= FEWEST_RATERS:
        stars = one + 2 * two + 3 * three + 4 * four + 5 * five
        average = (Decimal(stars) / count).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return RatingSummary(count=count, average=average, spread=(one, two, three, four, five))
