"""Everything in public about how a provider is rated, for its sheet. The same to everybody."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.rules import OfferStatus, ProviderId
from marketplace.kit.days import day_of
from marketplace.ratings.models import OfferRating, Reply, Review
from marketplace.ratings.queries.changes import tally_of_provider
from marketplace.ratings.queries.saying import by_criterion, by_outcome, said_of, shown_of
from marketplace.ratings.queries.scores import summaries_for
from marketplace.ratings.rules.nouns import ReviewStatus
from marketplace.ratings.rules.quarters import quarter_of
from marketplace.ratings.rules.sheets import Asked, ProviderSheet, SheetOffer
from marketplace.ratings.rules.trends import last_quarters, line_of, lines_of


def provider_sheet(session: Session, *, provider_id: ProviderId, on: date) -> ProviderSheet | None:
    """Return the sheet of a provider, or None if there is none with an offer that anybody can see."""
    listed = session.execute(
        select(Provider, Offer.id, Offer.title, Offer.category, Offer.confirmed_at, Category.name)
        .join(Offer, Offer.provider_id == Provider.id)
        .join(Category, Category.slug == Offer.category)
        .where(Provider.id == provider_id, Offer.status == OfferStatus.LIVE)
        .order_by(Offer.title, Offer.id)
    ).all()
    if not listed:
        return None
    provider, counted = listed[0].Provider, _counted(session, provider_id)
    quarters = last_quarters(quarter_of(on))
    said, _words = said_of(session, provider_id=provider_id, since=date.min)
    stars = [one.stars for one in said.values()]
    return ProviderSheet(
        id=provider_id,
        name=provider.name,
        kind=provider.kind,
        council=provider.council,
        quarters=quarters,
        stars=line_of("All in all", list(said.values()), quarters),
        criteria=lines_of(by_criterion(session, provider_id=provider_id, said=said), quarters),
        outcomes=lines_of(by_outcome(session, provider_id=provider_id, said=said), quarters),
        spread=(stars.count(1), stars.count(2), stars.count(3), stars.count(4), stars.count(5)),
        verified=int(counted.verified),
        set_aside=int(counted.set_aside),
        first_month=counted.first_month,
        last_month=counted.last_month,
        reviews=counted.reviews,
        answered=counted.answered,
        asked=_asked(session, provider_id),
        offers=_offers(session, listed),
    )


def _offers(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[SheetOffer, ...]:
    summaries = summaries_for(session, offer_ids=[row.id for row in rows])
    return tuple(
        SheetOffer(
            id=row.id,
            title=row.title,
            category=row.category,
            category_name=row.name,
            summary=summaries[row.id],
            confirmed_on=day_of(row.confirmed_at),
        )
        for row in rows
    )


def _counted(session: Session, provider_id: ProviderId) -> Row[*tuple[Any, ...]]:
    """Return how many ratings were verified or set aside and since when there are any; reviews, and those answered."""
    reviews = select(func.count(Review.id)).where(shown_of(provider_id))
    answered = (
        select(func.count(Reply.id))
        .join(Review, Review.id == Reply.review_id)
        .where(shown_of(provider_id), Reply.status == ReviewStatus.SHOWN)
    )
    return session.execute(
        select(
            func.coalesce(func.sum(OfferRating.verified), 0).label("verified"),
            func.coalesce(func.sum(OfferRating.set_aside), 0).label("set_aside"),
            func.min(OfferRating.first_month).label("first_month"),
            func.max(OfferRating.last_month).label("last_month"),
            reviews.scalar_subquery().label("reviews"),
            answered.scalar_subquery().label("answered"),
        ).where(OfferRating.provider_id == provider_id)
    ).one()


def _asked(session: Session, provider_id: ProviderId) -> Asked:
    tally = tally_of_provider(session, provider_id=provider_id)
    return Asked(
        asked=tally.asked,
        planned=tally.planned,
        done=tally.done,
        changed=tally.changed,
        partly=tally.partly,
        not_changed=tally.not_changed,
    )
