"""What is true of reviews and replies. Pure: no database, no web, no clock."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from marketplace.ratings.rules.nouns import (
    CriterionId,
    Help,
    OutcomeId,
    PointKind,
    Release,
    ReviewStatus,
    Telling,
    WriterRole,
)

FEWEST_STARS = 1
MOST_STARS = 5
SHORTEST_WORDS = 10
LONGEST_WORDS = 3_000
LONGEST_REPLY = 2_000


@dataclass(frozen=True, slots=True)
class Written:
    """
    All that a writer says, the same whichever way it was told: in words, by picture tiles, aloud, on paper.

    Stars are from 1 to 5, also by criterion (never to always) and by outcome (did not help at all to helped very much).
    """

    stars: int
    words: str = ""
    criteria: Mapping[CriterionId, int] = field(default_factory=dict)
    outcomes: Mapping[OutcomeId, int] = field(default_factory=dict)
    points: Mapping[PointKind, str] = field(default_factory=dict)
    role: WriterRole = WriterRole.USED_IT
    declared_link: str = ""
    help: Help = Help.NOBODY
    told: Telling = Telling.WORDS
    pseudonym: str = ""
    release: Release = Release.NOW


class Act(enum.StrEnum):
    """What a moderator can do to a review or a reply."""

    HOLD = "hold"
    RELEASE = "release"


NEXT: dict[ReviewStatus, dict[Act, ReviewStatus]] = {
    ReviewStatus.SHOWN: {Act.HOLD: ReviewStatus.HELD},
    ReviewStatus.HELD: {Act.RELEASE: ReviewStatus.SHOWN},
    ReviewStatus.UNREAD: {Act.HOLD: ReviewStatus.HELD, Act.RELEASE: ReviewStatus.SHOWN},
    ReviewStatus.WAITING: {Act.HOLD: ReviewStatus.HELD},
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
