"""What there is for somebody who asks for this, here."""

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from sqlalchemy import BindParameter, Dialect, bindparam, select
from sqlalchemy.orm import Session

from marketplace.search.language import (
    ENGLISH,
    READER,
    Asked,
    Leaf,
    Sign,
    Start,
    Word,
    pieces,
)
from marketplace.search.models import Word as KnownWord
from marketplace.search.queries.columns import NOWHERE, freshness_at
from marketplace.search.queries.correcting import correction
from marketplace.search.queries.looking import Line, Looked, look, page_of, whole
from marketplace.search.queries.loosening import loosen
from marketplace.search.queries.planning import Wanted
from marketplace.search.queries.prepared import Prepared, prepare
from marketplace.search.rules import DocumentId, Found, Hit, Part, Question, Why, pages_for
from marketplace.search.rules.ordering import LOTS

_ALMOST_NOTHING = 1
"""Answers up to which we ask whether another word was meant, even if somebody has written this one before."""
_ENOUGH = 10
"""Answers with all of the words from which on nobody needs any with only some of them."""
_STEMS_TOGETHER = 6
_PARTS = (Part.TITLE, Part.LABEL, Part.BODY)

_WORD = KnownWord.__table__.c


@lru_cache(maxsize=64)
def _stems_counted(dialect: Dialect, stems: int) -> Prepared:
    names: list[BindParameter[str]] = [bindparam(f"stem_{n}") for n in range(stems)]
    return prepare(select(_WORD.stem, _WORD.documents).where(_WORD.stem.in_(names)), dialect)


def find(session: Session, question: Question) -> Found:
    """
    Return one page of what fits a question, and the counts for its filters.

    Every word asked for must be there, but for those that say little. When hardly anything has them all, what has the
    most telling ones is found as well, and the answer says so. A word that is nowhere is taken for the nearest that is
    somewhere. A question without words finds everything the filters let through.
    """
    asked = READER.read(question.words)
    known = _documents_holding(session, asked)
    if asked.match is None:
        return _found(look(session, question, None, known), question)
    better = correction(session, question.words, asked, known)
    is_corrected = better is not None
    if better:
        asked = READER.read(better)
        known = _documents_holding(session, asked)
    looked = Looked()
    wanted: Wanted | None = None
    if asked.match and not _is_hopeless(asked, known):
        wanted = Wanted(asked.match, asked.signs, asked.leaves, asked.needs_all)
        looked = look(session, question, wanted, known)
    if not better and looked.found_any_shelf <= _ALMOST_NOTHING:
        better = correction(session, question.words, asked, known, few=_ALMOST_NOTHING)
    loosened = loosen(asked, known) if looked.found_any_shelf < _ENOUGH else None
    if loosened and not _is_kept_away(session, question, wanted, known):
        wider = look(session, question, loosened, known)
        if wider.found_any_shelf > looked.found_any_shelf:
            found = _found(wider, question, asked, loosened)
            is_alone = not looked.found_any_shelf
            return replace(
                found, correction=better, is_corrected=is_corrected, is_loosened=is_alone, is_widened=not is_alone
            )
    return replace(_found(looked, question, asked, wanted), correction=better, is_corrected=is_corrected)


def _is_kept_away(session: Session, question: Question, wanted: Wanted | None, known: Mapping[str, int]) -> bool:
    """Test whether it is only a filter that keeps answers away: then other words are no help."""
    plain = replace(
        question,
        marks=frozenset(),
        setting=None,
        dearest=None,
        rated_at_least=None,
        council=None,
        listed_since=None,
    )
    if wanted is None or plain == question:
        return False
    return look(session, plain, wanted, known).found_any_shelf >= _ENOUGH


def highlight(text: str, words: str) -> list[tuple[str, bool]]:
    """Return a text in pieces that join up to it again, and for each whether it is one of the words asked for."""
    return pieces(text, asked=READER.read(words), words=ENGLISH)


def _documents_holding(session: Session, asked: Asked) -> dict[str, int]:
    """Return how many documents hold each stem of a question, and under "" how many documents there are."""
    stems = {""} | {stem for _word, stem in asked.written}
    stems |= {leaf.stem for leaf in asked.leaves if isinstance(leaf, Word)}
    stems |= {sign.leaf.stem for sign in asked.signs if isinstance(sign.leaf, Word)}
    # As many as fit the next size, by naming the last again: a handful of statements then serves every question.
    named = sorted(stems)
    named += named[-1:] * (-len(named) % _STEMS_TOGETHER)
    known = {"": 0}
    counting = _stems_counted(session.get_bind().dialect, len(named))
    for stem, documents in counting.run(session, {f"stem_{n}": stem for n, stem in enumerate(named)}):
        known[stem] = max(documents, known.get(stem, 0))
    return known


def _is_hopeless(asked: Asked, known: Mapping[str, int]) -> bool:
    """Test whether a word that must be there is in no document."""
    return asked.needs_all and any(isinstance(leaf, Word) and leaf.stem not in known for leaf in asked.leaves)


def _found(looked: Looked, question: Question, asked: Asked | None = None, wanted: Wanted | None = None) -> Found:
    signs = [(sign, _as_asked(sign.of, asked)) for sign in wanted.signs] if asked and wanted else []
    is_near = question.near is not None
    # What is alike in everything but the shuffle, and next to each other on the page.
    alike = [(row.ahead, row.standing // LOTS) for row in looked.rows if row is not looked.new]
    shuffled = {one for one, next_to in pairwise(alike) if one == next_to}
    return Found(
        hits=tuple(
            _hit(row, signs, is_near=is_near, is_new=row is looked.new, shuffled=shuffled) for row in looked.rows
        ),
        total=looked.found,
        page=page_of(question),
        pages=pages_for(total=looked.found, page_size=question.page_size),
        counts=looked.counts or {"kind": {}, "category": {}, "cost": {}, "mark": {}},
        is_counted=looked.is_whole,
        at_least=looked.at_least,
    )


def _hit(
    row: Line, signs: Sequence[tuple[Sign, str]], *, is_near: bool, is_new: bool, shuffled: set[tuple[int, int]]
) -> Hit:
    distance = math.isqrt(row.far) if is_near and row.far < NOWHERE else None
    why = Why(
        words=tuple(_words_in(row, signs).items()) if signs else (),
        distance_metres=distance,
        freshness=freshness_at(row.standing, is_near=is_near),
        is_new=is_new,
        is_shuffled=not is_new and (row.ahead, row.standing // LOTS) in shuffled,
    )
    return Hit(DocumentId(row.id if isinstance(row.id, uuid.UUID) else uuid.UUID(row.id)), distance, why)


def _words_in(row: Line, signs: Sequence[tuple[Sign, str]]) -> dict[str, Part]:
    """Return the words asked for that a document has, or that it has another word for, and where best."""
    words: dict[str, Part] = {}
    below = iter(row.below)
    for sign, name in signs:
        is_there = sign.is_certain or next(below)
        part = _part_with(row, whole(sign.leaf), is_there=is_there)
        if part and (name not in words or _PARTS.index(part) < _PARTS.index(words[name])):
            words[name] = part
    return words


def _part_with(row: Line, word: str, *, is_there: bool) -> Part | None:
    if word in row.title_words:
        return Part.TITLE
    if word in row.label_words:
        return Part.LABEL
    return Part.BODY if is_there else None


def _as_asked(leaf: Leaf, asked: Asked) -> str:
    """Return a leaf as it was written in the question."""
    if isinstance(leaf, Start):
        return leaf.letters
    stems = {leaf.stem, *leaf.literal}
    return " ".join(word for word, stem in asked.written if stem in stems) or leaf.stem
