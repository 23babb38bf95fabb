"""What is in a plan now, and what was in it when it was kept? Every question filters by who may see it."""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, false, select
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
from marketplace.brokerage.queries.plans import PlanSeen, seen_by
from marketplace.brokerage.rules.contents import Contents, KeptFile, KeptItem, KeptLine, KeptSupporter
from marketplace.brokerage.rules.costing import PriceState, Times, state_of
from marketplace.brokerage.rules.nouns import Circle, CostedBy, LineId, OutcomeId, Part, PartOfDay, PlanId
from marketplace.catalogue.models import Offer, OfferPrice, Provider
from marketplace.catalogue.queries.terms import price_of
from marketplace.catalogue.rules import OfferId, OfferStatus, Price, Unit, price_for
from marketplace.kit.money import Money
from marketplace.kit.sentences import worded
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementStatus

_PARTS_OF_A_DAY = list(PartOfDay)
_CIRCLES = list(Circle)
_PARTS = list(Part)
_UNDER_WAY = (ArrangementStatus.ASKED, ArrangementStatus.ACCEPTED)


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


@dataclass(frozen=True, slots=True)
class LinesNow:
    """The lines of a plan as they are on a day, their offers, who added them, and which are arranged already."""

    lines: tuple[KeptLine, ...]
    offers: Mapping[OfferId, OfferSaid]
    adders: Mapping[PersonId, str]
    promised: frozenset[LineId]


def plan_contents(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date, around: Around) -> Contents:
    """Return what is in a plan that the viewer may see on a day. Of one they may not, nothing."""
    return contents_where(session, plan_id, seen_by(viewer, on=on), on=on, around=around)


def plan_lines(session: Session, *, plan: PlanSeen, viewer: Viewer, on: date, around: Around) -> LinesNow:
    """Return the lines of a plan that the viewer may see on a day. Of one they may not, none."""
    its = select(Plan.id).where(Plan.id == plan.id, seen_by(viewer, on=on))
    promised = _is_promised(plan.person_id) if plan.sees_budgets else false()
    return _lines_now(session, PlanLine.plan_id.in_(its), on=on, around=around, promised=promised)


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
        lines=_lines_now(session, PlanLine.plan_id.in_(its), on=on, around=around, promised=false()).lines,
        week=_week(session, WeekItem.plan_id.in_(its)),
        files=_files(session, PlanFile.plan_id.in_(its)),
        supporters=_supporters(session, Supporter.plan_id.in_(its)),
    )


def offers_said(session: Session, offer_ids: Collection[OfferId], *, on: date) -> dict[OfferId, OfferSaid]:
    """Return what some offers are called and cost on a day, whatever has become of them. One query."""
    if not offer_ids:
        return {}
    rows = session.execute(
        select(Offer.id, Offer.title, Offer.status, Offer.is_free, Provider.name, OfferPrice)
        .join(Provider, Provider.id == Offer.provider_id)
        .outerjoin(OfferPrice, and_(OfferPrice.offer_id == Offer.id, Offer.is_free.is_(False)))
        .where(Offer.id.in_(offer_ids))
        .order_by(Offer.id, OfferPrice.edition, OfferPrice.people_from)
    )
    return {offer_id: _offer_said(list(its), on=on) for offer_id, its in groupby(rows, key=lambda row: row.id)}


def _offer_said(rows: Sequence[Row[*tuple[Any, ...]]], *, on: date) -> OfferSaid:
    """Return one offer, of which there is a row for each price it ever had."""
    offer = rows[0]
    prices = [price_of(row.OfferPrice) for row in rows if row.OfferPrice is not None]
    now = price_for(prices, people=1, on=on)
    return OfferSaid(
        title=offer.title,
        by=offer.name,
        is_there=offer.status is OfferStatus.LIVE,
        is_free=offer.is_free,
        unit=unit_said(now) if now else "",
        unit_price=now.amount if now else None,
        next_price=_next(prices, now, on=on),
    )


def unit_said(price: Price) -> str:
    """Return what follows an amount: `an hour`, `each`, `for a package of 8 hours`."""
    if price.unit is Unit.PACKAGE and price.hours:
        return worded("for a package of {normalize:f} hours", normalize=price.hours.normalize())
    return price.unit.each


def _next(prices: Collection[Price], now: Price | None, *, on: date) -> tuple[Money, date] | None:
    for day in sorted({price.begins_on for price in prices if price.begins_on > on}):
        then = price_for(prices, people=1, on=day)
        if then is not None and (now is None or then.amount != now.amount or then.unit is not now.unit):
            return then.amount, day
    return None


def _offers(lines: Collection[PlanLine]) -> set[OfferId]:
    return {line.offer_id for line in lines if line.offer_id is not None}


def _is_promised(person_id: PersonId) -> ColumnElement[bool]:
    """Return, of each line, whether the person has asked for its offer, or has it."""
    return exists().where(
        Arrangement.person_id == person_id,
        Arrangement.offer_id == PlanLine.offer_id,
        Arrangement.status.in_(_UNDER_WAY),
    )


def _lines_now(
    session: Session,
    where: ColumnElement[bool],
    *,
    on: date,
    around: Around,
    promised: ColumnElement[bool],
) -> LinesNow:
    seller = aliased(Organisation)
    rows = session.execute(
        select(PlanLine, Person.name.label("adder"), seller.name.label("seller"), promised.label("is_promised"))
        .join(Person, Person.id == PlanLine.added_by)
        .join(seller, seller.id == PlanLine.sold_by, isouter=True)
        .where(where)
        .order_by(PlanLine.position)
    ).all()
    lines = [row.PlanLine for row in rows]
    offers = offers_said(session, _offers(lines), on=on)
    outcomes = around.outcomes({line.outcome_id for line in lines}) if lines else {}
    keys = {line.pool_key for line in lines if line.pool_key is not None}
    pools = around.pools(keys) if keys else {}
    return LinesNow(
        lines=tuple(
            _line(
                row.PlanLine,
                offers=offers,
                pools=pools,
                outcome=outcomes.get(row.PlanLine.outcome_id, ""),
                sold_by=row.seller or "",
            )
            for row in rows
        ),
        offers=offers,
        adders={row.PlanLine.added_by: row.adder for row in rows},
        promised=frozenset(row.PlanLine.id for row in rows if row.is_promised),
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
