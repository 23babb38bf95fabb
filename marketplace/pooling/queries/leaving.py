"""Which pools count on somebody, so that their account cannot end first?"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.queries.leaving import StillOpen
from marketplace.accounts.rules import Viewer
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules import GOES_AHEAD
from marketplace.pooling.rules.nouns import PledgePart
from marketplace.pooling.rules.pools import SETTLING

_MOST_SHOWN = 50


def pools_that_count_on(session: Session, *, viewer: Viewer) -> tuple[StillOpen, ...]:
    """Return the pools past the day on which one leaves at no cost, in which the viewer still has a part."""
    found = session.execute(
        select(Pool.id, Pool.title)
        .join(Pledge, Pledge.pool_id == Pool.id)
        .where(
            Pledge.person_id == viewer.person_id,
            Pledge.withdrawn_at.is_(None),
            Pledge.part != PledgePart.RELEASED,
            Pool.status.in_((*SETTLING, *GOES_AHEAD)),
        )
        .order_by(Pool.opened_at, Pool.id)
        .limit(_MOST_SHOWN)
    )
    return tuple(StillOpen("pool", title, pool_id) for pool_id, title in found)
