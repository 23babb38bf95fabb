"""Belonging to a pool, with or without a pledge, and belonging to it no more."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, WrongAnswerError
from marketplace.pooling.models import Pool, PoolMember
from marketplace.pooling.rules.membership import called_problem, takes_members
from marketplace.pooling.rules.nouns import MemberId, MemberRole, PoolId, PoolStatus
from marketplace.pooling.services.counting import count_opened
from marketplace.pooling.services.following import asks_for_quotes, follow_members
from marketplace.pooling.services.locking import PoolNotFoundError, locked


class CalledError(WrongAnswerError):
    """What the others would call somebody is too long."""

    field = "called"


class NoMoreMembersError(DomainError):
    """The pool takes no more people."""


class NotChampionError(NotAllowedError):
    """Only those who keep a pool going may do that."""


def join_pool(
    session: Session,
    *,
    pool_id: PoolId,
    by: PersonId,
    called: str,
    now: datetime,
    role: MemberRole = MemberRole.MEMBER,
    organisation_id: OrganisationId | None = None,
) -> MemberId:
    """
    Make somebody belong to a pool, and return their membership. Whoever belongs to it already stays as they are.

    Only a name that is given changes what the others call them.

    :raises PoolNotFoundError: if there is no such pool, or it is kept from view.
    :raises CalledError: if the name is too long.
    :raises NoMoreMembersError: if the pool is past finding people.
    """
    pool = locked(session, pool_id=pool_id)
    return belong(session, pool, by=by, called=called, now=now, role=role, organisation_id=organisation_id).id


def belong(
    session: Session,
    pool: Pool,
    *,
    by: PersonId,
    called: str,
    now: datetime,
    role: MemberRole = MemberRole.MEMBER,
    organisation_id: OrganisationId | None = None,
) -> PoolMember:
    """Make somebody belong to a pool that is locked already, as `join_pool` does, and return their membership."""
    called = text.tidy_line(called)
    problem = called_problem(called)
    if problem:
        raise CalledError(problem)
    member, has_brief = _live(session, pool_id=pool.id, person_id=by), asks_for_quotes(session, pool_id=pool.id)
    if member is not None:
        member.called = called or member.called
        if has_brief:
            follow_members(session, pool_id=pool.id, now=now)
        return member
    if not takes_members(status=pool.status, role=role):
        raise NoMoreMembersError("This pool takes no more people now.")
    if pool.status is PoolStatus.OPEN and role is not MemberRole.FACILITATOR:
        count_opened(session, pool, [by], now=now)
    member = PoolMember(
        id=MemberId(uuid.uuid4()),
        pool_id=pool.id,
        person_id=by,
        role=role,
        organisation_id=organisation_id,
        called=called,
        joined_at=now,
    )
    session.add(member)
    audit.record(session, by=by, did="joined", to_kind="pool", to_id=pool.id, now=now)
    if has_brief:
        follow_members(session, pool_id=pool.id, now=now)
    return member


def leave_membership(session: Session, *, pool_id: PoolId, person_id: PersonId, now: datetime) -> None:
    """Let somebody belong to a pool no more. Whoever does not belong to it has nothing to leave."""
    member = _live(session, pool_id=pool_id, person_id=person_id)
    if member is None:
        return
    member.left_at = max(now, member.joined_at)
    session.flush()
    follow_members(session, pool_id=pool_id, now=now)
    audit.record(session, by=person_id, did="left", to_kind="pool", to_id=pool_id, now=now)


def the_member(session: Session, *, pool_id: PoolId, person_id: PersonId) -> PoolMember:
    """
    Return somebody's live membership of a pool, for services that only members may ask for something.

    :raises PoolNotFoundError: if they do not belong to it: the pool's own room is nobody else's business.
    """
    member = _live(session, pool_id=pool_id, person_id=person_id)
    if member is None:
        raise PoolNotFoundError("We could not find that pool.")
    return member


def the_champion(session: Session, *, pool_id: PoolId, person_id: PersonId) -> PoolMember:
    """
    Return a champion's live membership of a pool.

    :raises PoolNotFoundError: if they do not belong to it.
    :raises NotChampionError: if they do, and are no champion.
    """
    member = the_member(session, pool_id=pool_id, person_id=person_id)
    if member.role is not MemberRole.CHAMPION:
        raise NotChampionError("Only a champion of this pool can do that.")
    return member


def _live(session: Session, *, pool_id: PoolId, person_id: PersonId) -> PoolMember | None:
    return session.scalars(
        select(PoolMember).where(
            PoolMember.pool_id == pool_id, PoolMember.person_id == person_id, PoolMember.left_at.is_(None)
        )
    ).one_or_none()
