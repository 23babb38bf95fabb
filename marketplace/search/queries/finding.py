"""What there is for somebody who asks for this, here."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from marketplace.search.engines import engine_on
from marketplace.search.language import (
    ENGLISH,
    READER,
    Asked,
    Either,
    Leaf,
    Node,
    Start,
    Without,
    Word,
    nearest,
    pieces,
    respelt,
)
from marketplace.search.language.spelling import slips_allowed
from marketplace.search.models import Word as KnownWord
from marketplace.search.queries.statement import NOWHERE, Shape, statement_for
from marketplace.search.rules import (
    BODY,
    COMMONEST,
    LABEL,
    TITLE,
    Cost,
    Found,
    Hit,
    Question,
    is_common,
    pages_for,
    rarity,
)

_ALMOST_NOTHING = 1
"""Answers up to which we ask whether another word was meant, even if somebody has written this one before."""
_WELL_KNOWN = 5
"""Documents a word must be in to be offered in place of one that somebody has written."""
_LAST_PAGE = 1_000_000
_STEMS_TOGETHER = 6

# Made once: putting a statement together takes longer than running it.
_WORD = KnownWord.__table__.c
_STEMS_COUNTED = select(_WORD.stem, _WORD.documents).where(_WORD.stem.in_(bindparam("stems", expanding=True)))
_SIMILAR_WORDS = select(_WORD.word, _WORD.documents).where(
    _WORD.initial.in_(bindparam("initials", expanding=True)),
    func.length(_WORD.word).between(bindparam("shortest"), bindparam("longest")),
    _WORD.documents >= bindparam("least"),
)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the database answered: a page of documents, and the number that match on each shelf."""

    hits: tuple[Hit, ...] = ()
    shelves: tuple[tuple[str, str, Cost, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a document must match, and the words it is judged by."""

    match: Node
    leaves: tuple[Leaf, ...]
    needs_all: bool
    is_loosened: bool = False


def find(session: Session, question: Question) -> Found:
    """
    Return one page of what fits a question, and the counts for its filters.

    Every word asked for must be there. When nothing has them all, the documents with the most telling ones are found
    instead, and the answer says so. A question without words finds everything the filters let through, freshest first.
    """
    asked = READER.read(question.words)
    if asked.match is None:
        return _found(_look(session, question, None, {}), question)
    known = _documents_holding(session, asked)
    wanted: _Wanted | None = _Wanted(asked.match, asked.leaves, asked.needs_all)
    looked = _Looked() if _is_hopeless(asked, known) else _look(session, question, wanted, known)
    if not looked.shelves:
        wanted = _loosened(asked, known)
        looked = _look(session, question, wanted, known) if wanted else looked
    return _found(
        looked,
        question,
        correction=_correction(session, question, asked, known, found=sum(shelf[-1] for shelf in looked.shelves)),
        is_loosened=bool(wanted and wanted.is_loosened and looked.shelves),
    )


def highlight(text: str, words: str) -> list[tuple[str, bool]]:
    """Return a text in pieces that join up to it again, and for each whether it is one of the words asked for."""
    return pieces(text, asked=READER.read(words), words=ENGLISH)


def _look(session: Session, question: Question, wanted: _Wanted | None, known: Mapping[str, int]) -> _Looked:
    dialect = session.get_bind().dialect.name
    near = question.near
    shape = Shape(
        dialect=dialect,
        leaves=len(wanted.leaves) if wanted else 0,
        needs_all=wanted.needs_all if wanted else True,
        is_loosened=bool(wanted and wanted.is_loosened),
        is_near=near is not None,
        is_within=question.within_metres is not None,
        has_kinds=bool(question.kinds),
        has_categories=bool(question.categories),
        has_cost=question.cost is not None,
        sort=question.sort,
    )
    asked: dict[str, Any] = {
        "limit": question.page_size,
        "offset": (_page(question) - 1) * question.page_size,
        "kinds": _storable(question.kinds),
        "categories": _storable(question.categories),
        "is_free": question.cost is Cost.FREE,
    }
    if near:
        asked |= {
            "easting": near.easting,
            "northing": near.northing,
            "within_squared": (question.within_metres or 0) ** 2,
        }
    if wanted:
        asked |= _words_asked(dialect, wanted, known)
    *hits, shelves = session.execute(statement_for(shape), asked).all()
    return _Looked(
        hits=tuple(Hit(hit.id, math.isqrt(hit.far) if near and hit.far < NOWHERE else None) for hit in hits),
        shelves=tuple(
            (kind, category, Cost.FREE if is_free else Cost.PAID, found)
            for kind, category, is_free, found in json.loads(shelves.shelves or "[]")
        ),
    )


def _words_asked(dialect: str, wanted: _Wanted, known: Mapping[str, int]) -> dict[str, Any]:
    engine = engine_on(dialect)
    asked: dict[str, Any] = {"match": engine.ask(wanted.match)}
    for n, leaf in enumerate(wanted.leaves):
        telling = rarity(documents=_documents(leaf, known), of=known[""])
        asked |= {f"title_{n}": TITLE * telling, f"label_{n}": LABEL * telling, f"body_{n}": BODY * telling}
        asked[f"word_{n}"] = f" {leaf.stem} " if isinstance(leaf, Word) else f" {leaf.letters}"
        asked[f"leaf_{n}"] = engine.leaf(leaf)
    return asked


def _documents(leaf: Leaf, known: Mapping[str, int]) -> int:
    """Return in how many documents a leaf is. Of the start of a word nobody knows: it is taken as somewhat common."""
    return known.get(leaf.stem, 0) if isinstance(leaf, Word) else known[""] // COMMONEST


def _documents_holding(session: Session, asked: Asked) -> dict[str, int]:
    """Return how many documents hold each stem of a question, and under "" how many documents there are."""
    stems = {""} | {stem for _word, stem in asked.written}
    stems |= {leaf.stem for leaf in asked.leaves if isinstance(leaf, Word)}
    # As many as fit the next size, by naming the last again: a handful of statements then serves every question.
    named = sorted(stems)
    named += named[-1:] * (-len(named) % _STEMS_TOGETHER)
    known = {"": 0}
    for stem, documents in session.execute(_STEMS_COUNTED, {"stems": named}).all():
        known[stem] = max(documents, known.get(stem, 0))
    return known


def _is_hopeless(asked: Asked, known: Mapping[str, int]) -> bool:
    """Test whether a word that must be there is in no document."""
    return asked.needs_all and any(isinstance(leaf, Word) and leaf.stem not in known for leaf in asked.leaves)


def _loosened(asked: Asked, known: Mapping[str, int]) -> _Wanted | None:
    """
    Return what to look for when nothing has all of the words: those that are somewhere, or None if that is no change.

    Documents are looked up by the telling words only, so that "someone to take mum to the shops" does not read every
    document that has "take" in it. They are then judged by all the words.
    """
    leaves: dict[Leaf, None] = {}
    for leaf in asked.leaves:
        if isinstance(leaf, Start) or leaf.stem in known:
            leaves[leaf] = None
        else:
            leaves |= {Word(stem): None for stem in leaf.literal if stem in known}
    if not leaves or (asked.needs_all and asked.leaves == tuple(leaves) == asked.leaves[:1]):
        return None
    rarest = min(leaves, key=lambda leaf: _documents(leaf, known))
    telling = [
        leaf for leaf in leaves if leaf == rarest or not is_common(documents=_documents(leaf, known), of=known[""])
    ]
    match: Node = Either(tuple(telling))
    for banned in asked.banned:
        match = Without(match, banned)
    return _Wanted(match, tuple(leaves), needs_all=False, is_loosened=True)


def _correction(
    session: Session, question: Question, asked: Asked, known: Mapping[str, int], *, found: int
) -> str | None:
    """Return the question with its misspelt words put right, or None if there is nothing to put right."""
    better: dict[str, str] = {}
    for word in _doubtful(asked, known, found=found):
        least = _WELL_KNOWN if dict(asked.written)[word] in known else 1
        meant = nearest(word, _similar(session, word, least=least))
        if meant:
            better[word] = meant
    return respelt(question.words, better=better, words=ENGLISH) if better else None


def _doubtful(asked: Asked, known: Mapping[str, int], *, found: int) -> list[str]:
    """Return the words that may be misspelt: nobody wrote them, or hardly anybody did and hardly anything was found."""
    named = {stem for leaf in asked.leaves if isinstance(leaf, Word) and leaf.stem in known for stem in leaf.literal}
    starts = tuple(leaf.letters for leaf in asked.leaves if isinstance(leaf, Start))
    few = 1 if found <= _ALMOST_NOTHING else 0
    return [
        word
        for word, stem in asked.written
        if known.get(stem, 0) <= few
        and stem not in named
        and not (starts and stem.startswith(starts))
        and word.isalpha()
        and slips_allowed(word)
    ]


def _similar(session: Session, word: str, *, least: int) -> dict[str, int]:
    """Return words that start alike and are about as long, and in how many documents each is."""
    slips = slips_allowed(word)
    rows = session.execute(
        _SIMILAR_WORDS,
        {
            "initials": [word[0], word[1]],  # The second too: the first two letters may be swapped.
            "shortest": len(word) - slips,
            "longest": len(word) + slips,
            "least": least,
        },
    )
    return dict(rows.all())


def _found(looked: _Looked, question: Question, *, correction: str | None = None, is_loosened: bool = False) -> Found:
    kinds, categories, costs = Counter[str](), Counter[str](), Counter[str]()
    total = 0
    for kind, category, cost, documents in looked.shelves:
        is_kind = not question.kinds or kind in question.kinds
        is_category = not question.categories or category in question.categories
        is_cost = question.cost is None or cost is question.cost
        # What would be found with another value of this filter: all the others must let it through.
        if is_category and is_cost:
            kinds[kind] += documents
        if is_kind and is_cost:
            categories[category] += documents
        if is_kind and is_category:
            costs[cost.value] += documents
            total += documents if is_cost else 0
    return Found(
        hits=looked.hits,
        total=total,
        page=_page(question),
        pages=pages_for(total=total, page_size=question.page_size),
        counts={"kind": kinds, "category": categories, "cost": costs},
        correction=correction,
        is_loosened=is_loosened,
    )


def _page(question: Question) -> int:
    return min(max(question.page, 1), _LAST_PAGE)


def _storable(values: Iterable[str]) -> list[str]:
    """Return values as a database can take them. A letter it cannot hold is in no document either way."""
    return sorted(
        value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode() for value in values
    )
