"""What is in a plan now, and what was in it when it was kept? Every question filters by who may see it."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import Organisation, Person
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.brokerage.models import (
    Plan,
    PlanFile,
    PlanLine,
    PlanPart,
    Supporter,
    WeekItem,
)
from marketplace.brokerage.queries.plans import seen_by
from marketplace.brokerage.rules.contents import Contents, KeptFile, KeptItem, KeptLine, KeptSupporter
from marketplace.brokerage.rules.costing import PriceState, Times, state_of
from marketplace.brokerage.rules.nouns import Circle, CostedBy, OutcomeId, Part, PartOfDay, PlanId
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.queries import prices_of
from marketplace.catalogue.rules import OfferId, OfferStatus, Price, Unit, price_for
from marketplace.kit.money import Money

_PARTS_OF_A_DAY = list(PartOfDay)
_CIRCLES = list(Circle)
_PARTS = list(Part)


@dataclass(frozen=True, slots=True)
class PricedElsewhere:
    """What a pool says a line costs. One that is over or hidden is not `is_there`."""

    title: str
    by: str
    unit: str
    unit_price: Money | None
    is_there: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What packages above this one know about a plan: what outcomes are called, and what pools cost."""

    outcomes: Callable[[Collection[OutcomeId]], Mapping[OutcomeId, str]]
    pools: Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, PricedElsewhere]]


@dataclass(frozen=True, slots=True)
class OfferSaid:
    """An offer as a plan shows it: what it costs today, and from when it costs something else."""

    title: str
    by: str
    is_there: bool
    is_free: bool
    unit: str
    unit_price: Money | None
    next_price: tuple[Money, date] | None


def plan_contents(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date, around: Around) -> Contents:
    """Return what is in a plan that the viewer may see on a day. Of one they may not, nothing."""
    return contents_where(session, plan_id, seen_by(viewer, on=on), on=on, around=around)


@dataclass(frozen=True, slots=True)
class LinesNow:
    """The lines of a plan as they are on a day, the offers they are about, and who added each."""

    lines: tuple[KeptLine, ...]
    offers: Mapping[OfferId, OfferSaid]
    adders: Mapping[PersonId, str]


def plan_lines(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date, around: Around) -> LinesNow:
    """Return the lines of a plan that the viewer may see on a day. Of one they may not, none."""
    its = select(Plan.id).where(Plan.id == plan_id, seen_by(viewer, on=on))
    return _lines_now(session, PlanLine.plan_id.in_(its), on=on, around=around)


def contents_where(
    session: Session, plan_id: PlanId, allowed: ColumnElement[bool], *, on: date, around: Around
) -> Contents:
    """Return what is in a plan under a filter that says who may see it. A fixed number of queries."""
    its = select(Plan.id).where(Plan.id == plan_id, allowed)
    words = {
        row.part: row.words
        for row in session.execute(select(PlanPart.part, PlanPart.words).where(PlanPart.plan_id.in_(its)))
    }
    return Contents(
        parts={part: words.get(part, "") for part in Part},
        lines=_lines_now(session, PlanLine.plan_id.in_(its), on=on, around=around).lines,
        week=_week(session, WeekItem.plan_id.in_(its)),
        files=_files(session, PlanFile.plan_id.in_(its)),
        supporters=_supporters(session, Supporter.plan_id.in_(its)),
    )


def offers_said(session: Session, offer_ids: Collection[OfferId], *, on: date) -> dict[OfferId, OfferSaid]:
    """Return what some offers are called and cost on a day, whatever has become of them. Two queries."""
    if not offer_ids:
        return {}
    rows = session.execute(
        select(Offer.id, Offer.title, Offer.status, Offer.is_free, Provider.name)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Offer.id.in_(offer_ids))
    ).all()
    prices = prices_of(session, offer_ids=[row.id for row in rows if not row.is_free])
    found = {}
    for row in rows:
        now = price_for(prices.get(row.id, ()), people=1, on=on)
        found[row.id] = OfferSaid(
            title=row.title,
            by=row.name,
            is_there=row.status is OfferStatus.LIVE,
            is_free=row.is_free,
            unit=unit_said(now) if now else "",
            unit_price=now.amount if now else None,
            next_price=_next(prices.get(row.id, ()), now, on=on),
        )
    return found


def unit_said(price: Price) -> str:
    """Return what follows an amount: `an hour`, `each`, `for a package of 8 hours`."""
    if price.unit is Unit.PACKAGE and price.hours:
        return f"for a package of {price.hours.normalize():f} hours"
    return price.unit.each


def _next(prices: Collection[Price], now: Price | None, *, on: date) -> tuple[Money, date] | None:
    for day in sorted({price.begins_on for price in prices if price.begins_on > on}):
        then = price_for(prices, people=1, on=day)
        if then is not None and (now is None or then.amount != now.amount or then.unit is not now.unit):
            return then.amount, day
    return None


def _offers(lines: Collection[PlanLine]) -> set[OfferId]:
    return {line.offer_id for line in lines if line.offer_id is not None}


def _lines_now(session: Session, where: ColumnElement[bool], *, on: date, around: Around) -> LinesNow:
    seller = aliased(Organisation)
    rows = session.execute(
        select(PlanLine, Person.name, seller.name)
        .join(Person, Person.id == PlanLine.added_by)
        .join(seller, seller.id == PlanLine.sold_by, isouter=True)
        .where(where)
        .order_by(PlanLine.position)
    ).all()
    lines = [row[0] for row in rows]
    offers = offers_said(session, _offers(lines), on=on)
    outcomes = around.outcomes({line.outcome_id for line in lines}) if lines else {}
    keys = {line.pool_key for line in lines if line.pool_key is not None}
    pools = around.pools(keys) if keys else {}
    return LinesNow(
        lines=tuple(
            _line(
                line, offers=offers, pools=pools, outcome=outcomes.get(line.outcome_id, ""), sold_by=seller_name or ""
            )
            for line, _adder, seller_name in rows
        ),
        offers=offers,
        adders={line.added_by: adder for line, adder, _seller_name in rows},
    )


def _line(
    line: PlanLine,
    *,
    offers: Mapping[OfferId, OfferSaid],
    pools: Mapping[uuid.UUID, PricedElsewhere],
    outcome: str,
    sold_by: str,
) -> KeptLine:
    said = _said(line, offers, pools)
    state = state_of(
        costed_by=line.costed_by,
        is_there=said is not None and said.is_there,
        unit_price=said.unit_price if said else None,
        is_free=isinstance(said, OfferSaid) and said.is_free,
    )
    return KeptLine(
        id=line.id,
        outcome_id=line.outcome_id,
        outcome=outcome,
        wish=line.wish,
        what_would_help=line.what_would_help,
        costed_by=line.costed_by,
        state=state,
        offer_id=line.offer_id,
        pool_key=line.pool_key,
        title=said.title if said else "",
        by=said.by if said else "",
        unit=said.unit if said else "",
        unit_price=said.unit_price if said and state is PriceState.KNOWN else None,
        own_price=line.own_price,
        times=Times(line.quantity, line.how_often, line.weeks),
        sold_by=sold_by,
        added_by=line.added_by,
        sold_by_id=line.sold_by,
    )


def _said(
    line: PlanLine, offers: Mapping[OfferId, OfferSaid], pools: Mapping[uuid.UUID, PricedElsewhere]
) -> OfferSaid | PricedElsewhere | None:
    if line.costed_by is CostedBy.OWN_PRICE:
        return PricedElsewhere("", "", "each time", line.own_price, is_there=True)
    if line.offer_id is not None:
        return offers.get(line.offer_id)
    return pools.get(line.pool_key) if line.pool_key is not None else None


def _week(session: Session, where: ColumnElement[bool]) -> tuple[KeptItem, ...]:
    items = session.scalars(select(WeekItem).where(where).order_by(WeekItem.day, WeekItem.position)).all()
    return tuple(
        KeptItem(it.day, it.part_of_day, it.words, it.drawing, it.file_id, it.line_id)
        for it in sorted(items, key=lambda it: (it.day, _PARTS_OF_A_DAY.index(it.part_of_day), it.position))
    )


def _files(session: Session, where: ColumnElement[bool]) -> tuple[KeptFile, ...]:
    rows = session.execute(
        select(PlanFile.id, PlanFile.part, PlanFile.kind, PlanFile.said, PlanFile.name, PlanFile.media_type)
        .where(where, PlanFile.removed_at.is_(None))
        .order_by(PlanFile.added_at, PlanFile.id)
    )
    return tuple(sorted((KeptFile(*row) for row in rows), key=lambda file: _PARTS.index(file.part)))


def _supporters(session: Session, where: ColumnElement[bool]) -> tuple[KeptSupporter, ...]:
    rows = session.execute(
        select(Supporter.circle, Supporter.called, Supporter.how).where(where).order_by(Supporter.called, Supporter.id)
    )
    return tuple(sorted((KeptSupporter(*row) for row in rows), key=lambda it: _CIRCLES.index(it.circle)))
