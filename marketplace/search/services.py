"""What can happen to the index. Call these in the transaction that changes what a document describes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketplace.kit.places import CouncilCode
from marketplace.search.engines import Engine, engine_on
from marketplace.search.language import ENGLISH, Entry
from marketplace.search.models import IndexedDocument, Miss, Shelf, Word
from marketplace.search.rules import Document, DocumentId, fingerprint, is_time_to_count

_DOCUMENT = cast("Table", IndexedDocument.__table__)
_SHELF = cast("Table", Shelf.__table__)
_WORD = cast("Table", Word.__table__)

_TOGETHER = 100
"""How many documents are written at once. Their words fit in one statement: databases take some 32,000 values."""

# Made once: putting a statement together takes longer than running it.
_KNOWN_DOCUMENTS = select(_DOCUMENT.c.id, _DOCUMENT.c.number, _DOCUMENT.c.fingerprint).where(
    _DOCUMENT.c.id.in_(bindparam("ids", expanding=True))
)
_KNOWN_SHELVES = select(_SHELF).where(_SHELF.c.category.in_(bindparam("categories", expanding=True)))
_KNOWN_WORDS = select(_WORD.c.word).where(_WORD.c.word.in_(bindparam("words", expanding=True)))
_ADD_DOCUMENT = insert(_DOCUMENT)
_CHANGE_DOCUMENT = update(_DOCUMENT).where(_DOCUMENT.c.number == bindparam("known_number"))
_FORGET_DOCUMENT = delete(_DOCUMENT).where(_DOCUMENT.c.number == bindparam("known_number"))
_CHANGE_WORD = (
    update(_WORD).where(_WORD.c.word == bindparam("known_word")).values(documents=bindparam("counted_documents"))
)
_FORGET_WORD = delete(_WORD).where(_WORD.c.word == bindparam("known_word"))


def put_document(session: Session, document: Document) -> None:
    """
    Make a document findable as it is now, in place of how it was.

    Does nothing when neither the document nor the language has changed since.
    """
    if any(is_time_to_count(number) for number in _write(session, [document])):
        count_words(session)


def remove_document(session: Session, document_id: DocumentId) -> None:
    """Make a document unfindable. Does nothing if it already is."""
    number = session.scalar(select(_DOCUMENT.c.number).where(_DOCUMENT.c.id == document_id))
    if number is not None:
        _erase(session, [number])


def rebuild(session: Session, documents: Iterable[Document], *, progress: Callable[[int], None] | None = None) -> int:
    """
    Make the index hold these documents and no others, and return how many there are.

    Whoever searches meanwhile finds what there was before, until the transaction ends. What has not changed is not
    written again, so the second of two rebuilds is short.

    :param progress: is told how many documents are done, now and then.
    """
    _mend(session)
    seen: set[DocumentId] = set()
    for batch in _batches(documents):
        _write(session, batch)
        seen.update(document.id for document in batch)
        if progress:
            progress(len(seen))
    stored = session.execute(select(_DOCUMENT.c.id, _DOCUMENT.c.number)).all()
    _erase(session, [number for document_id, number in stored if document_id not in seen])
    count_words(session)
    _engine(session).settle(session)
    return len(seen)


def rate_document(session: Session, document_id: DocumentId, *, score: int, ratings: int) -> None:
    """
    Remember how people rate a document, whether it can be found now or not. A rebuild leaves it as it is.

    :param score: in hundredths of a star, by which documents are put in order.
    :param ratings: from how many people. With none there is no score either.
    """


def count_words(session: Session) -> None:
    """
    Count in how many documents each word is, and forget those in none.

    How telling a word is depends on it. It happens by itself as the index grows; once a day is enough besides.
    """
    counted = {
        **_engine(session).counted(session),
        "": session.scalars(select(func.count()).select_from(_DOCUMENT)).one(),
    }
    known = session.execute(select(_WORD.c.word, _WORD.c.stem, _WORD.c.documents).order_by(_WORD.c.word)).all()
    # In the order of the words, so that two who count at the same time wait for each other, but never for ever.
    _run(
        session,
        _CHANGE_WORD,
        [
            {"known_word": word, "counted_documents": counted[stem]}
            for word, stem, documents in known
            if stem in counted and counted[stem] != documents
        ],
    )
    _run(session, _FORGET_WORD, [{"known_word": word} for word, stem, _documents in known if stem not in counted])
    if not known or known[0].word != "":
        _add_words(session, {"": ""}, documents=counted[""])


def record_miss(session: Session, *, council: CouncilCode | None, category: str | None, on: date) -> None:
    """Remember that a search found nothing: where, and for what kind of thing. Never the words, never the person."""
    session.add(Miss(council=council, category=category, on=on))
    session.flush()


def _engine(session: Session) -> Engine:
    return engine_on(session.get_bind().dialect.name)


def _batches(documents: Iterable[Document]) -> Iterator[Sequence[Document]]:
    waiting = iter(documents)
    while batch := list(islice(waiting, _TOGETHER)):
        yield batch


def _write(session: Session, documents: Sequence[Document]) -> list[int]:
    """Write those documents that are not as written, and return the numbers of the new ones."""
    known = _numbers_and_marks(session, [each.id for each in documents])
    marks = {each.id: fingerprint(each, language=ENGLISH.version) for each in documents}
    changed = {each.id: each for each in documents if each.id not in known or known[each.id][1] != marks[each.id]}
    if not changed:
        return []
    entries = {each.id: _entry(each) for each in changed.values()}
    shelves = _shelves(session, changed.values())
    rows = {
        each.id: _row(each, entries[each.id], shelf_id=shelves[_shelf_of(each)]) | {"fingerprint": marks[each.id]}
        for each in changed.values()
    }
    new = [each for each in changed if each not in known]
    _run(session, _ADD_DOCUMENT, [{"id": each, **rows[each]} for each in new])
    _run(
        session,
        _CHANGE_DOCUMENT,
        [{"known_number": known[each][0], **row} for each, row in rows.items() if each in known],
    )
    known |= _numbers_and_marks(session, new) if new else {}
    _engine(session).write(session, {known[each][0]: entry for each, entry in entries.items()})
    _learn(session, entries.values())
    return [known[each][0] for each in new]


def _numbers_and_marks(session: Session, ids: Sequence[DocumentId]) -> dict[DocumentId, tuple[int, str]]:
    rows = session.execute(_KNOWN_DOCUMENTS, {"ids": ids})
    return {document_id: (number, mark) for document_id, number, mark in rows}


def _entry(document: Document) -> Entry:
    return ENGLISH.entry(
        title=document.title,
        label=f"{document.category_name}\n{document.provider_name}",
        body=f"{document.description}\n{document.place}",
    )


def _row(document: Document, entry: Entry, *, shelf_id: int) -> dict[str, Any]:
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
        "title_words": f" {' '.join(entry.title)} ",
        "label_words": f" {' '.join(entry.label)} ",
    }


def _shelf_of(document: Document) -> tuple[str, str, bool]:
    return str(document.kind), str(document.category), document.is_free


def _shelves(session: Session, documents: Iterable[Document]) -> dict[tuple[str, str, bool], int]:
    """Return the shelves that documents stand on, made if there are none yet."""
    wanted = {_shelf_of(document) for document in documents}
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
        _insert_missing(session, _SHELF, missing)
        shelves = known()
    return shelves


def _learn(session: Session, entries: Iterable[Entry]) -> None:
    """Remember words that nobody wrote before, so that they are not taken for slips."""
    spellings = {word: stem for entry in entries for word, stem in entry.spellings.items()}
    known = set(session.scalars(_KNOWN_WORDS, {"words": list(spellings)}))
    _add_words(session, {word: stem for word, stem in spellings.items() if word not in known}, documents=1)


def _add_words(session: Session, spellings: Mapping[str, str], *, documents: int) -> None:
    _insert_missing(
        session,
        _WORD,
        [
            {"word": word, "stem": stem, "initial": word[:1], "documents": documents}
            for word, stem in sorted(spellings.items())
        ],
    )


def _insert_missing(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, leaving alone those that are there: somebody else may be adding the same ones just now."""
    if session.get_bind().dialect.name == "sqlite":
        _run(session, sqlite.insert(table).on_conflict_do_nothing(), rows)
    else:
        _run(session, postgresql.insert(table).on_conflict_do_nothing(), rows)


def _erase(session: Session, numbers: Sequence[int]) -> None:
    _engine(session).erase(session, numbers)
    _run(session, _FORGET_DOCUMENT, [{"known_number": number} for number in numbers])


def _mend(session: Session) -> None:
    """Make documents whose words were lost be written again, and drop words that belong to no document."""
    lost = sorted(_engine(session).unsearchable(session))
    _engine(session).erase(session, lost)
    _run(session, _CHANGE_DOCUMENT, [{"known_number": number, "fingerprint": ""} for number in lost])


def _run(session: Session, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.execute(statement, [dict(row) for row in rows])
