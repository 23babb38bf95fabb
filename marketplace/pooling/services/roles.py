"""Who keeps a pool going, and who helps from outside."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.pooling.models import PoolMember
from marketplace.pooling.queries.helping import organisations_to_ask, provides_for
from marketplace.pooling.queries.membership import member_roles
from marketplace.pooling.rules.membership import called_problem, needs_champion
from marketplace.pooling.rules.nouns import MemberId, MemberRole, PoolId, PoolStatus
from marketplace.pooling.services.joining import CalledError, join_pool, the_champion, the_member
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import PoolNotFoundError, locked

HelpAddress = Callable[[PoolId, OrganisationId, uuid.UUID], str]
"""Turns a pool, an organisation and the pool's key into the address at which it says that it helps."""


class ChampionThereError(DomainError):
    """Somebody keeps the pool going already."""


class NotAChampionToBeError(DomainError):
    """They are no member, or one already."""


class FacilitatorError(WrongAnswerError):
    """It is no user-led organisation that can help this pool."""

    field = "organisation"


class ProvidesForItError(DomainError):
    """Whoever sells to a pool does not also help it from within."""


class NoMoreLinksError(DomainError):
    """Nobody can join by a link any more."""


def say_called(session: Session, *, pool_id: PoolId, by: PersonId, called: str) -> None:
    """
    Change what the others in a pool call somebody. Nothing makes them a member like any other.

    :raises PoolNotFoundError: if they are not in it.
    :raises CalledError: if the name is too long.
    """
    member = the_member(session, pool_id=pool_id, person_id=by)
    called = text.tidy_line(called)
    if problem := called_problem(called):
        raise CalledError(problem)
    member.called = called
    session.flush()


def become_champion(session: Session, *, pool_id: PoolId, by: PersonId, now: datetime) -> None:
    """
    Let a member of a pool that nobody keeps going do so.

    :raises PoolNotFoundError: if they are not in it.
    :raises ChampionThereError: if somebody keeps it going, or they help from outside.
    """
    locked(session, pool_id=pool_id, even_held=True)
    member = the_member(session, pool_id=pool_id, person_id=by)
    if member.role is MemberRole.FACILITATOR or not needs_champion(member_roles(session, pool_id=pool_id)):
        raise ChampionThereError("Somebody keeps this pool going already. They can ask you to be a champion too.")
    member.role = MemberRole.CHAMPION
    session.flush()
    audit.record(session, by=by, did="became champion", to_kind="pool", to_id=pool_id, now=now)


def make_champion(
    session: Session, *, pool_id: PoolId, member_id: MemberId, by: PersonId, address: PoolAddress, now: datetime
) -> None:
    """
    Let a champion make another member a champion too, and tell them: they can stop at once.

    :raises PoolNotFoundError: if `by` is not in it.
    :raises NotChampionError: if `by` is no champion.
    :raises NotAChampionToBeError: if the other is no member, helps from outside, or is a champion.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    the_champion(session, pool_id=pool_id, person_id=by)
    other = session.scalars(
        select(PoolMember).where(
            PoolMember.id == member_id, PoolMember.pool_id == pool_id, PoolMember.left_at.is_(None)
        )
    ).one_or_none()
    if other is None or other.role is not MemberRole.MEMBER:
        raise NotAChampionToBeError("They cannot be made a champion: they have left, or are one already.")
    other.role = MemberRole.CHAMPION
    session.flush()
    audit.record(session, by=by, did="made champion", to_kind="pool_member", to_id=member_id, now=now)
    accounts.write_to_person(
        session,
        person_id=other.person_id,
        subject=worded("You can help to keep your pool going: {title}", title=pool.title),
        body=worded(
            "You have been made a champion of this pool. A champion sees that things happen: they can invite people, "
            "ask for help, and open the pool.\n\nYou need not do it. You can stop with one press, under “People”:\n"
            "{address}",
            address=address(pool_id),
        ),
        now=now,
    )


def step_down(session: Session, *, pool_id: PoolId, by: PersonId, now: datetime) -> None:
    """
    Let a champion be a member like any other again. Where they were the only one, any member can take it on.

    :raises PoolNotFoundError: if they are not in it.
    :raises NotChampionError: if they are no champion.
    """
    locked(session, pool_id=pool_id, even_held=True)
    the_champion(session, pool_id=pool_id, person_id=by).role = MemberRole.MEMBER
    session.flush()
    audit.record(session, by=by, did="stepped down", to_kind="pool", to_id=pool_id, now=now)


def make_new_link(session: Session, *, pool_id: PoolId, by: PersonId, now: datetime) -> None:
    """
    Give a pool a new link, so that the old one and all cards lead nowhere.

    :raises PoolNotFoundError: if they are not in it.
    :raises NotChampionError: if they are no champion.
    :raises NoMoreLinksError: if nobody can join any more.
    """
    pool = locked(session, pool_id=pool_id)
    the_champion(session, pool_id=pool_id, person_id=by)
    if pool.status not in (PoolStatus.DRAFT, PoolStatus.OPEN):
        raise NoMoreLinksError("Nobody can join this pool any more, so it needs no link.")
    pool.invite_key = uuid.uuid4()
    session.flush()
    audit.record(session, by=by, did="made a new link", to_kind="pool", to_id=pool_id, now=now)


def ask_for_help(
    session: Session,
    *,
    pool_id: PoolId,
    organisation_id: OrganisationId | None,
    by: PersonId,
    address: HelpAddress,
    now: datetime,
) -> None:
    """
    Ask a user-led organisation whether one of its people helps a pool from outside. They see more only once they do.

    :raises PoolNotFoundError: if they are not in it, or it is kept from view.
    :raises NotChampionError: if they are no champion.
    :raises FacilitatorError: if it is no such organisation, provides for the pool, or helps it already.
    """
    pool = locked(session, pool_id=pool_id)
    the_champion(session, pool_id=pool_id, person_id=by)
    if organisation_id is None or organisation_id not in {
        one.id for one in organisations_to_ask(session, pool_id=pool_id)
    }:
        raise FacilitatorError("Choose one of these organisations.")
    accounts.write_to_organisation(
        session,
        organisation_id=organisation_id,
        subject="Some people ask you to help their pool",
        body=worded(
            "Some people want to do or buy something together. They would like somebody from your organisation to help "
            "them from outside: to get ready, to agree, to keep going.\n\nYou can read what it is about, and say yes, "
            "within 60 days:\n{address}\n\nYou need not answer.",
            address=address(pool_id, organisation_id, pool.invite_key),
        ),
        now=now,
    )
    audit.record(session, by=by, did="asked for help", to_kind="pool", to_id=pool_id, now=now)
    session.flush()


def help_pool(
    session: Session,
    *,
    pool_id: PoolId,
    organisation_id: OrganisationId,
    key: uuid.UUID,
    by: Viewer,
    called: str,
    now: datetime,
) -> None:
    """
    Let somebody of a user-led organisation that was asked help a pool from outside. Whoever helps already stays so.

    :raises PoolNotFoundError: if the link is none for them, was made anew, or the pool is kept from view.
    :raises ProvidesForItError: if their organisation provides what the pool buys.
    :raises NoMoreMembersError: if the pool is over.
    :raises CalledError: if the name is too long.
    """
    pool = locked(session, pool_id=pool_id)
    if by.person_id is None or not by.speaks_for(organisation_id) or pool.invite_key != key:
        raise PoolNotFoundError("We could not find that pool.")
    if provides_for(session, pool_id=pool_id, organisation_id=organisation_id):
        raise ProvidesForItError("Your organisation provides what this pool is for, so it cannot help from within.")
    join_pool(
        session,
        pool_id=pool_id,
        by=by.person_id,
        called=called,
        now=now,
        role=MemberRole.FACILITATOR,
        organisation_id=organisation_id,
    )
