"""Which providers are asked whether their offers are still right, and what does the page that answers show?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue import rules
from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.queries.terms import prices_of
from marketplace.catalogue.rules import Capacity, OfferId, OfferStatus, Price, ProviderId, Question
from marketplace.kit.days import day_of, midnight


def providers_to_ask(session: Session, *, now: datetime) -> tuple[ProviderId, ...]:
    """Return the providers with offers that it is time to ask about, and with somebody to ask."""
    lately = midnight(day_of(now) - timedelta(days=rules.HIDDEN_AFTER - rules.ASKED_AGAIN_AFTER - 1))
    never_asked = or_(Offer.reminded_at.is_(None), Offer.reminded_at <= Offer.confirmed_at)
    near_the_end = and_(_unconfirmed_for(rules.ASKED_AGAIN_AFTER, now), Offer.reminded_at < lately)
    return tuple(
        session.scalars(
            select(Offer.provider_id)
            .distinct()
            .join(Provider, Provider.id == Offer.provider_id)
            .where(
                _unconfirmed_for(rules.ASKED_AFTER, now),
                ~_unconfirmed_for(rules.HIDDEN_AFTER, now),
                Provider.organisation_id.is_not(None),
                or_(never_asked, near_the_end),
            )
            .order_by(Offer.provider_id)
        )
    )


def providers_to_hide(session: Session, *, now: datetime) -> tuple[ProviderId, ...]:
    """Return the providers with offers that nobody has confirmed for so long that they are hidden."""
    return tuple(
        session.scalars(
            select(Offer.provider_id)
            .distinct()
            .where(_unconfirmed_for(rules.HIDDEN_AFTER, now))
            .order_by(Offer.provider_id)
        )
    )


@dataclass(frozen=True, slots=True)
class AskedOffer:
    """
    An offer as the page shows it that asks whether it is still right: what people read, and what was said of space.

    `is_open` is whether the question can still be answered.
    """

    id: OfferId
    title: str
    description: str
    category_name: str
    provider_name: str
    status: OfferStatus
    is_free: bool
    prices: tuple[Price, ...]
    capacity: Capacity | None
    capacity_on: date | None
    confirmed_at: datetime
    is_open: bool


def asked_offer(session: Session, *, question: Question, now: datetime) -> AskedOffer | None:
    """Return what a question is about, to whoever has the letter that asks it. Two queries."""
    row = session.execute(
        select(Offer, Provider.name, Category.name)
        .join(Provider, Provider.id == Offer.provider_id)
        .join(Category, Category.slug == Offer.category)
        .where(Offer.id == question.offer_id)
    ).one_or_none()
    if row is None:
        return None
    offer, provider_name, category_name = row
    is_shown_or_hidden = offer.status in {OfferStatus.LIVE, OfferStatus.LAPSED}
    return AskedOffer(
        id=offer.id,
        title=offer.title,
        description=offer.description,
        category_name=category_name,
        provider_name=provider_name,
        status=offer.status,
        is_free=offer.is_free,
        prices=rules.price_list(prices_of(session, offer_ids=[offer.id]).get(offer.id, ()), on=day_of(now)),
        capacity=offer.capacity,
        capacity_on=offer.capacity_on,
        confirmed_at=offer.confirmed_at,
        is_open=is_shown_or_hidden and offer.confirmed_at == question.confirmed_at and not question.is_too_old(now),
    )


def _unconfirmed_for(days: int, now: datetime) -> ColumnElement[bool]:
    """A live offer that nobody has confirmed for so many days: days begin at midnight in England."""
    return and_(Offer.status == OfferStatus.LIVE, Offer.confirmed_at < midnight(day_of(now) - timedelta(days=days - 1)))


def capacity_of(session: Session, *, offer_id: OfferId) -> Capacity | None:
    """Return what a provider last said of the space in an offer, or None if they have not. For counting."""
    return session.scalars(select(Offer.capacity).where(Offer.id == offer_id)).one()
