"""What providers see of their own."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.queries.cards import group_price_in
from marketplace.catalogue.queries.terms import prices_of
from marketplace.catalogue.rules import (
    Act,
    Capacity,
    Freshness,
    OfferId,
    OfferStatus,
    Price,
    ProviderId,
    ProviderKind,
    Trade,
)
from marketplace.kit.days import day_of
from marketplace.kit.pages import Slice
from marketplace.moderation import queries as moderation
from marketplace.moderation.rules import Outcome, SubjectKind

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class MyProvider:
    """A provider the viewer speaks for, as its form shows it."""

    id: ProviderId
    name: str
    kind: ProviderKind
    trade: Trade | None
    about: str
    postcode: str
    website: str | None
    staff_fte: Decimal | None
    is_independent: bool
    board_share: int | None
    board_share_source: str
    board_share_on: date | None


def my_providers(session: Session, *, viewer: Viewer) -> tuple[MyProvider, ...]:
    """Return the providers that the viewer speaks for, by name."""
    found = session.scalars(
        select(Provider)
        .where(Provider.organisation_id.in_(viewer.organisations))
        .order_by(func.lower(Provider.name), Provider.id)
    )
    return tuple(
        MyProvider(
            id=provider.id,
            name=provider.name,
            kind=provider.kind,
            trade=provider.trade,
            about=provider.about,
            postcode=provider.postcode or "",
            website=provider.website,
            staff_fte=provider.staff_fte,
            is_independent=provider.is_independent,
            board_share=provider.board_share,
            board_share_source=provider.board_share_source,
            board_share_on=provider.board_share_on,
        )
        for provider in found
    )


@dataclass(frozen=True, slots=True)
class MyOffer:
    """One of the viewer's own offers. `refused_because` is set while it needs a change."""

    id: OfferId
    title: str
    provider_name: str
    category_name: str
    status: OfferStatus
    acts: tuple[Act, ...]
    is_free: bool
    price: Price | None
    group_price: Price | None
    refused_because: str
    updated_at: datetime
    capacity: Capacity | None
    capacity_on: date | None
    is_said_lately: bool
    confirmed_on: date
    freshness: Freshness
    hidden_from: date


@dataclass(frozen=True, slots=True)
class MyOffers:
    """One page of the viewer's own offers."""

    offers: tuple[MyOffer, ...]
    slice: Slice


def my_offers(session: Session, *, viewer: Viewer, on: date, page: int = 1) -> MyOffers:
    """Return the offers of the providers that the viewer speaks for, those that need a change first. Four queries."""
    own = Provider.organisation_id.in_(viewer.organisations)
    total = (
        session.scalar(select(func.count(Offer.id)).join(Provider, Provider.id == Offer.provider_id).where(own)) or 0
    )
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(Offer, Provider.name, Category.name)
        .join(Provider, Provider.id == Offer.provider_id)
        .join(Category, Category.slug == Offer.category)
        .where(own)
        .order_by(Offer.status.not_in((OfferStatus.REFUSED, OfferStatus.LAPSED)), func.lower(Offer.title), Offer.id)
        .offset(part.offset)
        .limit(part.size)
    ).all()
    prices = prices_of(session, offer_ids=[row[0].id for row in rows if not row[0].is_free])
    refused = [row[0].id for row in rows if row[0].status is OfferStatus.REFUSED]
    why = moderation.latest_decisions(session, subject_kind=SubjectKind.OFFER, subject_ids=refused)
    return MyOffers(
        offers=tuple(
            MyOffer(
                id=offer.id,
                title=offer.title,
                provider_name=provider_name,
                category_name=category_name,
                status=offer.status,
                acts=rules.acts_open_to(status=offer.status, provides=True, moderates=False),
                is_free=offer.is_free,
                price=rules.price_for(prices.get(offer.id, ()), people=1, on=on),
                group_price=group_price_in(prices.get(offer.id, ()), on=on),
                refused_because=_reason(why, offer.id),
                updated_at=offer.updated_at,
                capacity=offer.capacity,
                capacity_on=offer.capacity_on,
                is_said_lately=rules.said_lately(offer.capacity_on, on),
                confirmed_on=day_of(offer.confirmed_at),
                freshness=rules.freshness(day_of(offer.confirmed_at), on),
                hidden_from=rules.hidden_from(day_of(offer.confirmed_at)),
            )
            for offer, provider_name, category_name in rows
        ),
        slice=part,
    )


def refused_because(session: Session, *, offer_id: OfferId) -> str:
    """Return why an offer was refused, if that was the last decision about it. For its provider."""
    return _reason(
        moderation.latest_decisions(session, subject_kind=SubjectKind.OFFER, subject_ids=[offer_id]), offer_id
    )


def _reason(decisions: dict[uuid.UUID, moderation.DecisionLine], offer_id: OfferId) -> str:
    decision = decisions.get(offer_id)
    return decision.reason if decision and decision.outcome is Outcome.REFUSED else ""
