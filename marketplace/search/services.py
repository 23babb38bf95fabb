"""What can happen to the index. Only what a document describes decides when: call these in its transaction."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import cast

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketplace.kit.places import CouncilCode
from marketplace.search.engines import Engine, engine_on
from marketplace.search.language import ENGLISH, Entry
from marketplace.search.models import IndexedDocument, Miss, Shelf, Word
from marketplace.search.rules import Document, DocumentId, fingerprint, is_time_to_count

_DOCUMENT = cast("Table", IndexedDocument.__table__)
_TOGETHER = 500
"""How many words are named in one statement. Databases take some thousands."""


def put_document(session: Session, document: Document) -> None:
    """
    Make a document findable as it is now, in place of how it was.

    Does nothing when neither the document nor the language has changed since.
    """
    number = _write(session, document)
    if number is not None and is_time_to_count(number):
        count_words(session)


def remove_document(session: Session, document_id: DocumentId) -> None:
    """Make a document unfindable. Does nothing if it already is."""
    number = session.scalar(select(_DOCUMENT.c.number).where(_DOCUMENT.c.id == document_id))
    if number is not None:
        _erase(session, number)


def rebuild(session: Session, documents: Iterable[Document], *, progress: Callable[[int], None] | None = None) -> int:
    """
    Make the index hold these documents and no others, and return how many there are.

    Whoever searches meanwhile finds what there was before, until the transaction ends. What has not changed is not
    written again, so that the second of two rebuilds is short.

    :param progress: is told how many documents are done, after each.
    """
    _mend(session)
    seen: set[DocumentId] = set()
    for document in documents:
        _write(session, document)
        seen.add(document.id)
        if progress:
            progress(len(seen))
    for row in session.execute(select(_DOCUMENT.c.id, _DOCUMENT.c.number)).all():
        if row.id not in seen:
            _erase(session, row.number)
    count_words(session)
    return len(seen)


def count_words(session: Session) -> None:
    """
    Count in how many documents each word is, and forget those in none.

    How telling a word is depends on it. It happens by itself as the index grows; once a day is enough besides.
    """
    counted = {
        **_engine(session).counted(session),
        "": session.scalars(select(func.count()).select_from(_DOCUMENT)).one(),
    }
    known = session.execute(select(Word.word, Word.stem, Word.documents)).all()
    changed = [
        {"word": word, "documents": counted[stem]}
        for word, stem, documents in known
        if stem in counted and counted[stem] != documents
    ]
    # In one order, so that two who count at the same time wait for each other instead of for ever.
    if changed:
        session.execute(update(Word), sorted(changed, key=lambda row: str(row["word"])))
    unused = sorted(word for word, stem, _documents in known if stem not in counted)
    for start in range(0, len(unused), _TOGETHER):
        session.execute(delete(Word).where(Word.word.in_(unused[start : start + _TOGETHER])))
    if "" not in {word for word, _stem, _documents in known}:
        _add_words(session, {"": ""}, documents=counted[""])


def record_miss(session: Session, *, council: CouncilCode | None, category: str | None, on: date) -> None:
    """Remember that a search found nothing: where, and for what kind of thing. Never the words, never the person."""
    session.add(Miss(council=council, category=category, on=on))
    session.flush()


def _engine(session: Session) -> Engine:
    return engine_on(session.get_bind().dialect.name)


def _write(session: Session, document: Document) -> int | None:
    """Write a document unless it is as written, and return its number if it is new."""
    mark = fingerprint(document, language=ENGLISH.version)
    row = session.execute(
        select(_DOCUMENT.c.number, _DOCUMENT.c.fingerprint).where(_DOCUMENT.c.id == document.id)
    ).first()
    if row and row.fingerprint == mark:
        return None
    entry = ENGLISH.entry(
        title=document.title,
        label=f"{document.category_name}\n{document.provider_name}",
        body=f"{document.description}\n{document.place}",
    )
    columns = {
        "shelf_id": _shelf(session, document),
        "updated_at": document.updated_at,
        "easting": document.point.easting if document.point else None,
        "northing": document.point.northing if document.point else None,
        "travels_metres": document.travels_metres,
        "is_everywhere": document.is_everywhere,
        "council": document.council,
        "provider": document.provider,
        "fingerprint": mark,
        "title_words": _spaced(entry.title),
        "label_words": _spaced(entry.label),
    }
    if row:
        number: int = row.number
        session.execute(update(_DOCUMENT).where(_DOCUMENT.c.number == number).values(columns))
    else:
        added = insert(_DOCUMENT).values(id=document.id, **columns).returning(_DOCUMENT.c.number)
        number = session.scalars(added).one()
    _engine(session).write(session, number=number, entry=entry)
    _learn(session, entry)
    return None if row else number


def _erase(session: Session, number: int) -> None:
    _engine(session).erase(session, number=number)
    session.execute(delete(_DOCUMENT).where(_DOCUMENT.c.number == number))


def _mend(session: Session) -> None:
    """Make documents whose words were lost be written again, and drop words that belong to no document."""
    engine = _engine(session)
    for number in engine.unsearchable(session):
        engine.erase(session, number=number)
        session.execute(update(_DOCUMENT).where(_DOCUMENT.c.number == number).values(fingerprint=""))


def _spaced(stems: Iterable[str]) -> str:
    """Return stems with a space on either side of each, so that one can be looked for whole."""
    return f" {' '.join(stems)} "


def _shelf(session: Session, document: Document) -> int:
    """Return the shelf a document stands on, made if there is none yet."""
    place = {"kind": document.kind, "category": document.category, "is_free": document.is_free}
    found = session.scalar(select(Shelf.id).filter_by(**place))
    if found is None:
        _insert_missing(session, Shelf, [place])
        found = session.scalars(select(Shelf.id).filter_by(**place)).one()
    return found


def _learn(session: Session, entry: Entry) -> None:
    """Remember words that nobody wrote before, so that they are not taken for slips."""
    known = set(session.scalars(select(Word.word).where(Word.word.in_(list(entry.spellings)))))
    _add_words(session, {word: stem for word, stem in entry.spellings.items() if word not in known}, documents=1)


def _add_words(session: Session, spellings: dict[str, str], *, documents: int) -> None:
    _insert_missing(
        session,
        Word,
        [
            {"word": word, "stem": stem, "initial": word[:1], "documents": documents}
            for word, stem in sorted(spellings.items())
        ],
    )


def _insert_missing(session: Session, model: type[Shelf] | type[Word], rows: list[dict[str, object]]) -> None:
    """Insert rows, leaving alone those that are there: somebody else may be adding the same ones just now."""
    if not rows:
        return
    table = cast("Table", model.__table__)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sqlite.insert(table).on_conflict_do_nothing(), rows)
    else:
        session.execute(postgresql.insert(table).on_conflict_do_nothing(), rows)
