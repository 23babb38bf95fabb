"""Everything in public about how a provider is rated, for its sheet. The same to everybody."""

from datetime import date

from sqlalchemy import func, select
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
    provider = session.get(Provider, provider_id)
    offers = _offers(session, provider_id)
    if provider is None or not offers:
        return None
    quarters = last_quarters(quarter_of(on))
    said, _words = said_of(session, provider_id=provider_id, since=date.min)
    verified, set_aside, first_month, last_month = session.execute(
        select(
            func.coalesce(func.sum(OfferRating.verified), 0),
            func.coalesce(func.sum(OfferRating.set_aside), 0),
            func.min(OfferRating.first_month),
            func.max(OfferRating.last_month),
        ).where(OfferRating.provider_id == provider_id)
    ).one()
    reviews, answered = _answered(session, provider_id)
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
        verified=int(verified),
        set_aside=int(set_aside),
        first_month=first_month,
        last_month=last_month,
        reviews=reviews,
        answered=answered,
        asked=_asked(session, provider_id),
        offers=offers,
    )


def _offers(session: Session, provider_id: ProviderId) -> tuple[SheetOffer, ...]:
    rows = session.execute(
        select(Offer.id, Offer.title, Offer.category, Offer.confirmed_at, Category.name)
        .join(Category, Category.slug == Offer.category)
        .where(Offer.provider_id == provider_id, Offer.status == OfferStatus.LIVE)
        .order_by(Offer.title, Offer.id)
    ).all()
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


def _answered(session: Session, provider_id: ProviderId) -> tuple[int, int]:
    row = session.execute(
        select(func.count(Review.id), func.count(Reply.id))
        .outerjoin(Reply, (Reply.review_id == Review.id) & (Reply.status == ReviewStatus.SHOWN))
        .where(shown_of(provider_id))
    ).one()
    return row[0], row[1]


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
