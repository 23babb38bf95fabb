"""What lists of offers show of each: two queries, however long the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue import rules
from marketplace.catalogue.models import Category, Offer, OfferAccess, Provider
from marketplace.catalogue.queries.terms import prices_of
from marketplace.catalogue.rules import (
    AccessFact,
    CategorySlug,
    OfferId,
    OfferStatus,
    Price,
    ProviderId,
    ProviderKind,
    Setting,
)
from marketplace.kit.places import CouncilCode


@dataclass(frozen=True, slots=True)
class OfferCard:
    """
    One offer in a list. `district` is the first part of its postcode: enough to choose by, and no one's front door.

    `price` is what one person pays today and `group_price` what each pays from so many people; None is not known.
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
    council: CouncilCode | None
    is_free: bool
    price: Price | None
    group_price: Price | None
    access: tuple[AccessFact, ...]
    updated_at: datetime


def cards_for(session: Session, *, offer_ids: Sequence[OfferId], on: date) -> tuple[OfferCard, ...]:
    """Return the cards of live offers, in the order asked for. One that is no longer live is left out."""
    wanted = list(offer_ids)
    if not wanted:
        return ()
    facts = (
        select(func.aggregate_strings(cast(OfferAccess.fact, String(40)), ","))
        .where(OfferAccess.offer_id == Offer.id)
        .correlate(Offer)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Offer, Provider, Category.name, facts)
        .join(Provider, Provider.id == Offer.provider_id)
        .join(Category, Category.slug == Offer.category)
        .where(Offer.id.in_(wanted), Offer.status == OfferStatus.LIVE)
    ).all()
    prices = prices_of(session, offer_ids=[row[0].id for row in rows if not row[0].is_free])
    found = {
        offer.id: _card(offer, provider, category_name, access or "", prices.get(offer.id, ()), on)
        for offer, provider, category_name, access in rows
    }
    return tuple(found[offer_id] for offer_id in wanted if offer_id in found)


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


def _card(  # noqa: PLR0917  (the parts of one row)
    offer: Offer, provider: Provider, category_name: str, access: str, prices: Sequence[Price], on: date
) -> OfferCard:
    return OfferCard(
        id=offer.id,
        title=offer.title,
        description=offer.description,
        category=offer.category,
        category_name=category_name,
        provider_id=provider.id,
        provider_name=provider.name,
        kind=provider.kind,
        setting=offer.setting,
        travels_metres=offer.travels_metres,
        district=district_of(offer.postcode),
        council=offer.council,
        is_free=offer.is_free,
        price=rules.price_for(prices, people=1, on=on),
        group_price=group_price_in(prices, on=on),
        access=in_order(access.split(",") if access else ()),
        updated_at=offer.updated_at,
    )


def in_order(facts: Iterable[str]) -> tuple[AccessFact, ...]:
    """Return access facts in the order we always show them."""
    has = set(facts)
    return tuple(fact for fact in AccessFact if fact.value in has)
