"""Shelves, marks, words and keys that documents bring with them, made when they are first met."""

from collections.abc import Iterable, Mapping
from typing import cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from marketplace.kit.sentences import worded
from marketplace.search.engines import Kept
from marketplace.search.models import Key, Mark, Shelf, Word
from marketplace.search.rules import MOST_MARKS
from marketplace.search.services.rows import insert_missing

_SHELF = cast("Table", Shelf.__table__)
_MARK = cast("Table", Mark.__table__)
_WORD = cast("Table", Word.__table__)
_KEY = cast("Table", Key.__table__)

# Made once: putting a statement together takes longer than running it.
_KNOWN_SHELVES = select(_SHELF).where(_SHELF.c.category.in_(bindparam("categories", expanding=True)))
_KNOWN_MARKS = select(_MARK.c.name, _MARK.c.bit)
_KNOWN_WORDS = select(_WORD.c.word).where(_WORD.c.word.in_(bindparam("words", expanding=True)))
_KNOWN_KEYS = select(_KEY.c.key).where(_KEY.c.key.in_(bindparam("keys", expanding=True)))


class TooManyMarksError(ValueError):
    """The writer of documents made up more different marks than an index holds."""


def shelves_of(session: Session, wanted: set[tuple[str, str, bool]]) -> dict[tuple[str, str, bool], int]:
    """Return the shelves that documents stand on, made if there are none yet."""
    categories = {"categories": sorted({category for _kind, category, _is_free in wanted})}

    def known() -> dict[tuple[str, str, bool], int]:
        return {
            (kind, category, is_free): shelf
            for shelf, kind, category, is_free in session.execute(_KNOWN_SHELVES, categories)
        }

    shelves = known()
    missing = [
        {"kind": kind, "category": category, "is_free": is_free}
        for kind, category, is_free in sorted(wanted - shelves.keys())
    ]
    if missing:
        insert_missing(session, _SHELF, missing)
        shelves = known()
    return shelves


def bits_of(session: Session, wanted: set[str]) -> Mapping[str, int]:
    """
    Return the bits of marks, given out to those that have none yet.

    :raises TooManyMarksError: if there are not enough.
    """
    if not wanted:
        return {}
    while True:
        bits: dict[str, int] = dict(session.execute(_KNOWN_MARKS).all())
        missing = sorted(wanted - bits.keys())
        if not missing:
            return bits
        free = [bit for bit in range(MOST_MARKS) if bit not in bits.values()]
        if len(missing) > len(free):
            raise TooManyMarksError(
                worded(
                    "more than {most_marks} different marks: there is no room for {missing}",
                    most_marks=MOST_MARKS,
                    missing=", ".join(missing),
                )
            )
        # Somebody else may take the same bit for another mark: then ours is not there, and is given the next.
        insert_missing(session, _MARK, [{"bit": bit, "name": name} for bit, name in zip(free, missing, strict=False)])


def learn(session: Session, kept: Iterable[Kept]) -> None:
    """Remember words that nobody wrote before, so that they are not taken for slips, and keys that are new."""
    spellings: dict[str, str] = {}
    keys: set[str] = set()
    for each in kept:
        spellings |= each.entry.spellings
        keys.update(each.keys)
    known = set(session.scalars(_KNOWN_WORDS, {"words": list(spellings)}))
    add_words(session, {word: stem for word, stem in spellings.items() if word not in known}, documents=1)
    keys -= set(session.scalars(_KNOWN_KEYS, {"keys": list(keys)}))
    add_keys(session, dict.fromkeys(keys, 1))


def add_words(session: Session, spellings: Mapping[str, str], *, documents: int) -> None:
    """Add words, each with its stem."""
    insert_missing(
        session,
        _WORD,
        [
            {"word": word, "stem": stem, "initial": word[:1], "documents": documents}
            for word, stem in sorted(spellings.items())
        ],
    )


def add_keys(session: Session, counted: Mapping[str, int]) -> None:
    """Add keys, each with how many documents are under it."""
    insert_missing(session, _KEY, [{"key": key, "documents": counted[key]} for key in sorted(counted)])
