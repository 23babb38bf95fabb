"""What the index knows of how people rate what can be found."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.search.models import Rated
from marketplace.search.rules import DocumentId


def ratings_known(session: Session, ids: Sequence[DocumentId]) -> dict[DocumentId, tuple[int, int, int]]:
    """Return score, how many people, and worth, of those of some documents that are rated at all."""
    rows = session.scalars(select(Rated).where(Rated.id.in_(ids)))
    return {row.id: (row.score, row.ratings, row.worth) for row in rows}
