"""Taking hold of one pool, so that everybody who would change it queues."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.kit.errors import NotFoundError
from marketplace.pooling.models import Pool
from marketplace.pooling.rules.nouns import PoolId

_LOCKED = (
    select(Pool).where(Pool.id == bindparam("pool_id")).with_for_update().execution_options(populate_existing=True)
)


class PoolNotFoundError(NotFoundError):
    """There is no such pool, or it is kept from view, or this person may not know of it."""


def locked(session: Session, *, pool_id: PoolId, even_held: bool = False) -> Pool:
    """
    Return a pool with its row locked, so that everybody who would change it queues.

    :raises PoolNotFoundError: if there is no such pool, or it is kept from view.
    """
    pool = session.scalars(_LOCKED, {"pool_id": pool_id}).one_or_none()
    if pool is None or (pool.held_at is not None and not even_held):
        raise PoolNotFoundError("We could not find that pool.")
    return pool
