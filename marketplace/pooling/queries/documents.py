"""Which documents the members of a pool share, and one of them whole."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.kit.sentences import worded
from marketplace.pooling.models import PoolDocument, PoolMember
from marketplace.pooling.queries.membership import called_names, my_membership
from marketplace.pooling.rules.membership import NAMELESS
from marketplace.pooling.rules.nouns import DocumentId, PoolId


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document in the list."""

    id: DocumentId
    name: str
    size: int
    added_by: str
    added_at: datetime
    viewer_may_remove: bool

    @property
    def how_large(self) -> str:
        """How large it is, as people say it: `340 kB`, `1.2 MB`."""
        thousands = max(1, round(self.size / 1_000))
        return worded("{thousands} kB", thousands=thousands) if thousands < 1_000 else f"{self.size / 1_000_000:.1f} MB"  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Documents:
    """What the members of a pool share, the newest first."""

    pool_id: PoolId
    pool_title: str
    lines: tuple[DocumentLine, ...]


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """One document whole, to download."""

    name: str
    kind: str
    contents: bytes


def documents_of(session: Session, *, pool_id: PoolId, viewer: Viewer) -> Documents | None:
    """Return the documents of a pool, for its members alone. A pool keeps few enough for one page."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    names = called_names(session, pool_id=pool_id, viewer=viewer)
    rows = session.scalars(
        select(PoolDocument)
        .where(PoolDocument.pool_id == pool_id, PoolDocument.removed_at.is_(None))
        .order_by(PoolDocument.added_at.desc(), PoolDocument.id)
    )
    return Documents(
        pool_id=pool_id,
        pool_title=mine.pool_title,
        lines=tuple(
            DocumentLine(
                id=row.id,
                name=row.name,
                size=row.size,
                added_by=names.get(row.person_id, NAMELESS),
                added_at=row.added_at,
                viewer_may_remove=mine.is_champion or row.person_id == viewer.person_id,
            )
            for row in rows
        ),
    )


def document_file(session: Session, *, pool_id: PoolId, document_id: DocumentId, viewer: Viewer) -> KeptDocument | None:
    """Return one document whole, to a member of its pool."""
    row = session.execute(
        select(PoolDocument.name, PoolDocument.kind, PoolDocument.contents)
        .join(PoolMember, PoolMember.pool_id == PoolDocument.pool_id)
        .where(
            PoolDocument.id == document_id,
            PoolDocument.pool_id == pool_id,
            PoolDocument.removed_at.is_(None),
            PoolMember.person_id == viewer.person_id,
            PoolMember.left_at.is_(None),
        )
    ).one_or_none()
    return KeptDocument(name=row.name, kind=row.kind, contents=row.contents) if row else None
