"""Whether the index is what it should be, and what people did not find."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kit.places import CouncilCode
from marketplace.search.engines import engine_on
from marketplace.search.language import ENGLISH
from marketplace.search.models import IndexedDocument, Miss
from marketplace.search.rules import Difference, Document, DocumentId, fingerprint


def check(session: Session, documents: Iterable[Document]) -> Difference:
    """
    Return how the index differs from all the documents that should be in it.

    A document is outdated when it, or the language it is searched in, has changed since. It is unsearchable when the
    engine does not have its words.
    """
    stored = {
        DocumentId(document): (mark, number)
        for document, mark, number in session.execute(
            select(IndexedDocument.id, IndexedDocument.fingerprint, IndexedDocument.number)
        )
    }
    expected = {document.id: fingerprint(document, language=ENGLISH.version) for document in documents}
    lost = engine_on(session.get_bind().dialect.name).unsearchable(session)
    return Difference(
        missing=tuple(sorted(expected.keys() - stored.keys())),
        extra=tuple(sorted(stored.keys() - expected.keys())),
        outdated=tuple(sorted(each for each in expected.keys() & stored.keys() if expected[each] != stored[each][0])),
        unsearchable=tuple(sorted(each for each, (_mark, number) in stored.items() if number in lost)),
    )


def misses(session: Session, *, council: CouncilCode, since: date, until: date) -> Mapping[str | None, int]:
    """
    Return how many searches in a council's area found nothing, by category. None is for those of no one category.

    :param since: the first day.
    :param until: the day after the last.
    """
    rows = session.execute(
        select(Miss.category, func.count())
        .where(Miss.council == council, Miss.on >= since, Miss.on < until)
        .group_by(Miss.category)
    )
    return dict(rows.all())
