"""What providers see of their own, and what waits for a moderator."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.queries.cards import group_price_in
from marketplace.catalogue.queries.terms import prices_of
from marketplace.catalogue.rules import Act, OfferId, OfferStatus, Price, ProviderId, ProviderKind
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
    about: str
    postcode: str
    website: str | None
    staff_fte: Decimal | None
    board_share: int | None


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
            about=provider.about,
            postcode=provider.postcode or "",
            website=provider.website,
            staff_fte=provider.staff_fte,
            board_share=provider.board_share,
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
        .order_by(Offer.status != OfferStatus.REFUSED, func.lower(Offer.title), Offer.id)
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


@dataclass(frozen=True, slots=True)
class WaitingOffer:
    """One offer that nobody has decided about."""

    id: OfferId
    title: str
    provider_name: str
    kind: ProviderKind
    category_name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class WaitingOffers:
    """One page of the offers that wait for a moderator, those that wait longest first."""

    offers: tuple[WaitingOffer, ...]
    slice: Slice


def waiting_for_approval(session: Session, *, viewer: Viewer, page: int = 1) -> WaitingOffers:
    """Return the offers that wait for a moderator. Anybody else gets none."""
    if not viewer.may(Permission.MODERATE):
        return WaitingOffers((), Slice(1, PAGE_SIZE, 0))
    waiting = Offer.status == OfferStatus.SUBMITTED
    total = session.scalar(select(func.count(Offer.id)).where(waiting)) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(Offer.id, Offer.title, Provider.name, Provider.kind, Category.name.label("shelf"), Offer.updated_at)
        .join(Provider, Provider.id == Offer.provider_id)
        .join(Category, Category.slug == Offer.category)
        .where(waiting)
        .order_by(Offer.updated_at, Offer.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return WaitingOffers(
        offers=tuple(
            WaitingOffer(
                id=row.id,
                title=row.title,
                provider_name=row.name,
                kind=row.kind,
                category_name=row.shelf,
                since=row.updated_at,
            )
            for row in rows
        ),
        slice=part,
    )


def _reason(decisions: dict[uuid.UUID, moderation.DecisionLine], offer_id: OfferId) -> str:
    decision = decisions.get(offer_id)
    return decision.reason if decision and decision.outcome is Outcome.REFUSED else ""
