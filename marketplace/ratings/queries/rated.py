"""Questions about how one offer is rated, for its pages: in all, by criterion, by outcome, and how that orders it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Row, Uuid, and_, bindparam, case, cast, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus
from marketplace.kit.asked import once
from marketplace.ratings.models import AnswerRating, Criterion, OfferRating, Outcome
from marketplace.ratings.queries.scores import Scored, scores_for
from marketplace.ratings.rules.nouns import Subject
from marketplace.ratings.rules.scoring import NO_RATINGS, RatingSummary, summary_of


@dataclass(frozen=True, slots=True)
class RatedOffer:
    """What people gave one offer, how many of them are known to have used it, and since which months it is shown."""

    summary: RatingSummary
    verified: int
    set_aside: int
    first_month: date | None
    last_month: date | None

    @property
    def count(self) -> int:
        return self.summary.count

    @property
    def average(self) -> Decimal | None:
        return self.summary.average

    @property
    def spread(self) -> tuple[int, int, int, int, int]:
        return self.summary.spread


UNRATED = RatedOffer(summary=NO_RATINGS, verified=0, set_aside=0, first_month=None, last_month=None)


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """What people gave an offer by one criterion, or for one outcome."""

    words: str
    summary: RatingSummary


@dataclass(frozen=True, slots=True)
class RatedAnswers:
    """What people gave an offer by each criterion and for each outcome that somebody answered."""

    criteria: tuple[RatedAnswer, ...]
    outcomes: tuple[RatedAnswer, ...]


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """Everything from which an offer's place comes about. `scored` is None if nobody rated it."""

    offer_id: OfferId
    offer_title: str
    provider_name: str
    category: str
    scored: Scored | None


def rated_offer(session: Session, *, offer_id: OfferId) -> RatedOffer:
    """Return what people gave one offer: one row, whatever was written."""
    rows = _kept(session, offer_id)
    row = rows[0].OfferRating if rows else None
    if row is None:
        return UNRATED
    return RatedOffer(
        summary=_summary(row),
        verified=row.verified,
        set_aside=row.set_aside,
        first_month=row.first_month,
        last_month=row.last_month,
    )


# A criterion's id stands there as text, with the dashes that SQLite leaves out.
_ABOUT_CRITERION = cast(
    func.replace(case((AnswerRating.subject == Subject.CRITERION, AnswerRating.about)), "-", ""), Uuid
)
# Made once: putting a statement together takes longer than running it.
_KEPT = (
    select(OfferRating, AnswerRating, Criterion.words.label("criterion"), Outcome.name.label("outcome"))
    .outerjoin(AnswerRating, AnswerRating.offer_id == OfferRating.offer_id)
    .outerjoin(Criterion, Criterion.id == _ABOUT_CRITERION)
    .outerjoin(Outcome, and_(AnswerRating.subject == Subject.OUTCOME, Outcome.id == AnswerRating.about))
    .where(OfferRating.offer_id == bindparam("offer_id"))
    .order_by(Criterion.position, Criterion.words, Outcome.scheme, Outcome.position, Outcome.id)
)


def _kept(session: Session, offer_id: OfferId) -> Sequence[Row[OfferRating, AnswerRating, str | None, str | None]]:
    """Return all that is kept of how an offer is rated. Who answered how something was rated it too."""
    return once(session, ("ratings", offer_id), lambda: session.execute(_KEPT, {"offer_id": offer_id}).all())


def rated_answers(session: Session, *, offer_id: OfferId) -> RatedAnswers:
    """Return what people gave one offer by each criterion and for each outcome, in the order they are asked in."""
    rows = _kept(session, offer_id)
    return RatedAnswers(
        criteria=tuple(RatedAnswer(row.criterion, _summary(row.AnswerRating)) for row in rows if row.criterion),
        outcomes=tuple(RatedAnswer(row.outcome, _summary(row.AnswerRating)) for row in rows if row.outcome),
    )


def _summary(row: OfferRating | AnswerRating) -> RatingSummary:
    return summary_of((row.ones, row.twos, row.threes, row.fours, row.fives))


def worked_out(session: Session, *, offer_id: OfferId) -> WorkedOut | None:
    """Return how the place of one offer comes about, or None if there is no such offer to be seen."""
    row = session.execute(
        select(Offer.title, Provider.name.label("provider"), Category.name.label("category"))
        .join(Provider, Provider.id == Offer.provider_id)
        .join(Category, Category.slug == Offer.category)
        .where(Offer.id == offer_id, Offer.status.in_((OfferStatus.LIVE, OfferStatus.UNLISTED)))
    ).one_or_none()
    if row is None:
        return None
    return WorkedOut(
        offer_id=offer_id,
        offer_title=row.title,
        provider_name=row.provider,
        category=row.category,
        scored=scores_for(session, offer_ids=[offer_id]).get(offer_id),
    )
