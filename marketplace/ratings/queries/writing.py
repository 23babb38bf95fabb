"""What has somebody written themselves, and where does it stand? Only its writer is told."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import CategorySlug, OfferId
from marketplace.kit.places import CouncilCode
from marketplace.ratings.models import Addition, CriterionAnswer, OutcomeAnswer, Point, Reply, Review
from marketplace.ratings.rules.nouns import AdditionId, ReviewId, ReviewStatus
from marketplace.ratings.rules.reviewing import Written


@dataclass(frozen=True, slots=True)
class MyAddition:
    """What its writer added to a review later."""

    id: AdditionId
    words: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class MyReview:
    """One's own review, as one wrote it."""

    id: ReviewId
    offer_id: OfferId
    title: str
    provider_name: str
    category: CategorySlug
    council: CouncilCode | None
    status: ReviewStatus
    # Whether it has been shown before: then it stays in its month, and there is no more choice of when.
    was_shown: bool
    has_reply: bool
    written: Written
    additions: tuple[MyAddition, ...]


def my_review(session: Session, *, review_id: ReviewId, viewer: Viewer) -> MyReview | None:
    """Return all that the viewer wrote in a review. To anybody else there is none."""
    row = session.execute(
        select(Review, Offer.title, Offer.category, Provider.name, Reply.id.label("reply_id"))
        .join(Offer, Offer.id == Review.offer_id)
        .join(Provider, Provider.id == Review.provider_id)
        .outerjoin(Reply, Reply.review_id == Review.id)
        .where(Review.id == review_id, Review.person_id == viewer.person_id)
    ).one_or_none()
    if row is None:
        return None
    it: Review = row[0]
    return MyReview(
        id=it.id,
        offer_id=it.offer_id,
        title=row.title,
        provider_name=row.name,
        category=row.category,
        council=viewer.council,
        status=it.status,
        was_shown=it.shown_month is not None,
        has_reply=row.reply_id is not None,
        written=_written(session, it),
        additions=tuple(
            MyAddition(id=one.id, words=one.words, is_shown=one.status is ReviewStatus.SHOWN)
            for one in session.scalars(
                select(Addition).where(Addition.review_id == it.id).order_by(Addition.added_at, Addition.id)
            )
        ),
    )


def _written(session: Session, it: Review) -> Written:
    criteria = select(CriterionAnswer.criterion_id, CriterionAnswer.stars).where(CriterionAnswer.review_id == it.id)
    outcomes = select(OutcomeAnswer.outcome_id, OutcomeAnswer.stars).where(OutcomeAnswer.review_id == it.id)
    points = select(Point.kind, Point.words).where(Point.review_id == it.id)
    return Written(
        stars=it.stars,
        words=it.words,
        criteria={row.criterion_id: row.stars for row in session.execute(criteria)},
        outcomes={row.outcome_id: row.stars for row in session.execute(outcomes)},
        points={row.kind: row.words for row in session.execute(points)},
        role=it.role,
        declared_link=it.declared_link,
        help=it.help,
        told=it.told,
        pseudonym=it.pseudonym,
        release=it.release,
    )
