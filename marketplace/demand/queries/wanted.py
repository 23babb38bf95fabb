"""What is wanted and missing: the wall for one council, from the latest release and nothing else."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.demand.queries import released
from marketplace.demand.rules.wanted import Wanted, wall
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND, ladder_of
from marketplace.pooling.models import Pool
from marketplace.pooling.queries.wishes import households
from marketplace.pooling.rules.nouns import PoolId, PoolStatus
from marketplace.pooling.rules.starting import people_shown

_POOLS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Wall:
    """What people wanted in a quarter. `near` is of the council asked for, or of England if none was."""

    quarter: Quarter
    near: tuple[Wanted, ...]
    further: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class SeekingPool:
    """A pool that everybody can see, and that has no provider yet. `people` is 0 where there are too few to say."""

    id: PoolId
    title: str
    area: str
    people: int


def wall_of(session: Session, *, council: CouncilCode | None) -> Wall | None:
    """Return the wall of a council, its region's figures beside its own, or of England. None: nothing is released."""
    quarter = next(iter(released.released_quarters(session)), None)
    if quarter is None:
        return None
    # England as a whole says little to whoever is asked for in one place: it stands only where no place is given.
    areas = ladder_of(council)[:-1] if council else (ENGLAND,)
    figures = released.figures_of(session, areas=areas, quarters=(quarter,))
    near, further = wall(tuple(figures[area, quarter] for area in areas if (area, quarter) in figures))
    return Wall(quarter, near, further)


def pools_without_provider(session: Session, *, council: CouncilCode | None) -> tuple[SeekingPool, ...]:
    """Return the newest listed pools that have no offer yet, of a council or of all: what anybody may see of them."""
    wanted = select(Pool.id, Pool.title, Pool.place_name, households().label("people")).where(
        Pool.status == PoolStatus.DRAFT, Pool.is_listed.is_(True), Pool.held_at.is_(None), Pool.offer_id.is_(None)
    )
    if council is not None:
        wanted = wanted.where(Pool.council == council)
    rows = session.execute(wanted.order_by(Pool.opened_at.desc(), Pool.id).limit(_POOLS_SHOWN))
    return tuple(SeekingPool(row.id, row.title, row.place_name, people_shown(row.people)) for row in rows)
