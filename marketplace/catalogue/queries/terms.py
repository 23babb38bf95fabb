"""On which terms does an offer stand? What arrangements, pools and reviews ask before they begin."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId
from marketplace.catalogue import rules
from marketplace.catalogue.models import Offer, OfferPrice, Provider
from marketplace.catalogue.rules import CategorySlug, OfferId, OfferStatus, Price, ProviderId, ProviderKind, Unit
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode

_PRICES = (
    select(
        OfferPrice.offer_id,
        OfferPrice.amount,
        OfferPrice.unit,
        OfferPrice.people_from,
        OfferPrice.begins_on,
        OfferPrice.edition,
        OfferPrice.rate,
        OfferPrice.hours,
        OfferPrice.admin,
        OfferPrice.overhead,
    )
    .where(OfferPrice.offer_id.in_(bindparam("offer_ids", expanding=True)))
    .order_by(OfferPrice.offer_id, OfferPrice.edition, OfferPrice.people_from)
)


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """
    What one person gets and pays, as agreed on a day.

    `unit` and `unit_price` are None when it is free, or when nobody has said what it costs: `is_free` tells which.
    `hours` is how many a unit holds, if anybody says; `rates` are what one person pays when, the usual rate first.
    """

    offer_id: OfferId
    provider_id: ProviderId
    organisation_id: OrganisationId | None
    title: str
    provider_name: str
    category: CategorySlug
    unit: Unit | None
    unit_price: Money | None
    hours: Decimal | None
    rates: tuple[Price, ...]
    # What holds besides, each in a sentence.
    conditions: tuple[str, ...]
    # Until how many hours before it can be cancelled at no cost, and what travel costs on top: None if nobody says.
    notice_hours: int | None
    travel_per_mile: Money | None
    is_free: bool
    council: CouncilCode | None
    kind: ProviderKind
    status: OfferStatus


def offer_terms(session: Session, *, offer_id: OfferId, on: date, people: int = 1) -> OfferTerms | None:
    """Return what each of a number of people would pay for an offer on a day, whatever state it is in, or None."""
    row = session.execute(
        select(Offer, Provider).join(Provider, Provider.id == Offer.provider_id).where(Offer.id == offer_id)
    ).one_or_none()
    if row is None:
        return None
    offer, provider = row
    prices = () if offer.is_free else prices_of(session, offer_ids=[offer_id]).get(offer_id, ())
    price = rules.price_for(prices, people=people, on=on)
    in_force = rules.price_list(prices, on=on)
    return OfferTerms(
        offer_id=offer.id,
        provider_id=provider.id,
        organisation_id=provider.organisation_id,
        title=offer.title,
        provider_name=provider.name,
        category=offer.category,
        unit=price.unit if price else None,
        unit_price=price.amount if price else None,
        hours=price.hours if price else None,
        rates=tuple(price for price in in_force if price.people_from == 1),
        conditions=rules.conditions_said(travel_per_mile=offer.travel_per_mile, notice_hours=offer.notice_hours),
        notice_hours=offer.notice_hours,
        travel_per_mile=offer.travel_per_mile,
        is_free=offer.is_free,
        council=offer.council,
        kind=provider.kind,
        status=offer.status,
    )


def prices_of(session: Session, *, offer_ids: list[OfferId]) -> dict[OfferId, tuple[Price, ...]]:
    """Return every price that was ever set for some offers, in one query."""
    if not offer_ids:
        return {}
    rows = session.execute(_PRICES, {"offer_ids": offer_ids}).all()
    found: dict[OfferId, list[Price]] = {}
    for row in rows:
        found.setdefault(row.offer_id, []).append(price_of(row))
    return {offer_id: tuple(prices) for offer_id, prices in found.items()}


def price_of(row: OfferPrice | Row[*tuple[Any, ...]]) -> Price:
    """Return a price as the rules know it."""
    return Price(
        amount=row.amount,
        unit=row.unit,
        people_from=row.people_from,
        begins_on=row.begins_on,
        edition=row.edition,
        rate=row.rate,
        hours=row.hours,
        admin=row.admin,
        overhead=row.overhead,
    )
