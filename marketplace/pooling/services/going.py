"""Somebody closes their account: they leave every pool that does not count on them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.pooling import rules
from marketplace.pooling.models import Pledge, Pool, PoolMember
from marketplace.pooling.rules import PoolId, PoolStatus
from marketplace.pooling.rules.pools import known
from marketplace.pooling.services.joining import leave_membership
from marketplace.pooling.services.locking import locked
from marketplace.pooling.services.pledging import leave_pool


def leave_every_pool(session: Session, *, person_id: PersonId, now: datetime) -> None:
    """Let somebody leave whatever they can leave at no cost, and belong to no pool any more."""
    for pool_id in _pools_of(session, person_id):
        pool = locked(session, pool_id=pool_id, even_held=True)
        is_open = pool.status is PoolStatus.DRAFT or (
            pool.status is PoolStatus.OPEN
            and rules.accepts_pledges(status=pool.status, closes_at=known(pool.closes_at), now=now)
        )
        if is_open:
            leave_pool(session, pool_id=pool_id, by=person_id, now=now)
        else:
            leave_membership(session, pool_id=pool_id, person_id=person_id, now=now)


def _pools_of(session: Session, person_id: PersonId) -> list[PoolId]:
    belongs = select(PoolMember.pool_id).where(PoolMember.person_id == person_id, PoolMember.left_at.is_(None))
    # What is over keeps its pledges, and asks nothing of anybody.
    pledged = (
        select(Pledge.pool_id)
        .join(Pool, Pool.id == Pledge.pool_id)
        .where(Pledge.person_id == person_id, Pledge.withdrawn_at.is_(None), Pool.status == PoolStatus.OPEN)
    )
    # In one order, as everybody takes them.
    return sorted(set(session.scalars(belongs)) | set(session.scalars(pledged)))
