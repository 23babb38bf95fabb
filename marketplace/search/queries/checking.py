"""Whether the index is what it should be."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketplace.search.engines import engine_on, kept_of, row_of, shelf_of
from marketplace.search.language import ENGLISH
from marketplace.search.models import IndexedDocument, Mark, Rated, Shelf
from marketplace.search.rules import Difference, Document, DocumentId, fingerprint

_TOGETHER = 500
_DOCUMENT = IndexedDocument.__table__


def check(session: Session, documents: Iterable[Document], *, is_thorough: bool = True) -> Difference:
    """
    Return how the index differs from all the documents that should be in it.

    A document is outdated when it, or the language it is searched in, has changed since; or, to a thorough check, when
    anything that is stored of it is not as it should be: words, keys, marks, numbers, how people rate it. It is
    unsearchable when the engine does not have its words.
    """
    stored = {
        DocumentId(document): (mark, number)
        for document, mark, number in session.execute(
            select(IndexedDocument.id, IndexedDocument.fingerprint, IndexedDocument.number)
        )
    }
    expected: set[DocumentId] = set()
    outdated: set[DocumentId] = set()
    for batch in _batches(documents):
        expected.update(each.id for each in batch)
        prints = {each.id: fingerprint(each, language=ENGLISH.version) for each in batch}
        outdated |= {each for each, mark in prints.items() if each in stored and stored[each][0] != mark}
        if is_thorough:
            outdated |= _spoilt(session, [each for each in batch if each.id in stored and each.id not in outdated])
    lost = engine_on(session.get_bind().dialect.name).unsearchable(session)
    unsearchable = {each for each, (_mark, number) in stored.items() if number in lost}
    misrated = _misrated(session) if is_thorough else set()
    return Difference(
        missing=tuple(sorted(expected - stored.keys())),
        extra=tuple(sorted(stored.keys() - expected)),
        outdated=tuple(sorted((outdated | misrated) & expected - unsearchable)),
        unsearchable=tuple(sorted(unsearchable)),
    )


def _batches(documents: Iterable[Document]) -> Iterator[Sequence[Document]]:
    waiting = iter(documents)
    while batch := list(islice(waiting, _TOGETHER)):
        yield batch


def _spoilt(session: Session, documents: Sequence[Document]) -> set[DocumentId]:
    """Return which documents are not stored as they should be, though nothing about them has changed."""
    shelves = {
        (kind, category, is_free): shelf
        for shelf, kind, category, is_free in session.execute(select(Shelf.__table__)).all()
    }
    bits: Mapping[str, int] = dict(session.execute(select(Mark.name, Mark.bit)).all())
    rows = {
        row.id: row._asdict()
        for row in session.execute(select(_DOCUMENT).where(_DOCUMENT.c.id.in_([each.id for each in documents])))
    }
    kept = {each.id: kept_of(each) for each in documents}
    spoilt = {
        each.id
        for each in documents
        if shelf_of(each) not in shelves
        or not each.marks <= bits.keys()
        or not row_of(each, kept[each.id], shelf_id=shelves[shelf_of(each)], bits=bits).items() <= rows[each.id].items()
    }
    engine = engine_on(session.get_bind().dialect.name)
    differing = engine.differing(session, {rows[each]["number"]: it for each, it in kept.items()}) if kept else set()
    return spoilt | {each for each in kept if rows[each]["number"] in differing}


def _misrated(session: Session) -> set[DocumentId]:
    """Return documents that are not rated as people rate them."""
    is_other = or_(
        _DOCUMENT.c.ratings != func.coalesce(Rated.ratings, 0),
        _DOCUMENT.c.rating.is_distinct_from(Rated.score),
        _DOCUMENT.c.worth.is_distinct_from(Rated.worth),
    )
    rated = select(_DOCUMENT.c.id).outerjoin(Rated, Rated.id == _DOCUMENT.c.id).where(is_other)
    return set(session.scalars(rated))
