"""Which pools have gone quiet: for the job that asks about them."""

from datetime import datetime

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.pooling.models import Pledge, Pool, PoolCriterion, PoolMember, PoolMessage, PoolProposal, PoolStep
from marketplace.pooling.rules.nouns import PoolId, PoolStatus
from marketplace.pooling.rules.starting import NUDGED_EVERY, QUIET_AFTER


def quiet_pools(session: Session, *, now: datetime, limit: int = 200, only: PoolId | None = None) -> list[PoolId]:
    """
    Return the pools that are finding people or are open, in which nothing has happened for two weeks, oldest first.

    Joining, pledging, writing and getting ready are something. Those that were asked about lately are left in peace.
    """
    quiet = [
        or_(newest.is_(None), newest <= now - QUIET_AFTER)
        for newest in (
            _newest(PoolMember.joined_at, PoolMember.pool_id),
            _newest(Pledge.pledged_at, Pledge.pool_id),
            _newest(PoolMessage.said_at, PoolMessage.pool_id),
            _newest(PoolStep.said_at, PoolStep.pool_id),
            _newest(PoolCriterion.said_at, PoolCriterion.pool_id),
            _newest(PoolProposal.asked_at, PoolProposal.pool_id),
        )
    ]
    return list(
        session.scalars(
            select(Pool.id)
            .where(
                Pool.status.in_((PoolStatus.DRAFT, PoolStatus.OPEN)),
                Pool.held_at.is_(None),
                Pool.opened_at <= now - QUIET_AFTER,
                or_(Pool.nudged_at.is_(None), Pool.nudged_at <= now - NUDGED_EVERY),
                or_(Pool.closes_at.is_(None), Pool.closes_at > now),
                *quiet,
                *([] if only is None else [Pool.id == only]),
            )
            .order_by(Pool.opened_at, Pool.id)
            .limit(limit)
        )
    )


def _newest(moment: InstrumentedAttribute[datetime], pool_id: InstrumentedAttribute[PoolId]) -> ScalarSelect[datetime]:
    return select(func.max(moment)).where(pool_id == Pool.id).correlate(Pool).scalar_subquery()
