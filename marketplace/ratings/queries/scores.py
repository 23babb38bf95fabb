"""Questions about how offers are rated. Each answer is one row that is kept, whatever was written."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.rules import CategorySlug, OfferId, ProviderId, ProviderKind
from marketplace.kit.days import day_of
from marketplace.ratings.models import CategoryRating, OfferRating
from marketplace.ratings.rules.scoring import (
    FIRST_MEAN,
    NO_RATINGS,
    STAR,
    RatingSummary,
    Tally,
    Weighed,
    Working,
    summary_of,
    weighed,
    working,
)

THOUSANDTH = STAR // 1000
"""A thousandth of a star, as the mean of a category is kept, in the millionths that order is worked out in."""

# Statements are made once: putting one together takes longer than running it.
_SPREADS = select(
    OfferRating.offer_id,
    OfferRating.ones,
    OfferRating.twos,
    OfferRating.threes,
    OfferRating.fours,
    OfferRating.fives,
).where(OfferRating.offer_id.in_(bindparam("offer_ids", expanding=True)))
_STANDS = select(Offer.provider_id, Offer.category).where(Offer.id == bindparam("offer_id"))
_TALLIED = tuple(it.name for it in fields(Tally))
_SCORED = (
    select(
        OfferRating.offer_id,
        *(getattr(OfferRating, name) for name in _TALLIED),
        OfferRating.last_month,
        Provider.kind,
        CategoryRating.mean,
        CategoryRating.worked_out_at,
    )
    .join(Provider, Provider.id == OfferRating.provider_id)
    .outerjoin(CategoryRating, CategoryRating.category == OfferRating.category)
    .where(OfferRating.offer_id.in_(bindparam("offer_ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class WhereOfferStands:
    """What of an offer itself belongs to how it is rated."""

    provider_id: ProviderId
    category: CategorySlug


@dataclass(frozen=True, slots=True)
class Scored:
    """How an offer is rated, and how that orders it: as of the month that everything was last put in order."""

    summary: RatingSummary
    tally: Tally
    working: Working
    month: date
    can_be_verified: bool

    @property
    def is_told(self) -> bool:
        """Whether there are enough people for an average: below, nothing is told to anybody, by no order either."""
        return self.summary.average is not None

    @property
    def hundredths(self) -> int:
        """The average in hundredths of a star, in whole numbers."""
        stars = sum(stars * people for stars, people in enumerate(self.summary.spread, start=1))
        return stars * 100 // self.summary.count


def summaries_for(session: Session, *, offer_ids: Sequence[OfferId]) -> dict[OfferId, RatingSummary]:
    """Return what people gave each of some offers, in one query. An offer nobody rated has `NO_RATINGS`."""
    if not offer_ids:
        return {}
    rows = session.execute(_SPREADS, {"offer_ids": list(offer_ids)}).all()
    found = {offer_id: summary_of(spread) for offer_id, *spread in rows}
    return {offer_id: found.get(offer_id, NO_RATINGS) for offer_id in offer_ids}


def scores_for(session: Session, *, offer_ids: Sequence[OfferId]) -> dict[OfferId, Scored]:
    """Return how some offers are rated and ordered, in one query. An offer nobody rated is left out."""
    return {row.offer_id: _scored(row) for row in session.execute(_SCORED, {"offer_ids": list(offer_ids)})}


def where_offer_stands(session: Session, *, offer_id: OfferId) -> WhereOfferStands:
    """Return what of an offer itself belongs to how it is rated. For services."""
    row = session.execute(_STANDS, {"offer_id": offer_id}).one()
    return WhereOfferStands(provider_id=row.provider_id, category=row.category)


def weighed_by_category(session: Session, *, month: date) -> dict[CategorySlug, Weighed]:
    """Return what the offers of each category weigh together as of a month. For services."""
    columns = (getattr(OfferRating, name) for name in _TALLIED)
    rows = session.execute(
        select(OfferRating.category, Provider.kind, *columns).join(Provider, Provider.id == OfferRating.provider_id),
        execution_options={"yield_per": 1000},
    )
    sums: dict[CategorySlug, Weighed] = {}
    for category, kind, *tally in rows:
        it = weighed(Tally(*tally), month=month, can_be_verified=kind is not ProviderKind.UNIVERSAL_SERVICE)
        sums[category] = sums.get(category, Weighed(0, 0, 0)) + it
    return sums


def category_slugs(session: Session) -> Sequence[CategorySlug]:
    """Return every category, in a lasting order. For services."""
    return session.scalars(select(Category.slug).order_by(Category.slug)).all()


def moved_elsewhere(session: Session, *, offer_ids: Sequence[OfferId]) -> dict[OfferId, CategorySlug]:
    """Return those of some offers that are in another category than when they were first rated, and in which."""
    rows = session.execute(
        select(Offer.id, Offer.category)
        .join(OfferRating, OfferRating.offer_id == Offer.id)
        .where(Offer.id.in_(offer_ids), Offer.category != OfferRating.category)
    )
    return {row.id: row.category for row in rows}


def month_of_order(worked_out_at: datetime | None, last_month: date) -> date:
    """Return the month as of which an offer is ordered: when means were worked out, or that of a later review."""
    return last_month if worked_out_at is None else max(last_month, day_of(worked_out_at).replace(day=1))


def _scored(row: Row[Any]) -> Scored:
    tally = Tally(*(getattr(row, name) for name in _TALLIED))
    month = month_of_order(row.worked_out_at, row.last_month)
    can_be_verified = row.kind is not ProviderKind.UNIVERSAL_SERVICE
    usual = FIRST_MEAN if row.mean is None else row.mean * THOUSANDTH
    return Scored(
        summary=summary_of(tally.spread),
        tally=tally,
        working=working(tally, usual=usual, month=month, can_be_verified=can_be_verified),
        month=month,
        can_be_verified=can_be_verified,
    )
