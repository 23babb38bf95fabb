"""The rota of a pool: what is to be done, on which day, and who does it."""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.pooling.models import PoolTurn
from marketplace.pooling.queries.membership import fellows, my_membership
from marketplace.pooling.rules.nouns import PoolId, TurnId
from marketplace.pooling.rules.space import clock_words


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One line of the rota."""

    id: TurnId
    held_on: date
    starts_at: time | None
    what: str
    # What whoever does it is called; empty if nobody does it, or whoever did has left.
    done_by: str
    is_mine: bool
    viewer_may_cross_out: bool

    @property
    def clock(self) -> str:
        """When it is, as people say it: `2:30pm`."""
        return clock_words(self.starts_at) if self.starts_at else ""

    @property
    def is_free(self) -> bool:
        """Whether it can be taken."""
        return not self.done_by


@dataclass(frozen=True, slots=True)
class Rota:
    """What lies ahead of a pool, the next day first."""

    pool_id: PoolId
    pool_title: str
    lines: tuple[TurnLine, ...]

    @property
    def free(self) -> int:
        """How many turns nobody has taken."""
        return sum(line.is_free for line in self.lines)


def rota_of(session: Session, *, pool_id: PoolId, viewer: Viewer, today: date) -> Rota | None:
    """Return what lies ahead on the rota of a pool, for its members alone. There are never more than fit on a page."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    names = {each.person_id: each.called for each in fellows(session, pool_id=pool_id, viewer=viewer)}
    rows = session.scalars(
        select(PoolTurn)
        .where(PoolTurn.pool_id == pool_id, PoolTurn.held_on >= today)
        .order_by(PoolTurn.held_on, PoolTurn.starts_at.is_not(None), PoolTurn.starts_at, PoolTurn.id)
    )
    return Rota(
        pool_id=pool_id,
        pool_title=mine.pool_title,
        lines=tuple(
            TurnLine(
                id=row.id,
                held_on=row.held_on,
                starts_at=row.starts_at,
                what=row.what,
                done_by=names.get(row.person_id, "") if row.person_id else "",
                is_mine=row.person_id == viewer.person_id,
                viewer_may_cross_out=mine.is_champion or row.made_by == viewer.person_id,
            )
            for row in rows
        ),
    )
