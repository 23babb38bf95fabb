"""A document as it is stored: its row, its words and its keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.search.language import ENGLISH, Entry
from marketplace.search.rules import Document, lot_of
from marketplace.search.rules.keys import keys_of

_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Kept:
    """What an engine keeps of a document: its words, and the keys it is under, in order."""

    entry: Entry
    keys: tuple[str, ...]


def kept_of(document: Document) -> Kept:
    """Return the words and keys of a document."""
    entry = ENGLISH.entry(
        title=document.title,
        label=document.provider_name,
        category=document.category_name,
        body=f"{document.description}\n{document.place}",
    )
    keys = keys_of(document, lot=lot_of(document.id), title=entry.title, label=entry.label)
    return Kept(entry, tuple(sorted(keys)))


def row_of(document: Document, kept: Kept, *, shelf_id: int, bits: Mapping[str, int]) -> dict[str, Any]:
    """
    Return the row of a document, without number, id, fingerprint and rating.

    :param bits: the bit of each of its marks.
    """
    return {
        "shelf_id": shelf_id,
        "updated_at": document.updated_at,
        "easting": document.point.easting if document.point else None,
        "northing": document.point.northing if document.point else None,
        "travels_metres": document.travels_metres,
        "is_everywhere": document.is_everywhere,
        "council": document.council,
        "provider": document.provider,
        # A space on either side of each, so that one can be looked for whole.
        "title_words": f" {' '.join(kept.entry.title)} ",
        "label_words": f" {' '.join(kept.entry.label)} ",
        "names_below": f" {' '.join(filter(is_name, kept.entry.body))} ",
        "councils": f" {' '.join(sorted(document.councils))} ",
        "lot": lot_of(document.id),
        "marks": sum(1 << bits[mark] for mark in document.marks),
        "hourly": document.hourly,
        "confirmed_on": document.confirmed_on,
        "listed_on": document.listed_on,
    }


def is_name(stem: str) -> bool:
    """Test whether a stem stands for words that mean the same or are about the same. Numbers are kept with them."""
    return stem[:1] in _DIGITS


def shelf_of(document: Document) -> tuple[str, str, bool]:
    """Return what names the shelf of a document."""
    return str(document.kind), str(document.category), document.is_free
