"""Who belongs to a pool: for the viewer about themselves and their own pools, and for services. Never for a page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.kit.asked import once
from marketplace.pooling.models import Pool, PoolMember
from marketplace.pooling.rules.membership import name_shown
from marketplace.pooling.rules.nouns import MemberId, MemberRole, PoolId, PoolStatus


@dataclass(frozen=True, slots=True)
class Membership:
    """The viewer's own membership of a pool."""

    member_id: MemberId
    pool_id: PoolId
    role: MemberRole
    # What they chose to be called; empty if nothing.
    called: str
    joined_at: datetime
    pool_title: str
    pool_status: PoolStatus

    @property
    def is_champion(self) -> bool:
        """Whether the viewer keeps the pool going."""
        return self.role is MemberRole.CHAMPION

    @property
    def is_facilitator(self) -> bool:
        """Whether the viewer helps from outside, and buys nothing."""
        return self.role is MemberRole.FACILITATOR


@dataclass(frozen=True, slots=True)
class Fellow:
    """One member, as the others see them."""

    member_id: MemberId
    person_id: PersonId
    called: str
    role: MemberRole
    is_viewer: bool
    has_left: bool


def my_membership(session: Session, *, pool_id: PoolId, viewer: Viewer) -> Membership | None:
    """Return the viewer's own live membership of a pool, or None: to anybody else its room does not exist."""
    wanted = (
        select(
            PoolMember.id,
            PoolMember.role,
            PoolMember.called,
            PoolMember.joined_at,
            Pool.id.label("pool_id"),
            Pool.title,
            Pool.status,
        )
        .join(Pool, Pool.id == PoolMember.pool_id)
        .where(PoolMember.pool_id == pool_id, PoolMember.person_id == viewer.person_id, PoolMember.left_at.is_(None))
    )
    row = once(session, ("membership", pool_id, viewer.person_id), lambda: session.execute(wanted).one_or_none())
    if row is None:
        return None
    return Membership(
        member_id=row.id,
        pool_id=row.pool_id,
        role=row.role,
        called=row.called,
        joined_at=row.joined_at,
        pool_title=row.title,
        pool_status=row.status,
    )


def fellows(session: Session, *, pool_id: PoolId, viewer: Viewer, even_left: bool = False) -> tuple[Fellow, ...]:
    """
    Return the members of a pool to one of them, longest there first; to anybody else there are none.

    With `even_left` those who have left are there too, since what they wrote may still stand.
    """
    mine = exists().where(
        PoolMember.pool_id == pool_id, PoolMember.person_id == viewer.person_id, PoolMember.left_at.is_(None)
    )
    rows = session.scalars(
        select(PoolMember)
        .where(PoolMember.pool_id == pool_id, mine, *([] if even_left else [PoolMember.left_at.is_(None)]))
        .order_by(PoolMember.joined_at, PoolMember.id)
    )
    return tuple(
        Fellow(
            member_id=row.id,
            person_id=row.person_id,
            called=name_shown(row.called),
            role=row.role,
            is_viewer=row.person_id == viewer.person_id,
            has_left=row.left_at is not None,
        )
        for row in rows
    )


def called_names(session: Session, *, pool_id: PoolId, viewer: Viewer) -> dict[PersonId, str]:
    """Return what the members of a pool are called, even those who have left, to one of them. To others, nothing."""
    # In order of joining: whoever came back is called what they chose last.
    return {
        fellow.person_id: fellow.called for fellow in fellows(session, pool_id=pool_id, viewer=viewer, even_left=True)
    }


def member_people(session: Session, *, pool_id: PoolId, with_facilitators: bool = True) -> list[PersonId]:
    """Return who belongs to a pool, longest there first, for services that act for each of them. Never for a page."""
    wanted = [PoolMember.pool_id == pool_id, PoolMember.left_at.is_(None)]
    if not with_facilitators:
        wanted.append(PoolMember.role != MemberRole.FACILITATOR)
    return list(
        session.scalars(select(PoolMember.person_id).where(*wanted).order_by(PoolMember.joined_at, PoolMember.id))
    )


def buyers_called(session: Session, *, pool_id: PoolId) -> dict[PersonId, str]:
    """
    Return who would buy in a pool, and what the others call each. For services; never for a page.

    Outside helpers buy nothing, and their organisation may be one that sells.
    """
    rows = session.execute(
        select(PoolMember.person_id, PoolMember.called)
        .where(
            PoolMember.pool_id == pool_id,
            PoolMember.left_at.is_(None),
            PoolMember.role != MemberRole.FACILITATOR,
        )
        .order_by(PoolMember.joined_at, PoolMember.id)
    )
    return {row.person_id: name_shown(row.called) for row in rows}


def champions(session: Session, *, pool_id: PoolId) -> list[PersonId]:
    """Return who keeps a pool going, for services that write to them. Never for a page."""
    return list(
        session.scalars(
            select(PoolMember.person_id)
            .where(
                PoolMember.pool_id == pool_id,
                PoolMember.role == MemberRole.CHAMPION,
                PoolMember.left_at.is_(None),
            )
            .order_by(PoolMember.joined_at, PoolMember.id)
        )
    )


def member_roles(session: Session, *, pool_id: PoolId) -> list[MemberRole]:
    """Return what the members of a pool are in it, for services that must know whether anybody keeps it going."""
    return list(
        session.scalars(
            select(PoolMember.role)
            .where(PoolMember.pool_id == pool_id, PoolMember.left_at.is_(None))
            .order_by(PoolMember.joined_at, PoolMember.id)
        )
    )


def has_been_member(session: Session, *, pool_id: PoolId, person_id: PersonId) -> bool:
    """Test whether somebody belongs to a pool, or once did. For services."""
    return bool(
        session.scalar(
            select(PoolMember.id).where(PoolMember.pool_id == pool_id, PoolMember.person_id == person_id).limit(1)
        )
    )
