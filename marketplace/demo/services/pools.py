"""People club together, or think better of it."""

from datetime import datetime
from functools import partial
from random import Random

from marketplace.accounts.rules import PersonId
from marketplace.demo import queries
from marketplace.demo.rules import PlannedPool, plan_pools
from marketplace.demo.services.street import Street
from marketplace.pooling import services as pooling
from marketplace.pooling.queries.pledging import ladder_of
from marketplace.pooling.rules import NewPool, PoolId, PoolStatus
from marketplace.pooling.services import ending, pledging, settling
from marketplace.purchasing import services as purchasing


def expect_pools(draw: Random, street: Street) -> None:
    """Put on the agenda when each pool is opened."""
    people = [person.key for person in street.town.people]
    for planned in plan_pools(draw, town=street.town, calendar=street.calendar, people=people, reach=street.reaches):
        street.agenda.add(planned.joins[0][1], partial(_open, street, planned))


def _open(street: Street, planned: PlannedPool, *, now: datetime) -> None:
    pool = planned.pool
    pool_id = pooling.open_pool(
        street.session,
        offer_id=street.offers[pool.offer],
        by=street.people[planned.joins[0][0]],
        wanted=NewPool(
            title=pool.title,
            purpose=pool.purpose,
            minimum_people=pool.minimum_people,
            quantity=pool.quantity,
            days=pool.open_for_days,
            starts_on=planned.starts_on,
        ),
        now=now,
    )
    for person, at in planned.joins:
        street.agenda.add(at, partial(_join, street, planned, pool_id, street.people[person]))
    if planned.waverer is not None:
        person, came_at, left_at = planned.waverer
        street.agenda.add(came_at, partial(_join, street, planned, pool_id, street.people[person]))
        street.agenda.add(left_at, partial(_leave, street, pool_id, street.people[person]))
    street.agenda.add(planned.withdrawn_at, partial(_withdraw, street, pool_id, street.people[planned.joins[0][0]]))
    street.agenda.add(planned.closes_at, partial(_close, street, planned, pool_id))


def _join(street: Street, planned: PlannedPool, pool_id: PoolId, person: PersonId, *, now: datetime) -> None:
    ladder = ladder_of(street.session, pool_id=pool_id)
    if ladder is None:
        return
    status = pledging.pledge_to_pool(
        street.session,
        pool_id=pool_id,
        by=person,
        wanted=ladder.usual,
        called="",
        now=now,
    )
    if status is not PoolStatus.OPEN:
        _go_on(street, planned, pool_id, now=now)


def _go_on(street: Street, planned: PlannedPool, pool_id: PoolId, *, now: datetime) -> None:
    """Take a pool that has closed as far as it goes, as the worker does, and let what it buys begin and end."""
    take_further(street, pool_id, now=now)
    if queries.status_of_pool(street.session, pool_id=pool_id) is PoolStatus.CONFIRMED:
        street.agenda.add(planned.starts_at, partial(look_after, street, pool_id))
        street.agenda.add(planned.done_at, partial(_finish, street, planned, pool_id))


def take_further(street: Street, pool_id: PoolId, *, now: datetime) -> None:
    """Let the worker come by a pool that is getting ready."""
    settling.take_stock(street.session, pool_id=pool_id, address=street.addresses.pool, now=now)


def look_after(street: Street, pool_id: PoolId, *, now: datetime) -> None:
    """Let the worker come by a pool that goes ahead: it begins on its first day, and ends when all is done."""
    ending.look_after(street.session, pool_id=pool_id, address=street.addresses.pool, now=now)


def _leave(street: Street, pool_id: PoolId, person: PersonId, *, now: datetime) -> None:
    pooling.leave_pool(street.session, pool_id=pool_id, by=person, now=now)


def _withdraw(street: Street, pool_id: PoolId, person: PersonId, *, now: datetime) -> None:
    pooling.withdraw_pool(street.session, pool_id=pool_id, by=person, address=street.addresses.pool, now=now)


def _close(street: Street, planned: PlannedPool, pool_id: PoolId, *, now: datetime) -> None:
    if pooling.close_lapsed_pool(street.session, pool_id=pool_id, address=street.addresses.pool, now=now):
        _go_on(street, planned, pool_id, now=now)


def _finish(street: Street, planned: PlannedPool, pool_id: PoolId, *, now: datetime) -> None:
    """Mark what every member of a pool got as done, for the provider."""
    for arrangement_id in queries.arrangements_of_pool(street.session, pool_id=pool_id):
        purchasing.mark_done(
            street.session,
            arrangement_id=arrangement_id,
            by=street.speaker(planned.pool.offer),
            link=street.addresses.arrangement,
            now=now,
        )
    look_after(street, pool_id, now=now)
