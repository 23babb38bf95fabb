"""Questions about the library: what everybody may read, and one's own stories. Nobody learns who wrote what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, PersonId, Viewer
from marketplace.brokerage.models import LibraryPiece
from marketplace.brokerage.rules.nouns import OutcomeId, PieceId, PieceKind, PieceStatus
from marketplace.catalogue.models import Category
from marketplace.catalogue.rules import CategorySlug
from marketplace.moderation.models import Report
from marketplace.moderation.rules import SubjectKind


@dataclass(frozen=True, slots=True)
class PiecePage:
    """A piece of the library, to whoever may read it."""

    id: PieceId
    kind: PieceKind
    title: str
    summary: str
    words: str
    plan: dict[str, Any] | None
    file_name: str
    pseudonym: str
    outcome_id: OutcomeId | None
    category: CategorySlug | None
    category_name: str
    status: PieceStatus
    sent_at: datetime
    decided_at: datetime | None
    # Why a moderator keeps it from view: only to its writer.
    reason: str
    is_mine: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class PieceFile:
    """A document to keep and fill in."""

    name: str
    media_type: str
    contents: bytes


@dataclass(frozen=True, slots=True)
class MyStory:
    """One of one's own stories."""

    id: PieceId
    title: str
    status: PieceStatus
    sent_at: datetime
    due_at: datetime | None
    reason: str


def piece_page(session: Session, *, piece_id: PieceId, viewer: Viewer) -> PiecePage | None:
    """Return a piece that is shown; to its writer and to moderators who must decide also one that is not."""
    row = session.execute(
        select(LibraryPiece, Category.name)
        .join(Category, Category.slug == LibraryPiece.category, isouter=True)
        .where(LibraryPiece.id == piece_id, _may_be_read(viewer))
    ).one_or_none()
    if row is None:
        return None
    it: LibraryPiece = row.LibraryPiece
    is_mine = it.author_id is not None and it.author_id == viewer.person_id
    return PiecePage(
        id=it.id,
        kind=it.kind,
        title=it.title,
        summary=it.summary,
        words=it.words,
        plan=it.plan,
        file_name=it.file_name,
        pseudonym=it.pseudonym,
        outcome_id=it.outcome_id,
        category=it.category,
        category_name=row.name or "",
        status=it.status,
        sent_at=it.sent_at,
        decided_at=it.decided_at,
        reason=it.reason if is_mine else "",
        is_mine=is_mine,
        may_decide=viewer.may(Permission.MODERATE) and not is_mine,
    )


def piece_file(session: Session, *, piece_id: PieceId, viewer: Viewer) -> PieceFile | None:
    """Return the document of a piece that the viewer may read."""
    row = session.execute(
        select(LibraryPiece.file_name, LibraryPiece.media_type, LibraryPiece.contents).where(
            LibraryPiece.id == piece_id, LibraryPiece.contents.is_not(None), _may_be_read(viewer)
        )
    ).one_or_none()
    return PieceFile(row.file_name, row.media_type, row.contents) if row else None


def my_stories(session: Session, *, viewer: Viewer) -> tuple[MyStory, ...]:
    """Return the viewer's own stories, the newest first. What was taken down is gone."""
    rows = session.scalars(
        select(LibraryPiece)
        .where(_is_mine(viewer), LibraryPiece.status != PieceStatus.TAKEN_DOWN)
        .order_by(LibraryPiece.sent_at.desc(), LibraryPiece.id)
    )
    return tuple(MyStory(it.id, it.title, it.status, it.sent_at, it.due_at, it.reason) for it in rows)


def my_story(session: Session, *, piece_id: PieceId, viewer: Viewer) -> PiecePage | None:
    """Return one of the viewer's own stories, to change it or take it down."""
    page = piece_page(session, piece_id=piece_id, viewer=viewer)
    return page if page is not None and page.is_mine else None


def example_of(session: Session, *, piece_id: PieceId, viewer: Viewer) -> dict[str, Any] | None:
    """Return the plan of an example that is shown, to begin one's own from."""
    return session.scalars(
        select(LibraryPiece.plan).where(
            LibraryPiece.id == piece_id, LibraryPiece.kind == PieceKind.EXAMPLE_PLAN, _may_be_read(viewer)
        )
    ).one_or_none()


def piece_titles(session: Session, *, piece_ids: Iterable[UUID], viewer: Viewer) -> dict[UUID, str]:
    """Return what pieces are called, in a moderator's list."""
    if not viewer.may(Permission.MODERATE):
        return {}
    rows = session.execute(
        select(LibraryPiece.id, LibraryPiece.title).where(
            LibraryPiece.id.in_([PieceId(one) for one in piece_ids]), LibraryPiece.status != PieceStatus.TAKEN_DOWN
        )
    )
    return {piece_id: title for piece_id, title in rows}


def _may_be_read(viewer: Viewer) -> ColumnElement[bool]:
    shown = LibraryPiece.status == PieceStatus.SHOWN
    theirs = _is_mine(viewer) & (LibraryPiece.status != PieceStatus.TAKEN_DOWN)
    return or_(shown, theirs, _is_to_decide(viewer))


def _is_mine(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.person_id is None:
        return false()
    return LibraryPiece.author_id == PersonId(viewer.person_id)


def _is_to_decide(viewer: Viewer) -> ColumnElement[bool]:
    """Moderators read what waits for them, what one of them keeps from view, and what was reported."""
    if not viewer.may(Permission.MODERATE):
        return false()
    reported = select(Report.subject_id).where(
        Report.subject_kind == SubjectKind.LIBRARY_PIECE, Report.closed_at.is_(None)
    )
    unshown = {PieceStatus.WAITING, PieceStatus.HELD, PieceStatus.REFUSED}
    return LibraryPiece.status.in_(unshown) | (
        LibraryPiece.id.in_(reported) & (LibraryPiece.status != PieceStatus.TAKEN_DOWN)
    )
