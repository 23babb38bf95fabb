"""How often is something asked for, offered, chosen or declined? True counts for figures of demand, never for pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, select
from sqlalchemy.orm import Session

from marketplace.brokerage.models import Award, Brief, BriefCall, Quote
from marketplace.brokerage.rules.nouns import NoBid
from marketplace.catalogue.rules import CategorySlug, Unit
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode


@dataclass(frozen=True, slots=True)
class Times:
    """How often something happened, and how many different people’s briefs it happened to."""

    number: int
    people: int


@dataclass(frozen=True, slots=True)
class HourlyPrices:
    """What an hour costs in the quotes that were chosen, whose briefs those were, and how many providers’ they are."""

    prices: tuple[Money, ...]
    people: int
    providers: int


@dataclass(frozen=True, slots=True)
class BriefCounts:
    """What became of the briefs about one council’s area in a period, by category."""

    opened: Mapping[CategorySlug, Times] = field(default_factory=dict)
    awarded: Mapping[CategorySlug, Times] = field(default_factory=dict)
    declined: Mapping[tuple[CategorySlug, NoBid], Times] = field(default_factory=dict)
    hourly: Mapping[CategorySlug, HourlyPrices] = field(default_factory=dict)


def brief_counts(session: Session, *, council: CouncilCode, since: datetime, until: datetime) -> BriefCounts:
    """
    Return what became of briefs in a period. `until` is the first moment after it. Four queries.

    A brief belongs to the council of the area that it names. One that was never opened counts nowhere.
    """
    here = Brief.council == council
    opened = _counted().where(here, Brief.opened_at >= since, Brief.opened_at < until).group_by(Brief.category)
    awarded = (
        _counted()
        .join(Award, Award.brief_id == Brief.id)
        .where(here, *_within(Award.at, since, until))
        .group_by(Brief.category)
    )
    declined = (
        select(Brief.category, BriefCall.why_not, func.count(), func.count(Brief.person_id.distinct()))
        .join(BriefCall, BriefCall.brief_id == Brief.id)
        .where(here, *_within(BriefCall.declined_at, since, until))
        .group_by(Brief.category, BriefCall.why_not)
    )
    return BriefCounts(
        opened=_by_category(session, opened),
        awarded=_by_category(session, awarded),
        declined={
            (category, why): Times(number, people)
            for category, why, number, people in session.execute(declined)
            if category is not None and why is not None
        },
        hourly=_hourly(session, here, since=since, until=until),
    )


def councils_with_briefs(session: Session) -> frozenset[CouncilCode]:
    """Return the councils in whose areas a brief was opened."""
    found = session.scalars(select(Brief.council).where(Brief.opened_at.is_not(None)).distinct())
    return frozenset(council for council in found if council is not None)


def briefs_since(session: Session) -> datetime | None:
    """Return when the first brief was opened, or None if there has been none."""
    return session.scalar(select(func.min(Brief.opened_at)))


def _counted() -> Select[CategorySlug | None, int, int]:
    return select(Brief.category, func.count(), func.count(Brief.person_id.distinct()))


def _within(
    moment: SQLColumnExpression[datetime | None] | SQLColumnExpression[datetime], since: datetime, until: datetime
) -> tuple[ColumnElement[bool], ...]:
    return (moment >= since, moment < until)


def _by_category(session: Session, wanted: Select[CategorySlug | None, int, int]) -> dict[CategorySlug, Times]:
    return {
        category: Times(number, people) for category, number, people in session.execute(wanted) if category is not None
    }


def _hourly(
    session: Session, here: ColumnElement[bool], *, since: datetime, until: datetime
) -> dict[CategorySlug, HourlyPrices]:
    rows = session.execute(
        select(Brief.category, Quote.unit_price, Brief.person_id, Quote.organisation_id)
        .join(Award, Award.brief_id == Brief.id)
        .join(Quote, Quote.id == Award.quote_id)
        .where(here, Quote.unit == Unit.HOUR, *_within(Award.at, since, until))
    ).all()
    found: dict[CategorySlug, HourlyPrices] = {}
    for category in {row.category for row in rows if row.category is not None}:
        its = [row for row in rows if row.category == category]
        found[category] = HourlyPrices(
            prices=tuple(sorted(row.unit_price for row in its)),
            people=len({row.person_id for row in its}),
            providers=len({row.organisation_id for row in its}),
        )
    return found
