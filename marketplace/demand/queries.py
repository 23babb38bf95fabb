"""Questions about demand. What is counted here is true and stays inside; what pages read is what was released."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import Permission, Viewer
from marketplace.brokerage.queries import market
from marketplace.brokerage.rules.nouns import NoBid
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import CategorySlug
from marketplace.demand import rules
from marketplace.demand.models import Release
from marketplace.demand.rules import CategoryCounts, Counted, Quarter, ReleaseId
from marketplace.kit.days import day_of
from marketplace.kit.places import CouncilCode
from marketplace.pooling import queries as pooling
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.search.models import Miss

_NOT_DEMAND = (ArrangementStatus.WITHDRAWN, ArrangementStatus.DECLINED)


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One row of a release as a page shows it: figures are words already, hidden ones too."""

    category: str
    people: str
    arrangements: str
    pools_opened: str
    pools_met: str
    searches: str
    # None: released before briefs were counted.
    briefs: str | None = None
    awards: str | None = None
    hourly_price: str | None = None
    no_bids: tuple[str, ...] = ()

    @property
    def figures(self) -> tuple[str, ...]:
        """Its figures about everything but briefs, in the order of the columns."""
        return (self.people, self.arrangements, self.pools_opened, self.pools_met, self.searches)

    @property
    def of_briefs(self) -> tuple[str, ...]:
        """Its figures about briefs, in the order of the columns: none if they were not counted yet."""
        if self.briefs is None or self.awards is None or self.hourly_price is None:
            return ()
        return (self.briefs, self.awards, self.hourly_price)


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """One release, and which others there are for the same council, newest first."""

    council: CouncilCode
    quarter: Quarter
    built_at: datetime
    sha256: str
    rows: tuple[ReleaseRow, ...]
    quarters: tuple[Quarter, ...]

    @property
    def shown(self) -> int:
        """How many of its figures are shown."""
        return sum(figure != rules.NOT_SHOWN for figure in self._figures)

    @property
    def of_all(self) -> int:
        """How many figures it has, shown or not."""
        return len(self._figures)

    @property
    def counts_briefs(self) -> bool:
        """Whether briefs were counted when it was released."""
        return any(row.of_briefs for row in self.rows)

    @property
    def _figures(self) -> tuple[str, ...]:
        return tuple(figure for row in self.rows for figure in (*row.figures, *row.of_briefs, *row.no_bids))


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One release as it is downloaded."""

    id: ReleaseId
    council: CouncilCode
    quarter: Quarter
    content: bytes
    sha256: str


def release_page(session: Session, *, viewer: Viewer, quarter: Quarter | None) -> ReleasePage | None:
    """Return one release of the viewer's own council, the newest if no quarter is named, or None. Two queries."""
    quarters = released_quarters(session, viewer=viewer)
    wanted = quarter or (quarters[0] if quarters else None)
    if wanted is None or wanted not in quarters:
        return None
    release = session.scalars(_release_of(viewer, wanted)).one()
    return ReleasePage(
        council=release.council,
        quarter=wanted,
        built_at=release.built_at,
        sha256=release.sha256,
        # Read back from the frozen file, so that the page and the download can never differ.
        rows=tuple(_row(row) for row in csv.DictReader(io.StringIO(release.content.decode()))),
        quarters=quarters,
    )


def released_quarters(session: Session, *, viewer: Viewer) -> tuple[Quarter, ...]:
    """Return the quarters released for the viewer's own council, newest first. Nobody else's council has any."""
    if not viewer.may(Permission.READ_DEMAND):
        return ()
    rows = session.execute(
        select(Release.year, Release.quarter)
        .where(Release.council == viewer.council)
        .order_by(Release.year.desc(), Release.quarter.desc())
    )
    return tuple(Quarter(row.year, row.quarter) for row in rows)


def release_file(session: Session, *, viewer: Viewer, council: CouncilCode, quarter: Quarter) -> ReleaseFile | None:
    """Return the frozen file of one release. To a commissioner of another council there is none."""
    if not viewer.may(Permission.READ_DEMAND) or viewer.council != council:
        return None
    release = session.scalars(_release_of(viewer, quarter)).one_or_none()
    if release is None:
        return None
    return ReleaseFile(
        id=release.id, council=release.council, quarter=quarter, content=release.content, sha256=release.sha256
    )


def unreleased(session: Session, *, today: date) -> tuple[tuple[CouncilCode, Quarter], ...]:
    """
    Return every council and closed quarter that has no release yet, oldest first.

    Councils are those with a commissioner, and those where anything happened; quarters run from the first fact of all.
    """
    first = _first_fact_on(session)
    if first is None:
        return ()
    have = {
        (council, Quarter(year, quarter))
        for council, year, quarter in session.execute(select(Release.council, Release.year, Release.quarter))
    }
    councils = sorted(_councils(session))
    return tuple(
        (council, quarter)
        for quarter in rules.closed_quarters(since=first, today=today)
        for council in councils
        if (council, quarter) not in have
    )


def true_counts(session: Session, *, council: CouncilCode, quarter: Quarter) -> tuple[CategoryCounts, ...]:
    """Return the true counts of every category, in the catalogue's order. Only the service that releases them asks."""
    asked = _asked(session, council, quarter)
    pools = pooling.pool_counts(session, council=council, since=quarter.starts_at, until=quarter.ends_at)
    searches = _searches(session, council, quarter)
    briefs = market.brief_counts(session, council=council, since=quarter.starts_at, until=quarter.ends_at)
    shelves = [(shelf.slug, shelf.name) for shelf in catalogue.categories(session)]
    return (
        *(
            CategoryCounts(
                category=slug,
                name=name,
                people=Counted(asked[slug].people or 0) if slug in asked else Counted(),
                arrangements=asked.get(slug, Counted()),
                pools_opened=_pools(pools.opened, slug),
                pools_met=_pools(pools.met, slug),
                searches=Counted(searches.get(slug, 0)),
                briefs=_times(briefs.opened.get(slug)),
                awards=_times(briefs.awarded.get(slug)),
                hourly_price=_hourly(briefs.hourly.get(slug)),
                no_bids={reason: _times(briefs.declined.get((slug, reason))) for reason in NoBid},
            )
            for slug, name in shelves
        ),
        CategoryCounts(
            category=rules.ANY_CATEGORY, name=rules.ANY_CATEGORY_NAME, searches=Counted(searches.get(None, 0))
        ),
    )


def _release_of(viewer: Viewer, quarter: Quarter) -> Select[Release]:
    return select(Release).where(
        Release.council == viewer.council, Release.year == quarter.year, Release.quarter == quarter.number
    )


def _row(row: Mapping[str, str]) -> ReleaseRow:
    return ReleaseRow(
        category=row["category"],
        people=row["people"],
        arrangements=row["arrangements"],
        pools_opened=row["pools_opened"],
        pools_met=row["pools_met"],
        searches=row["searches_with_no_result"],
        briefs=row.get("briefs_opened"),
        awards=row.get("quotes_chosen"),
        hourly_price=row.get("price_of_an_hour"),
        no_bids=tuple(row[f"no_quote_{reason}"] for reason in NoBid if f"no_quote_{reason}" in row),
    )


def _asked(session: Session, council: CouncilCode, quarter: Quarter) -> dict[str, Counted]:
    rows = session.execute(
        select(Arrangement.category, func.count(), func.count(Arrangement.person_id.distinct()))
        .where(
            Arrangement.council == council,
            Arrangement.asked_at >= quarter.starts_at,
            Arrangement.asked_at < quarter.ends_at,
            Arrangement.status.not_in(_NOT_DEMAND),
        )
        .group_by(Arrangement.category)
    )
    return {category: Counted(arrangements, people) for category, arrangements, people in rows}


def _searches(session: Session, council: CouncilCode, quarter: Quarter) -> dict[str | None, int]:
    rows = session.execute(
        select(Miss.category, func.count())
        .where(Miss.council == council, Miss.on >= quarter.starts_on, Miss.on < quarter.ends_on)
        .group_by(Miss.category)
    )
    return {category: number for category, number in rows}


def _pools(counts: Mapping[CategorySlug, pooling.PoolsInCategory], slug: CategorySlug) -> Counted:
    found = counts.get(slug)
    return Counted(found.pools, found.people) if found else Counted()


def _times(found: market.Times | None) -> Counted:
    return Counted(found.number, found.people) if found else Counted()


def _hourly(found: market.HourlyPrices | None) -> str:
    if found is None:
        return rules.NOT_SHOWN
    return rules.shown_price(found.prices, people=found.people, providers=found.providers)


def _councils(session: Session) -> frozenset[CouncilCode]:
    asked = session.scalars(select(Arrangement.council).distinct())
    missed = session.scalars(select(Miss.council).distinct())
    commissioners = session.scalars(select(RoleGrant.council).distinct())
    found = {council for some in (asked, missed, commissioners) for council in some if council is not None}
    return pooling.councils_with_pools(session) | market.councils_with_briefs(session) | found


def _first_fact_on(session: Session) -> date | None:
    moments = (
        session.scalar(select(func.min(Arrangement.asked_at))),
        pooling.pools_since(session),
        market.briefs_since(session),
    )
    days = [day_of(moment) for moment in moments if moment is not None]
    missed = session.scalar(select(func.min(Miss.on)))
    return min([*days, missed] if missed else days, default=None)
