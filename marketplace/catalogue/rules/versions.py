"""What changed between two versions of an offer, word by word."""

import difflib
import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.kit.sentences import one_word

Words = Mapping[str, Any]
"""What a version of an offer said: what people could read, by field."""

FIELDS: Mapping[str, str] = {
    "title": one_word("Name"),
    "category": "Kind of support",
    "description": "What it says",
    "included": "What the price includes",
    "suits": "Whom it suits",
    "setting": "Where it happens",
    "travels_metres": "How far they travel",
    "address": one_word("Address"),
    "postcode": one_word("Postcode"),
    "council": one_word("Area"),
    "councils": "Councils served as a whole",
    "is_free": one_word("Free"),
    "prices": one_word("Price"),
    "next_prices": "Price from a later day",
    "notice_hours": "Notice to cancel",
    "travel_per_mile": one_word("Travel"),
    "payments": "Ways to pay",
    "times": "Days and times",
    "access": one_word("Access"),
    "languages": one_word("Languages"),
    "cqc_standing": "Care Quality Commission",
    "cqc_because": one_word("Why"),
    "video_url": one_word("Video"),
    "video_has_captions": "Video has captions",
    "photos": one_word("Photographs"),
}
"""The fields of a version, in the order we show them, and what each is called on a page."""

_WORD = re.compile(r"\w")
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


class Mark(enum.StrEnum):
    """What became of some words."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row that were all kept, all added or all removed."""

    mark: Mark
    text: str


def changed_fields(before: Words, after: Words) -> tuple[str, ...]:
    """Return the fields that differ, in the order we show them. What an older version did not know was empty."""
    return tuple(field for field in FIELDS if (before.get(field) or None) != (after.get(field) or None))


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Return two texts as one, in which the words that went and the words that came are marked."""
    found: list[Piece] = []
    for removed, added in _stretches(before, after):
        if removed == added:
            found.append(Piece(Mark.KEPT, removed))
            continue
        found += [Piece(mark, text) for mark, text in ((Mark.REMOVED, removed), (Mark.ADDED, added)) if text]
    return tuple(found)


def _stretches(before: str, after: str) -> list[tuple[str, str]]:
    """Return what stands in both, and what in each instead of the other, in turn: pairs of the old and the new."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    found: list[tuple[str, str]] = []
    for _tag, i, j, k, m in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        removed, added = "".join(old[i:j]), "".join(new[k:m])
        # A space or a comma that both happen to have between two changes only makes them harder to read.
        if len(found) > 1 and removed != added and found[-1][0] == found[-1][1] and not _WORD.search(found[-1][0]):
            (earlier_removed, earlier_added), (between, _) = found[-2:]
            found[-2:] = [(earlier_removed + between + removed, earlier_added + between + added)]
        else:
            found.append((removed, added))
    return found
