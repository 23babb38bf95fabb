"""What there is for somebody who asks for this, here."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, select
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
from marketplace.search.queries.columns import NOWHERE
from marketplace.search.queries.correcting import correction
from marketplace.search.queries.looking import Looked, look, page_of, whole
from marketplace.search.queries.loosening import loosen
from marketplace.search.queries.planning import Wanted
from marketplace.search.rules import Found, Hit, Part, Question, Why, freshness_of, pages_for
from marketplace.search.rules.ordering import LOTS

_ALMOST_NOTHING = 1
"""Answers up to which we ask whether another word was meant, even if somebody has written this one before."""
_ENOUGH = 10
"""Answers with all of the words from which on nobody needs any with only some of them."""
_STEMS_TOGETHER = 6
_PARTS = (Part.TITLE, Part.LABEL, Part.BODY)

# Made once: putting a statement together takes longer than running it.
_WORD = KnownWord.__table__.c
_STEMS_COUNTED = select(_WORD.stem, _WORD.documents).where(_WORD.stem.in_(bindparam("stems", expanding=True)))


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
    looked, wanted = Looked(), None
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
    plain = replace(question, marks=frozenset(), dearest=None, rated_at_least=None, council=None, listed_since=None)
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
    for stem, documents in session.execute(_STEMS_COUNTED, {"stems": named}).all():
        known[stem] = max(documents, known.get(stem, 0))
    return known


def _is_hopeless(asked: Asked, known: Mapping[str, int]) -> bool:
    """Test whether a word that must be there is in no document."""
    return asked.needs_all and any(isinstance(leaf, Word) and leaf.stem not in known for leaf in asked.leaves)


def _found(looked: Looked, question: Question, asked: Asked | None = None, wanted: Wanted | None = None) -> Found:
    signs = [(sign, _as_asked(sign.of, asked)) for sign in wanted.signs] if asked and wanted else []
    return Found(
        hits=tuple(_hit(looked, at, question, signs) for at in range(len(looked.rows))),
        total=looked.found,
        page=page_of(question),
        pages=pages_for(total=looked.found, page_size=question.page_size),
        counts=looked.counts or {"kind": {}, "category": {}, "cost": {}, "mark": {}},
        is_counted=looked.is_whole,
        at_least=looked.at_least,
    )


def _hit(looked: Looked, at: int, question: Question, signs: Sequence[tuple[Sign, str]]) -> Hit:
    row = looked.rows[at]
    distance = math.isqrt(row.far) if question.near and row.far < NOWHERE else None
    neighbours = [looked.rows[next_to] for next_to in (at - 1, at + 1) if 0 <= next_to < len(looked.rows)]
    is_new = looked.new is not None and row.number == looked.new.number
    why = Why(
        words=tuple(_words_in(row, signs).items()),
        distance_metres=distance,
        freshness=freshness_of(row.confirmed_on, today=question.today),
        is_new=is_new,
        is_shuffled=not is_new and any(_is_alike(row, each) for each in neighbours if each != looked.new),
    )
    return Hit(row.id, distance, why)


def _is_alike(row: Row[Any], other: Row[Any]) -> bool:
    """Test whether nothing but the shuffle says which of two comes first."""
    return bool((row.ahead, row.standing // LOTS) == (other.ahead, other.standing // LOTS))


def _words_in(row: Row[Any], signs: Sequence[tuple[Sign, str]]) -> dict[str, Part]:
    """Return the words asked for that a document has, or that it has another word for, and where best."""
    words: dict[str, Part] = {}
    for n, (sign, name) in enumerate(signs):
        part = _part_with(row, n, sign.leaf)
        if part and (name not in words or _PARTS.index(part) < _PARTS.index(words[name])):
            words[name] = part
    return words


def _part_with(row: Row[Any], n: int, leaf: Leaf) -> Part | None:
    if whole(leaf) in row.title_words:
        return Part.TITLE
    if whole(leaf) in row.label_words:
        return Part.LABEL
    return Part.BODY if getattr(row, f"below_{n}", True) else None


def _as_asked(leaf: Leaf, asked: Asked) -> str:
    """Return a leaf as it was written in the question."""
    if isinstance(leaf, Start):
        return leaf.letters
    stems = {leaf.stem, *leaf.literal}
    return " ".join(word for word, stem in asked.written if stem in stems) or leaf.stem
