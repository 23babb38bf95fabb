"""Which documents have these words? For lists that are put in an order of their own."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.search.engines import engine_on
from marketplace.search.language import READER
from marketplace.search.models import IndexedDocument
from marketplace.search.rules import DocumentId


def matching(session: Session, words: str) -> Select[DocumentId] | None:
    """Return what selects the documents that have all of the words, or None when there is nothing to look for."""
    asked = READER.read(words)
    if asked.match is None:
        return None
    engine = engine_on(session.get_bind().dialect.name)
    return (
        select(IndexedDocument.id)
        .select_from(engine.source())
        .where(engine.matches())
        .params(match=engine.ask(asked.match))
    )
