"""How much a word says, and what has all of what was asked."""

import hashlib
import math
from dataclasses import fields

from marketplace.kit.places import Point
from marketplace.search.rules.nouns import Document

TITLE, LABEL, BODY = 4, 3, 2
"""What a word weighs by where it is found: the title; the category or provider; the description or place."""

LOOSEST = 6
"""When hardly anything has all of the words, what weighs less than the best of the rest by this much is no answer."""

COMMONEST = 10
"""A word in more than one document in this many is too common to look for by itself."""


def is_within_reach(document: Document, *, near: Point, within_metres: int) -> bool:
    """Test whether somebody at `near` can have this: they can get there, it comes to them, or it is everywhere."""
    if document.is_everywhere:
        return True
    if document.point is None:
        return False
    far = document.point.distance_to(near)
    return far <= within_metres or (document.travels_metres is not None and far <= document.travels_metres)


def fingerprint(document: Document, *, language: str) -> str:
    """Return a mark that is another as soon as anything in the document changes, or the language it is searched in."""
    # Sets in an order of their own: Python's is another one each time it starts.
    told = [
        (each.name, sorted(value) if isinstance(value := getattr(document, each.name), frozenset) else value)
        for each in fields(document)
    ]
    return hashlib.sha256(f"{language}\n{told!r}".encode(errors="replace")).hexdigest()[:32]


def rarity(*, documents: int, of: int) -> int:
    """Return how much a word tells, from how many documents of all hold it: about 10 if all do, 100 if 1 in 1,000."""
    return round(10 * math.log2(1 + max(of, documents, 1) / max(documents, 1)))


def is_common(*, documents: int, of: int) -> bool:
    """Test whether a word is in so many documents that looking for it alone tells nothing."""
    return documents * COMMONEST > of


def is_time_to_count(number: int) -> bool:
    """
    Test whether the document with this number is the one at which words are counted again.

    At 10, 20 ... 90, 100, 200 ... 1,000 and so on: counting costs as much as there is to count, so it is done when the
    index has grown by a tenth or more, and each document pays the same share of it.
    """
    return number >= 10 and number % 10 ** (len(str(number)) - 1) == 0  # noqa: PLR2004 - the first milestone


def pages_for(*, total: int, page_size: int) -> int:
    """Return how many pages the answers fill. No answers still fill one page: the one that says so."""
    return max(1, math.ceil(total / page_size))
