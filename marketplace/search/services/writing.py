"""Making documents findable as they are now, or no longer."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from typing import cast

from sqlalchemy import Insert, Table, Update, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from marketplace.search.engines import engine_on, kept_of, row_of, shelf_of
from marketplace.search.language import ENGLISH
from marketplace.search.models import IndexedDocument, Rated
from marketplace.search.rules import Document, DocumentId, fingerprint, is_time_to_count
from marketplace.search.services.counting import count_words
from marketplace.search.services.learning import bits_of, learn, shelves_of
from marketplace.search.services.rows import run

_DOCUMENT = cast("Table", IndexedDocument.__table__)
_RATED = cast("Table", Rated.__table__)

_TOGETHER = 100
"""How many documents are written at once. Their words fit in one statement: databases take some 32,000 values."""

# Made once: putting a statement together takes longer than running it.
_KNOWN_DOCUMENTS = select(_DOCUMENT.c.id, _DOCUMENT.c.number, _DOCUMENT.c.fingerprint).where(
    _DOCUMENT.c.id.in_(bindparam("ids", expanding=True))
)
_KNOWN_RATINGS = select(_RATED).where(_RATED.c.id.in_(bindparam("ids", expanding=True)))
_CHANGE_DOCUMENT = update(_DOCUMENT).where(_DOCUMENT.c.number == bindparam("known_number"))
_SPOIL_DOCUMENT = update(_DOCUMENT).where(_DOCUMENT.c.id == bindparam("known_id")).values(fingerprint="")
_score = select(_RATED.c.score).where(_RATED.c.id == _DOCUMENT.c.id).scalar_subquery()
_worth = select(_RATED.c.worth).where(_RATED.c.id == _DOCUMENT.c.id).scalar_subquery()
_people = func.coalesce(select(_RATED.c.ratings).where(_RATED.c.id == _DOCUMENT.c.id).scalar_subquery(), 0)
_RATE_AGAIN = (
    update(_DOCUMENT)
    .where(
        or_(
            _DOCUMENT.c.rating.is_distinct_from(_score),
            _DOCUMENT.c.worth.is_distinct_from(_worth),
            _DOCUMENT.c.ratings != _people,
        )
    )
    .values(rating=_score, ratings=_people, worth=_worth)
)
_FORGET_DOCUMENT = delete(_DOCUMENT).where(_DOCUMENT.c.number == bindparam("known_number"))


_PUT_OFF = "leaves the index for later"


@contextmanager
def put_off(session: Session) -> Iterator[None]:
    """
    Leave the index as it is meanwhile, for those who change very much at once and rebuild it before they commit.

    Ratings are remembered all the same.
    """
    session.info[_PUT_OFF] = True
    try:
        yield
    finally:
        session.info[_PUT_OFF] = False


def is_put_off(session: Session) -> bool:
    """Test whether the index is left for later, so that nobody need work out what to put into it."""
    return bool(session.info.get(_PUT_OFF))


def put_document(session: Session, document: Document) -> None:
    """
    Make a document findable as it is now, in place of how it was.

    Does nothing when neither the document nor the language has changed since.

    :raises TooManyMarksError: if the index would hold more than `MOST_MARKS` different marks.
    """
    put_documents(session, [document])


def put_documents(session: Session, documents: Iterable[Document]) -> int:
    """
    Make documents findable as they are now, and return how many had changed.

    :raises TooManyMarksError: if the index would hold more than `MOST_MARKS` different marks.
    """
    changed = 0
    is_time = False
    for batch in _batches(documents):
        new, written = _write(session, batch)
        changed += written
        is_time = is_time or any(map(is_time_to_count, new))
    if is_time:
        count_words(session)
    return changed


def remove_document(session: Session, document_id: DocumentId) -> None:
    """Make a document unfindable. Does nothing if it already is."""
    number = session.scalar(select(_DOCUMENT.c.number).where(_DOCUMENT.c.id == document_id))
    if number is not None:
        _erase(session, [number])


def rebuild(
    session: Session,
    documents: Iterable[Document],
    *,
    spoilt: Iterable[DocumentId] = (),
    progress: Callable[[int], None] | None = None,
) -> int:
    """
    Make the index hold these documents and no others, and return how many there are.

    Whoever searches meanwhile finds what there was before, until the transaction ends: then all of it is new at once.
    What has not changed is not written again, so the second of two rebuilds is short. How people rate things stays.

    :param spoilt: documents to write in any case: somebody found that they are not stored as they should be.
    :param progress: is told how many documents are done, now and then.
    :raises TooManyMarksError: if there are more than `MOST_MARKS` different marks.
    """
    _mend(session)
    run(session, _SPOIL_DOCUMENT, [{"known_id": each} for each in spoilt])
    seen: set[DocumentId] = set()
    for batch in _batches(documents):
        _write(session, batch)
        seen.update(document.id for document in batch)
        if progress:
            progress(len(seen))
    stored = session.execute(select(_DOCUMENT.c.id, _DOCUMENT.c.number)).all()
    _erase(session, [number for document_id, number in stored if document_id not in seen])
    session.execute(_RATE_AGAIN)
    count_words(session)
    engine_on(session.get_bind().dialect.name).settle(session)
    return len(seen)


def _batches(documents: Iterable[Document]) -> Iterator[Sequence[Document]]:
    waiting = iter(documents)
    while batch := list(islice(waiting, _TOGETHER)):
        yield batch


def _write(session: Session, documents: Sequence[Document]) -> tuple[list[int], int]:
    """Write those documents that are not as written. Return the numbers of the new ones, and how many were written."""
    known = _numbers_and_prints(session, [each.id for each in documents])
    prints = {each.id: fingerprint(each, language=ENGLISH.version) for each in documents}
    changed = {each.id: each for each in documents if each.id not in known or known[each.id][1] != prints[each.id]}
    if not changed:
        return [], 0
    dialect = session.get_bind().dialect.name
    engine = engine_on(dialect)
    kept = {each.id: kept_of(each) for each in changed.values()}
    shelves = shelves_of(session, {shelf_of(each) for each in changed.values()})
    bits = bits_of(session, {mark for each in changed.values() for mark in each.marks})
    rows = {
        each.id: row_of(each, kept[each.id], shelf_id=shelves[shelf_of(each)], bits=bits)
        | {"fingerprint": prints[each.id], **engine.in_its_row(kept[each.id])}
        for each in changed.values()
    }
    new = [each for each in changed if each not in known]
    add, change = _statements(dialect)
    if new:
        ratings = _ratings(session, new)
        run(session, add, [{"id": each, **rows[each], **ratings[each]} for each in new])
    run(
        session,
        change,
        [{"known_number": known[each][0], **row} for each, row in rows.items() if each in known],
    )
    known |= _numbers_and_prints(session, new) if new else {}
    engine.write(session, {known[each][0]: it for each, it in kept.items()})
    learn(session, kept.values())
    return [known[each][0] for each in new], len(changed)


@cache
def _statements(dialect: str) -> tuple[Insert, Update]:
    """Return what adds a document and what changes one, with whatever the engine keeps in its row."""
    documents = engine_on(dialect).documents()
    return insert(documents), update(documents).where(documents.c.number == bindparam("known_number"))


def _numbers_and_prints(session: Session, ids: Sequence[DocumentId]) -> dict[DocumentId, tuple[int, str]]:
    rows = session.execute(_KNOWN_DOCUMENTS, {"ids": ids})
    return {document_id: (number, mark) for document_id, number, mark in rows}


def _ratings(session: Session, ids: Sequence[DocumentId]) -> Mapping[DocumentId, Mapping[str, int | None]]:
    """Return what people said of documents before they came, or came back."""
    known = {row.id: row for row in session.execute(_KNOWN_RATINGS, {"ids": ids})}
    return {
        each: {"rating": known[each].score, "ratings": known[each].ratings, "worth": known[each].worth}
        if each in known
        else {"rating": None, "ratings": 0, "worth": None}
        for each in ids
    }


def _erase(session: Session, numbers: Sequence[int]) -> None:
    engine_on(session.get_bind().dialect.name).erase(session, numbers)
    run(session, _FORGET_DOCUMENT, [{"known_number": number} for number in numbers])


def _mend(session: Session) -> None:
    """Make documents whose words were lost be written again, and drop words that belong to no document."""
    engine = engine_on(session.get_bind().dialect.name)
    lost = sorted(engine.unsearchable(session))
    engine.erase(session, lost)
    run(session, _CHANGE_DOCUMENT, [{"known_number": number, "fingerprint": ""} for number in lost])
