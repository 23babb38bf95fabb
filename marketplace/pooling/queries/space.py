"""What waits for a member in a pool's own room, and what is new there for those who are written to about it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.kit.days import day_of
from marketplace.pooling.models import (
    PoolAcceptance,
    PoolAgreement,
    PoolDocument,
    PoolMember,
    PoolMessage,
    PoolProposal,
    PoolTurn,
    PoolTurnout,
    PoolVoice,
)
from marketplace.pooling.rules.nouns import MemberId, MemberRole, PoolId


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one member: questions they have not answered, a yes they have not given, turns nobody has."""

    questions: int = 0
    agreement: bool = False
    turns: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nothing waits."""
        return not (self.questions or self.agreement or self.turns)


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a pool for one member: numbers alone, since letters name nobody and quote nothing."""

    messages: int
    documents: int
    decided: int
    # Questions that this member has not answered, and can until the end of tomorrow.
    closing: int
    waiting: Waiting


def waiting_for(session: Session, *, pool_id: PoolId, viewer: Viewer, now: datetime) -> Waiting:
    """Return what waits for the viewer in a pool they belong to. In one they do not, nothing does."""
    member = session.scalars(
        select(PoolMember).where(
            PoolMember.pool_id == pool_id, PoolMember.person_id == viewer.person_id, PoolMember.left_at.is_(None)
        )
    ).one_or_none()
    return _waiting(session, member, now=now) if member else Waiting()


def wants_news(session: Session, *, pool_id: PoolId, viewer: Viewer) -> bool:
    """Test whether the viewer is written to about what is new in a pool of theirs."""
    return bool(
        session.scalar(
            select(PoolMember.wants_news).where(
                PoolMember.pool_id == pool_id, PoolMember.person_id == viewer.person_id, PoolMember.left_at.is_(None)
            )
        )
    )


def members_to_tell(session: Session, *, since: datetime, now: datetime) -> tuple[MemberId, ...]:
    """
    Return who wants to be written to, has not been since a moment, and has something new in their pool.

    A question they have not answered counts again on the evening before its last day.
    """
    news = (_messages(), _documents(), _asked(), _decided(), _agreed(), _closing(now))
    return tuple(
        session.scalars(
            select(PoolMember.id)
            .where(
                PoolMember.left_at.is_(None),
                PoolMember.wants_news,
                or_(PoolMember.told_at.is_(None), PoolMember.told_at < since),
                or_(*(exists().where(each) for each in news)),
            )
            .order_by(PoolMember.id)
        )
    )


def news_for(session: Session, *, member_id: MemberId, now: datetime) -> News | None:
    """Return what is new for one member since they were last written to, for the letter; None if they have left."""
    member = session.get(PoolMember, member_id)
    if member is None or member.left_at is not None:
        return None
    messages, documents, decided, closing = (
        session.scalar(select(func.count(column)).where(each, PoolMember.id == member_id)) or 0
        for column, each in (
            (PoolMessage.id, _messages()),
            (PoolDocument.id, _documents()),
            (PoolProposal.id, _decided()),
            (PoolProposal.id, _closing(now)),
        )
    )
    return News(
        messages=messages,
        documents=documents,
        decided=decided,
        closing=closing,
        waiting=_waiting(session, member, now=now),
    )


def _since() -> ColumnElement[datetime]:
    return func.coalesce(PoolMember.told_at, PoolMember.joined_at)


def _messages() -> ColumnElement[bool]:
    return and_(
        PoolMessage.pool_id == PoolMember.pool_id,
        PoolMessage.person_id != PoolMember.person_id,
        PoolMessage.removed_at.is_(None),
        PoolMessage.held_at.is_(None),
        PoolMessage.said_at > _since(),
    )


def _documents() -> ColumnElement[bool]:
    return and_(
        PoolDocument.pool_id == PoolMember.pool_id,
        PoolDocument.person_id != PoolMember.person_id,
        PoolDocument.removed_at.is_(None),
        PoolDocument.added_at > _since(),
    )


def _asked() -> ColumnElement[bool]:
    return and_(
        PoolProposal.pool_id == PoolMember.pool_id,
        PoolProposal.asked_by != PoolMember.person_id,
        PoolProposal.closed_at.is_(None),
        PoolProposal.asked_at > _since(),
    )


def _decided() -> ColumnElement[bool]:
    return and_(PoolProposal.pool_id == PoolMember.pool_id, PoolProposal.closed_at > _since())


def _closing(now: datetime) -> ColumnElement[bool]:
    return and_(
        PoolProposal.pool_id == PoolMember.pool_id,
        PoolMember.role != MemberRole.FACILITATOR,
        PoolProposal.closed_at.is_(None),
        PoolProposal.closes_at > now + timedelta(days=1),
        PoolProposal.closes_at <= now + timedelta(days=2),
        PoolProposal.asked_at >= PoolMember.joined_at,
        ~_answered_by_member(),
    )


def _answered_by_member() -> ColumnElement[bool]:
    said = (
        exists().where(table.proposal_id == PoolProposal.id, table.person_id == PoolMember.person_id)
        for table in (PoolVoice, PoolTurnout)
    )
    # The question may be asked within another one: both tables are those of whoever asks, however far out.
    return or_(*(each.correlate(PoolProposal, PoolMember) for each in said))


def _agreed() -> ColumnElement[bool]:
    return and_(
        PoolAgreement.pool_id == PoolMember.pool_id,
        PoolAgreement.withdrawn_at.is_(None),
        PoolAgreement.proposed_by != PoolMember.person_id,
        PoolAgreement.proposed_at > _since(),
    )


def _waiting(session: Session, member: PoolMember, *, now: datetime) -> Waiting:
    turns = _free_turns(session, member.pool_id, today=day_of(now))
    if member.role is MemberRole.FACILITATOR:
        return Waiting(turns=turns)
    questions = session.scalar(
        select(func.count(PoolProposal.id)).where(
            PoolMember.id == member.id,
            PoolProposal.pool_id == PoolMember.pool_id,
            PoolProposal.closed_at.is_(None),
            PoolProposal.closes_at > now,
            PoolProposal.asked_at >= PoolMember.joined_at,
            ~_answered_by_member(),
        )
    )
    return Waiting(questions=questions or 0, agreement=_waits_for_a_yes(session, member), turns=turns)


def _waits_for_a_yes(session: Session, member: PoolMember) -> bool:
    """Test whether the newest version, or the one that holds, has no yes of this member."""
    newest = (
        select(PoolAgreement.id)
        .where(PoolAgreement.pool_id == member.pool_id, PoolAgreement.withdrawn_at.is_(None))
        .order_by(PoolAgreement.version.desc())
        .limit(1)
    )
    version = session.scalar(newest)
    return version is not None and session.get(PoolAcceptance, (version, member.person_id)) is None


def _free_turns(session: Session, pool_id: PoolId, *, today: date) -> int:
    taken = exists().where(
        PoolMember.pool_id == PoolTurn.pool_id,
        PoolMember.person_id == PoolTurn.person_id,
        PoolMember.left_at.is_(None),
    )
    free = select(func.count(PoolTurn.id)).where(PoolTurn.pool_id == pool_id, PoolTurn.held_on >= today, ~taken)
    return session.scalar(free) or 0
