"""How a pool ends without being met: its opener closes it, or its last day passes."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit
from marketplace.kit.errors import NotAllowedError
from marketplace.pooling import rules
from marketplace.pooling.rules import PoolId, PoolStatus, known
from marketplace.pooling.services import letters
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked
from marketplace.pooling.services.pledging import PoolClosedError, members


class NotYourPoolError(NotAllowedError):
    """Only whoever opened a pool may close it for everybody."""


def withdraw_pool(session: Session, *, pool_id: PoolId, by: PersonId, address: PoolAddress, now: datetime) -> None:
    """
    Close a forming pool for everybody, and tell them. It costs nobody anything.

    :raises PoolNotFoundError: if there is no such pool, or it is kept from view.
    :raises NotYourPoolError: if somebody else opened it.
    :raises PoolClosedError: if the pool is over, or its last day has passed.
    """
    pool = locked(session, pool_id=pool_id)
    if pool.opened_by != by:
        raise NotYourPoolError("Only the person who opened this pool can close it. You can leave it.")
    if not rules.accepts_pledges(status=pool.status, closes_at=known(pool.closes_at), now=now):
        raise PoolClosedError("This pool is over, so it cannot be closed again.")
    pool.status, pool.closed_at = rules.next_status(status=pool.status, wanted=PoolStatus.WITHDRAWN), now
    audit.record(session, by=by, did="withdrew", to_kind="pool", to_id=pool_id, now=now)
    others = [person_id for person_id in members(session, pool_id=pool_id) if person_id != by]
    letters.tell_members_it_was_withdrawn(session, pool=pool, people=others, address=address, now=now)
    session.flush()


def close_lapsed_pool(session: Session, *, pool_id: PoolId, address: PoolAddress, now: datetime) -> bool:
    """
    Close a pool whose last day has passed, tell the people in it, and return whether there was anything to do.

    Safe to do twice, and from two places at once: the second finds it closed.

    :raises PoolNotFoundError: if there is no such pool.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    if pool.status is not PoolStatus.OPEN or now < known(pool.closes_at):
        return False
    pool.status, pool.closed_at = rules.next_status(status=pool.status, wanted=PoolStatus.EXPIRED), now
    audit.record(session, by=None, did="lapsed", to_kind="pool", to_id=pool_id, now=now)
    people = members(session, pool_id=pool_id)
    letters.tell_members_it_lapsed(session, pool=pool, people=people, address=address, now=now)
    session.flush()
    return True
