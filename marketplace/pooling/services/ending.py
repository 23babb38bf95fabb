"""What becomes of a pool that goes ahead: it begins, people leave it, too few may be left, and one day it is over."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.pooling.models import Pool
from marketplace.pooling.queries.settling import kept_pledges
from marketplace.pooling.rules.nouns import EndReason, PoolId, PoolStatus
from marketplace.pooling.rules.pools import GOES_AHEAD, known, next_status
from marketplace.pooling.services import settling_letters as letters
from marketplace.pooling.services.joining import leave_membership
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked
from marketplace.pooling.services.pledging import NotInError
from marketplace.pooling.services.settling import PoolMovedOnError
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.ending import CancelCost
from marketplace.purchasing.services.ending import cancel_arrangement
from marketplace.purchasing.services.letters import Address


def leave_what_goes_ahead(
    session: Session,
    *,
    pool_id: PoolId,
    by: PersonId,
    agreed_owed: Money,
    link: Address,
    address: PoolAddress,
    now: datetime,
) -> CancelCost:
    """
    Let somebody out of a pool that goes ahead: their arrangement is cancelled at the cost they were shown.

    :raises PoolNotFoundError: if there is no such pool.
    :raises PoolMovedOnError: if it does not go ahead, or is over.
    :raises NotInError: if this person has no part in it.
    :raises ArrangementMovedOnError: if their arrangement is done or cancelled already.
    :raises CancelCostChangedError: if something else is owed than they were shown.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    if pool.status not in GOES_AHEAD:
        raise PoolMovedOnError("This pool has moved on. Open its page again to see what you can do now.")
    pledge = next((one for one, _status in kept_pledges(session, pool_id=pool.id) if one.person_id == by), None)
    if pledge is None:
        raise NotInError("You have no part in this pool, so there is nothing to leave.")
    cost = cancel_arrangement(
        session,
        arrangement_id=known(pledge.arrangement_id),
        by=by,
        link=link,
        now=now,
        agreed_owed=agreed_owed,
    )
    _look(session, pool, address=address, now=now)
    return cost


def look_after(session: Session, *, pool_id: PoolId, address: PoolAddress, now: datetime) -> bool:
    """
    See what the two sides have done with a pool's arrangements, and return whether that changes the pool. Safe twice.

    :raises PoolNotFoundError: if there is no such pool.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    return pool.status in GOES_AHEAD and _look(session, pool, address=address, now=now)


def _look(session: Session, pool: Pool, *, address: PoolAddress, now: datetime) -> bool:
    before = (pool.status, pool.short_since)
    left = [
        pledge for pledge, status in kept_pledges(session, pool_id=pool.id) if status is ArrangementStatus.CANCELLED
    ]
    for pledge in left:
        # Whoever cancels what they had from the pool is not in it any more.
        pledge.withdrawn_at = max(now, pledge.pledged_at)
        leave_membership(session, pool_id=pool.id, person_id=pledge.person_id, now=now)
    session.flush()
    if pool.status is PoolStatus.CONFIRMED and known(pool.starts_on) <= day_of(now):
        pool.status = next_status(status=pool.status, wanted=PoolStatus.RUNNING)
    _see_how_many_are_left(session, pool, address=address, now=now)
    session.flush()
    return bool(left) or before != (pool.status, pool.short_since)


def _see_how_many_are_left(session: Session, pool: Pool, *, address: PoolAddress, now: datetime) -> None:
    kept = kept_pledges(session, pool_id=pool.id)
    going_on = [pledge for pledge, status in kept if status is ArrangementStatus.ACCEPTED]
    if not going_on:
        pool.status, pool.ended_at = next_status(status=pool.status, wanted=PoolStatus.ENDED), now
        pool.end_reason = EndReason.DONE if kept else EndReason.TOO_FEW
        audit.record(session, by=None, did="ended", to_kind="pool", to_id=pool.id, now=now)
    elif len(kept) >= known(pool.minimum_people):
        pool.short_since = None
    elif pool.short_since is None:
        pool.short_since = now
        audit.record(session, by=None, did="is short of people", to_kind="pool", to_id=pool.id, now=now)
        people = [pledge.person_id for pledge in going_on]
        letters.tell_of_too_few(session, pool=pool, people=people, left=len(kept), address=address, now=now)
