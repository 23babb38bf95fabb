"""What there is for somebody who asks for this, here."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
    Sign,
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
_ENOUGH = 10
"""Answers with all of the words from which on nobody needs any with only some of them."""
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

    @property
    def total(self) -> int:
        return sum(shelf[-1] for shelf in self.shelves)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a document must match, and what it is judged by."""

    match: Node
    signs: tuple[Sign, ...]
    is_loosened: bool = False


def find(session: Session, question: Question) -> Found:
    """
    Return one page of what fits a question, and the counts for its filters.

    Every word asked for must be there, but for those that say little. When hardly anything has them all, what has the
    most telling ones is found as well, and the answer says so. A word that is nowhere is taken for the nearest that is
    somewhere. A question without words finds everything the filters let through, freshest first.
    """
    asked = READER.read(question.words)
    if asked.match is None:
        return _found(_look(session, question, None, {}), question)
    known = _documents_holding(session, asked)
    correction = _correction(session, question, asked, known)
    is_corrected = correction is not None
    if correction:
        asked = READER.read(correction)
        known = _documents_holding(session, asked)
    looked, is_loosened = _best(session, question, asked, known)
    if not correction and not is_loosened and looked.total <= _ALMOST_NOTHING:
        correction = _correction(session, question, asked, known, few=_ALMOST_NOTHING)
    return _found(looked, question, correction=correction, is_corrected=is_corrected, is_loosened=is_loosened)


def _best(session: Session, question: Question, asked: Asked, known: Mapping[str, int]) -> tuple[_Looked, bool]:
    """Return what has all of the words, or when that is hardly anything, what has the most telling; and if so, True."""
    looked = _Looked()
    if asked.match and not _is_hopeless(asked, known):
        looked = _look(session, question, _Wanted(asked.match, asked.signs), known)
    loosened = _loosened(asked, known) if looked.total < _ENOUGH else None
    if loosened is None:
        return looked, False
    wider = _look(session, question, loosened, known)
    return (wider, True) if wider.total > looked.total else (looked, False)


def highlight(text: str, words: str) -> list[tuple[str, bool]]:
    """Return a text in pieces that join up to it again, and for each whether it is one of the words asked for."""
    return pieces(text, asked=READER.read(words), words=ENGLISH)


def _look(session: Session, question: Question, wanted: _Wanted | None, known: Mapping[str, int]) -> _Looked:
    dialect = session.get_bind().dialect.name
    near = question.near
    shape = Shape(
        dialect=dialect,
        signs=tuple(sign.is_certain for sign in wanted.signs) if wanted else (),
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
    for n, sign in enumerate(wanted.signs):
        leaf = sign.leaf
        telling = rarity(documents=_documents(leaf, known), of=known[""]) * sign.share
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
    stems |= {sign.leaf.stem for sign in asked.signs if isinstance(sign.leaf, Word)}
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
    Return what to look for when hardly anything has all of the words: the telling ones, or None if that is no change.

    Documents are looked up by the telling words only, so that "someone to take mum to the shops" does not read every
    document that has "take" in it. They are then judged by all the words.
    """
    leaves = tuple(leaf for leaf in asked.leaves if _is_known(leaf, known))
    if not leaves or (asked.needs_all and asked.leaves == leaves[:1]):
        return None
    of = known[""]
    narrow = [_narrow(leaf, known) for leaf in leaves]
    rarest = min(narrow, key=lambda leaf: _documents(leaf, known))
    match: Node = Either(
        tuple(leaf for leaf in narrow if leaf == rarest or not is_common(documents=_documents(leaf, known), of=of))
    )
    for banned in asked.banned:
        match = Without(match, banned)
    signs = tuple(replace(sign, is_certain=False) for sign in asked.signs if _is_known(sign.leaf, known))
    return _Wanted(match, signs, is_loosened=True)


def _narrow(leaf: Leaf, known: Mapping[str, int]) -> Leaf:
    """Return a word; if too much is about it, what means just the same; if that is too much, the very word."""
    if isinstance(leaf, Start):
        return leaf
    narrower = [leaf.stem, leaf.same, *(leaf.literal if len(leaf.literal) == 1 else ())]
    there = [stem for stem in narrower if stem in known and stem]
    return Word(next((stem for stem in there if not is_common(documents=known[stem], of=known[""])), there[-1]))


def _is_known(leaf: Leaf, known: Mapping[str, int]) -> bool:
    return isinstance(leaf, Start) or leaf.stem in known


def _correction(
    session: Session, question: Question, asked: Asked, known: Mapping[str, int], *, few: int = 0
) -> str | None:
    """Return the question with its misspelt words put right, or None if there is nothing to put right."""
    better: dict[str, str] = {}
    for word in _doubtful(asked, known, few=few):
        least = _WELL_KNOWN if dict(asked.written)[word] in known else 1
        meant = nearest(word, _similar(session, word, least=least))
        if meant:
            better[word] = meant
    return respelt(question.words, better=better, words=ENGLISH) if better else None


def _doubtful(asked: Asked, known: Mapping[str, int], *, few: int) -> list[str]:
    """Return the words that may be misspelt: those in no more than a few documents."""
    named = {stem for leaf in asked.leaves if isinstance(leaf, Word) and leaf.stem in known for stem in leaf.literal}
    starts = tuple(leaf.letters for leaf in asked.leaves if isinstance(leaf, Start))
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


def _found(
    looked: _Looked,
    question: Question,
    *,
    correction: str | None = None,
    is_corrected: bool = False,
    is_loosened: bool = False,
) -> Found:
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
        is_corrected=is_corrected,
        is_loosened=is_loosened,
    )


def _page(question: Question) -> int:
    return min(max(question.page, 1), _LAST_PAGE)


def _storable(values: Iterable[str]) -> list[str]:
    """Return values as a database can take them. A letter it cannot hold is in no document either way."""
    return sorted(
        value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode() for value in values
    )
