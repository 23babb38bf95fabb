"""What members of a pool write to each other, and what of it a moderator is given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.kit.pages import Slice
from marketplace.moderation.queries import DecisionLine, has_open_reports, latest_decisions
from marketplace.moderation.rules import SubjectKind
from marketplace.pooling.models import Pool, PoolMember, PoolMessage
from marketplace.pooling.queries.membership import Membership, called_names, my_membership
from marketplace.pooling.rules.membership import NAMELESS
from marketplace.pooling.rules.nouns import MessageId, PoolId

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message, as one member may read it. What was taken back or is held has no words, but for its writer."""

    id: MessageId
    called: str
    words: str
    said_at: datetime
    is_mine: bool
    is_taken_back: bool
    is_held: bool
    # For its writer alone.
    hold_reason: str


@dataclass(frozen=True, slots=True)
class Room:
    """One page of what the members of a pool have written, the newest first."""

    mine: Membership
    messages: tuple[MessageLine, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class ReportedMessage:
    """A message as a moderator reads it: its words, when it was written, and nobody's name."""

    id: MessageId
    pool_id: PoolId
    words: str
    said_at: datetime
    is_held: bool
    is_taken_back: bool
    last_decision: DecisionLine | None


def room(session: Session, *, pool_id: PoolId, viewer: Viewer, page: int = 1) -> Room | None:
    """Return what the members of a pool have written, for one of them. To anybody else there is no such room."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    counted = select(func.count()).select_from(PoolMessage).where(PoolMessage.pool_id == pool_id)
    part = Slice.within(total=session.scalar(counted) or 0, size=PAGE_SIZE, page=page)
    rows = session.scalars(
        select(PoolMessage)
        .where(PoolMessage.pool_id == pool_id)
        .order_by(PoolMessage.said_at.desc(), PoolMessage.id)
        .offset(part.offset)
        .limit(part.size)
    ).all()
    names = called_names(session, pool_id=pool_id, viewer=viewer)
    reasons = latest_decisions(
        session,
        subject_kind=SubjectKind.POOL_MESSAGE,
        subject_ids=[row.id for row in rows if row.held_at is not None and row.person_id == viewer.person_id],
    )
    return Room(
        mine=mine,
        messages=tuple(
            _line(row, viewer=viewer, called=names.get(row.person_id, NAMELESS), decision=reasons.get(row.id))
            for row in rows
        ),
        slice=part,
    )


def message_subject(session: Session, *, message_id: MessageId, viewer: Viewer) -> tuple[PoolId, str] | None:
    """Return the pool of a message and that pool's name, if the viewer belongs to it and can read the message."""
    row = session.execute(
        select(Pool.id, Pool.title)
        .join(PoolMessage, PoolMessage.pool_id == Pool.id)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(
            PoolMessage.id == message_id,
            PoolMessage.removed_at.is_(None),
            PoolMessage.held_at.is_(None),
            PoolMember.person_id == viewer.person_id,
            PoolMember.left_at.is_(None),
        )
    ).one_or_none()
    return (row.id, row.title) if row else None


def reported_message(session: Session, *, message_id: MessageId, viewer: Viewer) -> ReportedMessage | None:
    """Return a message that somebody has reported, or that is held, for moderators. Nothing else is theirs to read."""
    if not viewer.may(Permission.MODERATE):
        return None
    row = session.get(PoolMessage, message_id)
    reported = has_open_reports(session, subject_kind=SubjectKind.POOL_MESSAGE, subject_id=message_id)
    if row is None or not (reported or row.held_at is not None):
        return None
    decisions = latest_decisions(session, subject_kind=SubjectKind.POOL_MESSAGE, subject_ids=[row.id])
    return ReportedMessage(
        id=row.id,
        pool_id=row.pool_id,
        words=row.words,
        said_at=row.said_at,
        is_held=row.held_at is not None,
        is_taken_back=row.removed_at is not None,
        last_decision=decisions.get(row.id),
    )


def messages_named(session: Session, *, message_ids: Iterable[UUID], viewer: Viewer) -> dict[UUID, str]:
    """Return what reported messages are called in a moderator's list. Not even which pool they are from."""
    if not viewer.may(Permission.MODERATE):
        return {}
    found = session.scalars(select(PoolMessage.id).where(PoolMessage.id.in_(list(message_ids))))
    return dict.fromkeys(found, "A message in a pool")


def messages_taken_back(session: Session) -> tuple[MessageId, ...]:
    """Return the messages that were taken back and whose words are still kept, for the job that forgets them."""
    return tuple(
        session.scalars(
            select(PoolMessage.id)
            .where(PoolMessage.removed_at.is_not(None), PoolMessage.words != "")
            .order_by(PoolMessage.id)
        )
    )


def _line(row: PoolMessage, *, viewer: Viewer, called: str, decision: DecisionLine | None) -> MessageLine:
    is_mine = row.person_id == viewer.person_id
    shows = row.removed_at is None and (is_mine or row.held_at is None)
    return MessageLine(
        id=row.id,
        called=called,
        words=row.words if shows else "",
        said_at=row.said_at,
        is_mine=is_mine,
        is_taken_back=row.removed_at is not None,
        is_held=row.held_at is not None,
        hold_reason=decision.reason if decision else "",
    )
