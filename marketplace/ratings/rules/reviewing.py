"""What is true of reviews and replies. Pure: no database, no web, no clock."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from marketplace.kit.sentences import worded
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
LONGEST_POINT = 500
LONGEST_LINK = 200
LONGEST_PSEUDONYM = 60
LONGEST_ADDITION = 2_000
MOST_ADDITIONS = 12


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
    # Works for the provider, is it, or lives with somebody who does: then it is no review.
    works_there: bool = False


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
        return worded(
            "Write at least {shortest_words} characters: a short sentence is enough.", shortest_words=SHORTEST_WORDS
        )
    if len(words) > LONGEST_WORDS:
        return worded("Use at most {longest_words:,} characters.", longest_words=LONGEST_WORDS)
    return None


def problems_of(written: Written) -> Iterator[tuple[str, str]]:
    """
    Yield what will not do about a review: the question it is about, and a sentence.

    Words are needed only in a form for words that says nothing but stars: who points at pictures, speaks, or filled in
    a card on paper has said enough without.
    """
    stars = stars_problem(written.stars)
    if stars:
        yield "stars", stars
    words = _words_problem(written)
    if words:
        yield "words", words
    for kind, point in written.points.items():
        if len(point) > LONGEST_POINT:
            yield kind.value, worded("Use at most {longest_point} characters.", longest_point=LONGEST_POINT)
    if len(written.declared_link) > LONGEST_LINK:
        yield "declared_link", worded("Use at most {longest_link} characters.", longest_link=LONGEST_LINK)
    if len(written.pseudonym) > LONGEST_PSEUDONYM:
        yield "pseudonym", worded("Use at most {longest_pseudonym} characters.", longest_pseudonym=LONGEST_PSEUDONYM)
    answers = [*written.criteria.values(), *written.outcomes.values()]
    if any(stars_problem(it) for it in answers):
        yield "", "Choose from 1 to 5 for each thing, or leave it out."


def _words_problem(written: Written) -> str | None:
    """Return why the words will not do: too few of them matter only to who could write more, and says nothing else."""
    says_more = written.criteria or written.outcomes or any(written.points.values())
    may_be_few = written.told is not Telling.WORDS or (says_more and not written.words)
    return None if may_be_few and len(written.words) <= LONGEST_WORDS else words_problem(written.words)


def addition_problem(words: str) -> str | None:
    """Return why what is added will not do, as a sentence, or None if it will."""
    if not words:
        return "Write what you want to add."
    if len(words) > LONGEST_ADDITION:
        return worded("Use at most {longest_addition:,} characters.", longest_addition=LONGEST_ADDITION)
    return None


def reply_problem(words: str) -> str | None:
    """Return why a reply's words will not do, as a sentence, or None if they will."""
    if not words:
        return "Write your reply first."
    if len(words) > LONGEST_REPLY:
        return worded("Use at most {longest_reply:,} characters.", longest_reply=LONGEST_REPLY)
    return None
