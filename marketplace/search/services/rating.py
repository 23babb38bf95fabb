"""Remembering how people rate what can be found."""

from typing import cast

from sqlalchemy import Table, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketplace.search.models import IndexedDocument, Rated
from marketplace.search.rules import DocumentId

_DOCUMENT = cast("Table", IndexedDocument.__table__)
_RATED = cast("Table", Rated.__table__)


def rate_document(session: Session, document_id: DocumentId, *, score: int, ratings: int, worth: int) -> None:
    """
    Remember how people rate a document, whether it can be found now or not. A rebuild leaves it as it is.

    :param score: in hundredths of a star, by which documents are kept or left out.
    :param ratings: from how many people. With none there is no score either.
    :param worth: by which documents are put in order, in whatever unit: more is better.
    """
    if ratings:
        # Two people may be the first to rate it at once: whoever comes second changes what the first one wrote.
        upsert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(_RATED)
        session.execute(
            upsert.on_conflict_do_update(
                index_elements=["id"], set_={"score": score, "ratings": ratings, "worth": worth}
            ),
            {"id": document_id, "score": score, "ratings": ratings, "worth": worth},
        )
    else:
        session.execute(delete(_RATED).where(_RATED.c.id == document_id))
    session.execute(
        update(_DOCUMENT)
        .where(_DOCUMENT.c.id == document_id)
        .values(rating=score if ratings else None, ratings=ratings, worth=worth if ratings else None)
    )
