"""Questions that moderators ask of the library: what waits to be read, and one piece to decide about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.brokerage.models import LibraryPiece
from marketplace.brokerage.rules.library import Suspicion
from marketplace.brokerage.rules.nouns import PieceId, PieceStatus
from marketplace.kit.pages import Slice

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class WaitingStory:
    """One story that a moderator has to read, without who wrote it."""

    id: PieceId
    title: str
    due_at: datetime
    is_late: bool
    suspected: tuple[Suspicion, ...]


@dataclass(frozen=True, slots=True)
class WaitingStories:
    """One page of what waits, what is due first first."""

    stories: tuple[WaitingStory, ...]
    slice: Slice


def stories_to_read(session: Session, *, viewer: Viewer, now: datetime, page: int = 1) -> WaitingStories:
    """Return the stories that wait to be read. For moderators, and never their own; anybody else gets none."""
    if not viewer.may(Permission.MODERATE):
        return WaitingStories((), Slice(1, PAGE_SIZE, 0))
    total = session.scalars(select(count_of_stories(viewer))).one()
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.scalars(
        select(LibraryPiece)
        .where(*_waits(viewer))
        .order_by(LibraryPiece.due_at, LibraryPiece.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return WaitingStories(tuple(_line(row, now) for row in rows), part)


def count_of_stories(viewer: Viewer) -> ScalarSelect[int]:
    """Return how to ask how many stories wait for a moderator, alone or within a larger question."""
    return select(func.count(LibraryPiece.id)).where(*_waits(viewer)).scalar_subquery()


def _waits(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    return (
        LibraryPiece.status == PieceStatus.WAITING,
        LibraryPiece.author_id.is_distinct_from(viewer.person_id),
    )


def suspected_of(session: Session, *, piece_id: PieceId, viewer: Viewer) -> tuple[Suspicion, ...]:
    """Return what a screen found in a piece, for moderators."""
    if not viewer.may(Permission.MODERATE):
        return ()
    found = session.scalars(select(LibraryPiece.suspected).where(LibraryPiece.id == piece_id)).one_or_none()
    return tuple(Suspicion(one) for one in found or ())


def _line(row: LibraryPiece, now: datetime) -> WaitingStory:
    due_at = row.due_at or row.sent_at
    return WaitingStory(
        id=row.id,
        title=row.title,
        due_at=due_at,
        is_late=due_at <= now,
        suspected=tuple(Suspicion(one) for one in row.suspected),
    )
