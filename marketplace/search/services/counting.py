"""Counting in how many documents words and keys are."""

from typing import cast

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from marketplace.search.engines import engine_on
from marketplace.search.models import IndexedDocument, Key, Word
from marketplace.search.services.learning import add_keys, add_words
from marketplace.search.services.rows import run

_DOCUMENT = cast("Table", IndexedDocument.__table__)
_WORD = cast("Table", Word.__table__)
_KEY = cast("Table", Key.__table__)

_CHANGE_WORD = (
    update(_WORD).where(_WORD.c.word == bindparam("known_word")).values(documents=bindparam("counted_documents"))
)
_FORGET_WORD = delete(_WORD).where(_WORD.c.word == bindparam("known_word"))
_CHANGE_KEY = update(_KEY).where(_KEY.c.key == bindparam("known_key")).values(documents=bindparam("counted_documents"))


def count_words(session: Session) -> None:
    """
    Count in how many documents each word and each key is, and forget words in none.

    How telling a word is depends on it, and how much of what matches is looked at. It happens by itself as the index
    grows; once a day is enough besides.
    """
    counted = {
        **engine_on(session.get_bind().dialect.name).counted(session),
        "": session.scalars(select(func.count()).select_from(_DOCUMENT)).one(),
    }
    _count_keys(session, {key: documents for key, documents in counted.items() if key.startswith("=")})
    known = session.execute(select(_WORD.c.word, _WORD.c.stem, _WORD.c.documents).order_by(_WORD.c.word)).all()
    # In the order of the words, so that two who count at the same time wait for each other, but never for ever.
    run(
        session,
        _CHANGE_WORD,
        [
            {"known_word": word, "counted_documents": counted[stem]}
            for word, stem, documents in known
            if stem in counted and counted[stem] != documents
        ],
    )
    run(session, _FORGET_WORD, [{"known_word": word} for word, stem, _documents in known if stem not in counted])
    if not known or known[0].word != "":
        add_words(session, {"": ""}, documents=counted[""])


def _count_keys(session: Session, counted: dict[str, int]) -> None:
    known = dict(session.execute(select(_KEY.c.key, _KEY.c.documents).order_by(_KEY.c.key)).all())
    # None is forgotten: somebody may be putting a document under it just now, and what is not known is not looked up.
    run(
        session,
        _CHANGE_KEY,
        [
            {"known_key": key, "counted_documents": counted.get(key, 0)}
            for key, documents in known.items()
            if documents != counted.get(key, 0)
        ],
    )
    add_keys(session, {key: documents for key, documents in counted.items() if key not in known})
