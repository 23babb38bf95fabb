"""True counts of pools, for `demand`, which hides what is small before anybody sees it. Never for a page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.places import CouncilCode
from marketplace.pooling.models import Pool
from marketplace.pooling.rules.nouns import PoolStatus

# That people think about clubbing together is nobody's business until they can pledge.
_OPENED = (Pool.status != PoolStatus.DRAFT, Pool.closes_at.is_not(None))


@dataclass(frozen=True, slots=True)
class PoolsInCategory:
    """How many pools, and how many different people opened them."""

    pools: int
    people: int


@dataclass(frozen=True, slots=True)
class PoolCounts:
    """Pools opened, and pools met, by category."""

    opened: dict[CategorySlug, PoolsInCategory]
    met: dict[CategorySlug, PoolsInCategory]


def pool_counts(session: Session, *, council: CouncilCode, since: datetime, until: datetime) -> PoolCounts:
    """
    Return how many pools people of one council opened, and how many of their pools were met, in a period.

    A pool belongs to the council of the person who opened it. `until` is the first moment after the period. People who
    only look for each other count nowhere.
    """
    opened = _counted(Pool.council == council, Pool.opened_at >= since, Pool.opened_at < until)
    met = _counted(
        Pool.council == council,
        Pool.confirmed_at >= since,
        Pool.confirmed_at < until,
    )
    return PoolCounts(
        opened=_by_category(session, opened),
        met=_by_category(session, met),
    )


def councils_with_pools(session: Session) -> frozenset[CouncilCode]:
    """Return the councils whose people have opened a pool."""
    found = session.scalars(select(Pool.council).where(*_OPENED).distinct())
    return frozenset(council for council in found if council is not None)


def pools_since(session: Session) -> datetime | None:
    """Return when the first pool was opened, or None if there has been none."""
    return session.scalar(select(func.min(Pool.opened_at)).where(*_OPENED))


def _by_category(
    session: Session, wanted: Select[CategorySlug | None, int, int]
) -> dict[CategorySlug, PoolsInCategory]:
    return {
        category: PoolsInCategory(pools, people)
        for category, pools, people in session.execute(wanted)
        if category is not None
    }


def _counted(*wanted: ColumnElement[bool]) -> Select[CategorySlug | None, int, int]:
    return (
        select(Pool.category, func.count(), func.count(Pool.opened_by.distinct()))
        .where(*_OPENED, *wanted)
        .group_by(Pool.category)
    )
