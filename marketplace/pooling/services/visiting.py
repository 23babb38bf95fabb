"""
Visits that a pool has together, beforehand: the provider plans them and calls them off, members say when they are away.

Each member's share is a visit of their own arrangement, which they confirm or query there.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import PersonId
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.pooling.models import Pool, SharedVisit, SharedVisitMember
from marketplace.pooling.queries.agreement import absence_rule_of
from marketplace.pooling.rules import PoolId, known, sharing
from marketplace.pooling.rules.nouns import SharedVisitId, SharedVisitStatus
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import PoolNotFoundError, locked
from marketplace.purchasing.queries.sharing import InPool, arrangements_of_pool, shares_of_visits
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.visits import day_problem, has_begun, minutes_problem
from marketplace.purchasing.services import sharing as arrangements


class NoVisitsTogetherError(DomainError):
    """The pool has no visits together: it does not go ahead, or it is not weekly support."""


class VisitUnclearError(WrongAnswerError):
    """We could not write that down as it stands."""


class VisitPlannedAlreadyError(DomainError):
    """A visit at that time is planned already."""


class SharedVisitMovedOnError(DomainError):
    """The visit no longer stands where this could be done, or does not yet."""


def plan_pool_visits(
    session: Session,
    *,
    pool_id: PoolId,
    by: PersonId,
    first_on: date,
    starts_at: time | None,
    minutes: int,
    weeks: int,
    address: PoolAddress,
    now: datetime,
) -> int:
    """
    Plan a visit, or one each week, for everybody in a pool, for its provider. Return how many are new.

    Each member gets a planned visit of their own arrangement, and one letter. What is planned already stays.

    :raises PoolNotFoundError: if `by` does not speak for the provider.
    :raises NoVisitsTogetherError: if it does not go ahead, or is not weekly support.
    :raises VisitUnclearError: if the day, the length or the number of weeks will not do.
    :raises VisitPlannedAlreadyError: if each of these visits is planned already.
    """
    pool, members = for_provider(session, pool_id=pool_id, by=by, held_on=first_on, minutes=minutes)
    last_on = first_on + timedelta(weeks=max(weeks, 1) - 1)
    _check("weeks", sharing.weeks_problem(weeks))
    for one in (first_on, last_on):
        _check("first_on", day_problem(held_on=one, starts_on=known(pool.starts_on), today=day_of(now)))
    _check("minutes", minutes_problem(minutes))
    taken = _days_taken(session, pool_id, starts_at=starts_at)
    days = [one for one in (first_on + timedelta(weeks=n) for n in range(weeks)) if one not in taken]
    if not days:
        raise VisitPlannedAlreadyError("There is a visit at that time already. Choose another day or time.")
    planned = [
        SharedVisit(
            id=SharedVisitId(uuid.uuid4()),
            pool_id=pool_id,
            held_on=one,
            starts_at=starts_at,
            minutes=minutes,
            status=SharedVisitStatus.PLANNED,
            planned_by=by,
            planned_at=now,
        )
        for one in days
    ]
    session.add_all(planned)
    session.flush()
    audit.record(session, by=by, did="planned visits", to_kind="pool", to_id=pool_id, now=now)
    for member in in_order(one for one in members if one.status is ArrangementStatus.ACCEPTED):
        _give_share(session, member, planned, by=by, address=address, now=now)
    return len(planned)


def say_away(
    session: Session,
    *,
    shared_visit_id: SharedVisitId,
    by: PersonId,
    is_away: bool,
    address: PoolAddress,
    now: datetime,
) -> bool:
    """
    Say that one cannot come to a visit, or that one can after all. Return whether that was in good time.

    The provider is told that somebody cannot come, never who: the page says so to them.

    :raises PoolNotFoundError: if `by` has no part in it.
    :raises SharedVisitMovedOnError: if it has begun, or was called off.
    """
    visit = locked_visit(session, shared_visit_id)
    member = session.get(SharedVisitMember, (visit.id, by), populate_existing=True)
    if member is None or not _stands(session, visit, by=by):
        raise PoolNotFoundError("We could not find that visit.")
    has_come = has_begun(held_on=visit.held_on, starts_at=visit.starts_at, now=now)
    if visit.status is not SharedVisitStatus.PLANNED or has_come:
        raise SharedVisitMovedOnError("This visit has begun or was called off, so this cannot be changed any more.")
    rule = absence_rule_of(session, pool_id=visit.pool_id)
    until = sharing.in_time_until(held_on=visit.held_on, starts_at=visit.starts_at, rule=rule)
    if is_away != (member.away_said_at is not None):
        member.away_said_at = now if is_away else None
        did = "cannot come to" if is_away else "can come to"
        audit.record(session, by=by, did=did, to_kind="shared visit", to_id=visit.id, now=now)
        _tell_provider(session, visit, is_away=is_away, address=address, now=now)
    session.flush()
    return now <= until


def call_off_pool_visit(
    session: Session, *, shared_visit_id: SharedVisitId, by: PersonId, address: PoolAddress, now: datetime
) -> None:
    """
    Call a visit off for everybody, for the provider. Nobody owes anything for it, and each is told.

    :raises PoolNotFoundError: if `by` does not speak for the provider.
    :raises SharedVisitMovedOnError: if it was held or called off.
    """
    visit = locked_visit(session, shared_visit_id)
    _pool, members = for_provider(
        session, pool_id=visit.pool_id, by=by, held_on=visit.held_on, minutes=visit.minutes, even_over=True
    )
    if visit.status is not SharedVisitStatus.PLANNED:
        raise SharedVisitMovedOnError("This visit was held or called off already.")
    visit.status, visit.ended_at = SharedVisitStatus.CANCELLED, now
    session.flush()
    audit.record(session, by=by, did="called off", to_kind="shared visit", to_id=visit.id, now=now)
    pool = session.get_one(Pool, visit.pool_id)
    for member in in_order(members):
        dropped = arrangements.drop_share(
            session, arrangement_id=member.arrangement_id, shared_key=visit.id, by=by, now=now
        )
        if dropped:
            accounts.write_to_person(
                session,
                person_id=member.person_id,
                subject=worded("Visit on {held_on} called off: {title}", held_on=day(visit.held_on), title=pool.title),
                body=worded(
                    "The provider has called the visit of your pool on {held_on} off:\n\n{title}\n\n"
                    "You owe nothing for it. You can see what comes next here:\n{address}",
                    held_on=day(visit.held_on),
                    title=pool.title,
                    address=address(pool.id),
                ),
                now=now,
            )


def for_provider(
    session: Session, *, pool_id: PoolId, by: PersonId, held_on: date, minutes: int, even_over: bool = False
) -> tuple[Pool, tuple[InPool, ...]]:
    """
    Return a pool, locked, with its arrangements and what a visit on a day costs each, to whoever provides for it.

    :raises PoolNotFoundError: if `by` does not speak for the provider.
    :raises NoVisitsTogetherError: if it has no visits together; with `even_over` it may have ended since.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    members = arrangements_of_pool(session, pool_key=pool_id, held_on=held_on, minutes=minutes)
    if not any(
        speaks_for(session, person_id=by, organisation_id=one) for one in {each.organisation_id for each in members}
    ):
        raise PoolNotFoundError("We could not find that pool.")
    if not even_over and not sharing.has_visits(status=pool.status, kind=pool.kind):
        raise NoVisitsTogetherError("Only weekly support that is going ahead has visits together.")
    return pool, members


def locked_visit(session: Session, shared_visit_id: SharedVisitId) -> SharedVisit:
    """
    Return a visit with its pool locked, so that everybody who would change it queues.

    :raises PoolNotFoundError: if there is none.
    """
    visit = session.get(SharedVisit, shared_visit_id)
    if visit is None:
        raise PoolNotFoundError("We could not find that visit.")
    # The pool first, as everybody else who changes it does.
    locked(session, pool_id=visit.pool_id, even_held=True)
    session.refresh(visit, with_for_update=True)
    return visit


def _days_taken(session: Session, pool_id: PoolId, *, starts_at: time | None) -> set[date]:
    at_that_time = SharedVisit.starts_at.is_(None) if starts_at is None else SharedVisit.starts_at == starts_at
    return set(
        session.scalars(
            select(SharedVisit.held_on).where(
                SharedVisit.pool_id == pool_id, SharedVisit.status != SharedVisitStatus.CANCELLED, at_that_time
            )
        )
    )


def _give_share(
    session: Session,
    member: InPool,
    planned: Sequence[SharedVisit],
    *,
    by: PersonId,
    address: PoolAddress,
    now: datetime,
) -> None:
    theirs = [visit for visit in planned if visit.held_on >= member.begins_on]
    if not theirs:
        return
    pool_id = theirs[0].pool_id
    arrangements.plan_shares(
        session,
        arrangement_id=member.arrangement_id,
        by=by,
        planned=[(visit.id, visit.held_on) for visit in theirs],
        starts_at=theirs[0].starts_at,
        minutes=theirs[0].minutes,
        link=lambda _arrangement: address(pool_id),
        now=now,
    )
    standing = {
        one.shared_key: one.visit_id
        for one in shares_of_visits(session, shared_keys=[visit.id for visit in theirs])
        if one.person_id == member.person_id
    }
    session.add_all(
        SharedVisitMember(shared_visit_id=visit.id, person_id=member.person_id, visit_id=standing[visit.id])
        for visit in theirs
        if visit.id in standing
    )
    session.flush()


def _stands(session: Session, visit: SharedVisit, *, by: PersonId) -> bool:
    return any(one.person_id == by for one in shares_of_visits(session, shared_keys=[visit.id]))


def _tell_provider(session: Session, visit: SharedVisit, *, is_away: bool, address: PoolAddress, now: datetime) -> None:
    pool = session.get_one(Pool, visit.pool_id)
    members = arrangements_of_pool(session, pool_key=pool.id, held_on=visit.held_on, minutes=visit.minutes)
    what = "cannot come" if is_away else "can come after all"
    accounts.write_to_organisation(
        session,
        organisation_id=members[0].organisation_id,
        subject=worded(
            "Somebody {what} on {held_on}: {title}", what=what, held_on=day(visit.held_on), title=pool.title
        ),
        body=worded(
            "Somebody in a pool {what} on {held_on}:\n\n{title}\n\nYou can see who comes, and what "
            "that does to the shares, here:\n{address}",
            what=what,
            held_on=day(visit.held_on),
            title=pool.title,
            address=address(pool.id),
        ),
        now=now,
    )


def in_order(members: Iterable[InPool]) -> list[InPool]:
    """Return arrangements in the order in which they are locked, so that no two services wait for each other."""
    return sorted(members, key=lambda one: one.arrangement_id)


def _check(field: str, problem: str | None) -> None:
    if problem:
        raise VisitUnclearError(problem, field=field)
