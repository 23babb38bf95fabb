"""What is true of reports and decisions. Pure: no database, no web, no clock."""

import enum
import uuid
from typing import NewType

from marketplace.kit.sentences import one_word, worded

ReportId = NewType("ReportId", uuid.UUID)
DecisionId = NewType("DecisionId", uuid.UUID)

LONGEST_WORDS = 2000
"""Most characters in a report or in the reason for a decision."""


class SubjectKind(enum.StrEnum):
    """What a report or a decision can be about."""

    OFFER = "offer"
    PROVIDER = "provider"
    REVIEW = "review"
    REPLY = "reply"
    POOL = "pool"
    POOL_MESSAGE = "pool_message"
    POOL_STORY = "pool_story"
    BRIEF = "brief"
    LIBRARY_PIECE = "library_piece"

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        return {
            SubjectKind.OFFER: "an offer",
            SubjectKind.POOL_MESSAGE: "a message in a pool",
            SubjectKind.POOL_STORY: "a pool’s story",
            SubjectKind.LIBRARY_PIECE: "a piece of the library",
        }.get(self, f"a {self}")


class ReportReason(enum.StrEnum):
    """Why somebody reports something."""

    OUT_OF_DATE = "out_of_date"
    MISLEADING = "misleading"
    PRIVATE = "private"
    ABUSIVE = "abusive"
    UNSAFE = "unsafe"
    SOMETHING_ELSE = "something_else"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            ReportReason.OUT_OF_DATE: "Out of date",
            ReportReason.MISLEADING: one_word("Misleading"),
            ReportReason.PRIVATE: "Something private",
            ReportReason.ABUSIVE: one_word("Abusive"),
            ReportReason.UNSAFE: "Somebody could come to harm",
            ReportReason.SOMETHING_ELSE: "Something else",
        }[self]


class Outcome(enum.StrEnum):
    """What a moderator decided. Held things are not shown until they are released."""

    APPROVED = "approved"
    REFUSED = "refused"
    HELD = "held"
    RELEASED = "released"


def needs_words(outcome: Outcome) -> bool:
    """Test whether a decision must be explained in the moderator's own words: all that keep something from view."""
    return outcome in {Outcome.REFUSED, Outcome.HELD}


def report_problem(*, reason: ReportReason, words: str) -> str | None:
    """Return why a report cannot be taken as it is, as a sentence, or None if it can."""
    if len(words) > LONGEST_WORDS:
        return worded("Use at most {longest_words:,} characters.", longest_words=LONGEST_WORDS)
    if reason is ReportReason.SOMETHING_ELSE and not words:
        return "Tell us what is wrong."
    return None
