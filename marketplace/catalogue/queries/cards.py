"""What lists of offers show of each: two queries, however long the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, String, bindparam, cast, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue import rules
from marketplace.catalogue.models import Category, Offer, OfferAccess, Provider
from marketplace.catalogue.queries.terms import prices_of
from marketplace.catalogue.rules import (
    AccessFact,
    Capacity,
    CategorySlug,
    OfferId,
    OfferStatus,
    Price,
    ProviderId,
    ProviderKind,
    Rate,
    Setting,
)
from marketplace.kit.days import day_of
from marketplace.kit.places import CouncilCode, Point

ACCESS = (
    select(func.aggregate_strings(cast(OfferAccess.fact, String(40)), ","))
    .where(OfferAccess.offer_id == Offer.id)
    .correlate(Offer)
    .scalar_subquery()
    .label("access")
)
"""The access facts of an offer as a column: see `in_order`."""

# Made once, and only of what a card shows: putting a statement together takes longer than running it.
_CARDS = (
    select(
        Offer.id,
        Offer.title,
        Offer.description,
        Offer.category,
        Offer.status,
        Offer.setting,
        Offer.travels_metres,
        Offer.postcode,
        Offer.easting,
        Offer.northing,
        Offer.council,
        Offer.is_free,
        Offer.capacity,
        Offer.capacity_on,
        Offer.source,
        Offer.confirmed_at,
        Offer.updated_at,
        Offer.provider_id,
        Provider.name.label("provider_name"),
        Provider.kind,
        Category.name.label("category_name"),
        ACCESS,
    )
    .join(Provider, Provider.id == Offer.provider_id)
    .join(Category, Category.slug == Offer.category)
    .where(Offer.id.in_(bindparam("offer_ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class OfferCard:
    """
    One offer in a list. `district` is the first part of its postcode: enough to choose by, and no one's front door.

    `point` is where people go; what comes to them has none, because it starts from somebody's home.
    `price` is what one person pays today and `group_price` what each pays from so many people; None is not known.
    `is_published` means that it was taken from a published list, and nobody but that list confirms it.
    """

    id: OfferId
    title: str
    description: str
    category: CategorySlug
    category_name: str
    provider_id: ProviderId
    provider_name: str
    kind: ProviderKind
    setting: Setting
    travels_metres: int | None
    district: str
    point: Point | None
    council: CouncilCode | None
    is_free: bool
    price: Price | None
    group_price: Price | None
    # The rates at which one person pays something else: evenings, weekends, bank holidays.
    other_rates: tuple[Rate, ...]
    access: tuple[AccessFact, ...]
    capacity: Capacity | None
    capacity_on: date | None
    is_published: bool
    confirmed_on: date
    updated_at: datetime


def cards_for(session: Session, *, offer_ids: Sequence[OfferId], on: date) -> tuple[OfferCard, ...]:
    """Return the cards of live offers, in the order asked for. One that is no longer live is left out."""
    if not offer_ids:
        return ()
    rows = session.execute(_CARDS, {"offer_ids": list(offer_ids)}).all()
    # Asked for by status too, SQLite would read every live offer rather than these few.
    live = {row.id: row for row in rows if row.status is OfferStatus.LIVE}
    prices = prices_of(session, offer_ids=[row.id for row in live.values() if not row.is_free])
    return tuple(_card(live[offer_id], prices.get(offer_id, ()), on=on) for offer_id in offer_ids if offer_id in live)


def newest(session: Session, *, on: date, limit: int = 6) -> tuple[OfferCard, ...]:
    """Return the offers that came last, for the front page. Published lists are left out: they come by the hundred."""
    ids = session.scalars(
        select(Offer.id)
        .where(Offer.status == OfferStatus.LIVE, Offer.source.is_(None))
        .order_by(Offer.created_at.desc(), Offer.id)
        .limit(limit)
    ).all()
    return cards_for(session, offer_ids=ids, on=on)


def district_of(postcode: str | None) -> str:
    """Return the first part of a postcode: `M33` of `M33 7ZF`."""
    return (postcode or "").split(" ")[0]


def group_price_in(prices: Iterable[Price], *, on: date) -> Price | None:
    """Return the price for the smallest group on a day, or None if there is none."""
    return next((price for price in rules.price_list(prices, on=on) if price.people_from > 1), None)


def _card(row: Row[*tuple[Any, ...]], prices: Sequence[Price], *, on: date) -> OfferCard:
    in_force = rules.price_list(prices, on=on)
    return OfferCard(
        id=row.id,
        title=row.title,
        description=row.description,
        category=row.category,
        category_name=row.category_name,
        provider_id=row.provider_id,
        provider_name=row.provider_name,
        kind=row.kind,
        setting=row.setting,
        travels_metres=row.travels_metres,
        district=district_of(row.postcode),
        point=Point(row.easting, row.northing) if row.setting is Setting.AT_PLACE and row.easting is not None else None,
        council=row.council,
        is_free=row.is_free,
        price=next((price for price in in_force if price.people_from == 1), None),
        group_price=next((price for price in in_force if price.people_from > 1), None),
        other_rates=tuple(price.rate for price in in_force if price.rate is not Rate.STANDARD),
        access=in_order(row.access),
        capacity=row.capacity,
        capacity_on=row.capacity_on,
        is_published=row.source is not None,
        confirmed_on=day_of(row.confirmed_at),
        updated_at=row.updated_at,
    )


def in_order(facts: str | None) -> tuple[AccessFact, ...]:
    """Return the access facts in `ACCESS`, in the order we always show them."""
    has = set(facts.split(",")) if facts else ()
    return tuple(fact for fact in AccessFact if fact in has) if has else ()
