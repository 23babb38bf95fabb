"""What is true of support plans. Pure: no database, no web, no clock."""

import enum
import hashlib

from marketplace.brokerage.rules.nouns import Part

MOST_LINES = 40
LONGEST_PART = 3000

TITLES = {
    Part.ABOUT_ME: "About me",
    Part.WHAT_MATTERS: "What matters to me",
    Part.GOOD_WEEK: "What a good week looks like",
    Part.RISKS: "Risks I want to take",
    Part.WHO_HELPS: "Who helps me",
}
"""What each part is called, on every page, in letters and in files."""


class Written(enum.Enum):
    """What became of words that somebody wrote in a part of a plan."""

    SAVED = "saved"
    CLASHED = "clashed"  # somebody else wrote at the same time: both are kept


def room_for_another(*, lines: int) -> bool:
    """Test whether a plan may take one more line."""
    return lines < MOST_LINES


def mark_of(*, edition: int, words: str) -> str:
    """Return what a form carries of a part as its writer saw it: its edition, and a mark of its words."""
    return f"{edition}.{hashlib.sha256(words.encode()).hexdigest()[:20]}"


def edition_seen(mark: str) -> int:
    """Return the edition that a writer saw. A mark that is none saw nothing."""
    edition = mark.partition(".")[0]
    return int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 10 else 0  # noqa: PLR2004


def left_as_seen(mark: str, *, words: str) -> bool:
    """Test whether a writer sends the very words that they saw: then they wrote nothing, whoever else did."""
    return mark == mark_of(edition=edition_seen(mark), words=words)
