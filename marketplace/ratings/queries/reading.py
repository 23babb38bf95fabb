"""Questions about reviews. Answers are plain frozen data, ready to show, and never say who wrote them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, Permission, PersonId, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus, ProviderId
from marketplace.kit.pages import Slice
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.ratings.models import Reply, Review
from marketplace.ratings.queries.rated import RatedAnswers, RatedOffer, rated_answers, rated_offer
from marketplace.ratings.queries.shown import REVIEWS, Reviews, ShownReview, shown
from marketplace.ratings.rules import Basis, ReviewId, ReviewStatus

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class ReviewList:
    """One page of a list of reviews."""

    reviews: tuple[ShownReview, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class OfferReviews:
    """What people say about one offer."""

    offer_id: OfferId
    offer_title: str
    provider_name: str
    rated: RatedOffer
    answers: RatedAnswers
    reviews: tuple[ShownReview, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class ToReview:
    """One thing the viewer got done and has not reviewed."""

    arrangement_id: ArrangementId
    title: str
    provider_name: str


def _listing(*wanted: ColumnElement[bool], unanswered_first: bool = False) -> Reviews:
    """Return a statement for a page of some reviews."""
    order = [case((Reply.id.is_(None), 0), else_=1)] if unanswered_first else []
    return (
        REVIEWS.where(*wanted)
        .order_by(*order, Review.shown_month.desc().nulls_first(), Review.shuffle, Review.id)
        .offset(bindparam("offset"))
        .limit(bindparam("limit"))
    )


_IS_SHOWN = Review.status == ReviewStatus.SHOWN
_OF_OFFER = _listing(Review.offer_id == bindparam("wanted"), _IS_SHOWN)
_OF_ORGANISATIONS = _listing(
    Provider.organisation_id.in_(bindparam("wanted", expanding=True)), _IS_SHOWN, unanswered_first=True
)
_BY_PERSON = _listing(Review.person_id == bindparam("wanted"))


def reviews_of(session: Session, *, offer_id: OfferId, viewer: Viewer, page: int = 1) -> ReviewList:
    """Return what people say about one offer, the newest first, with the replies."""
    return _list(session, viewer, _OF_OFFER, {"wanted": offer_id}, page)


def reviews_of_my_organisations(session: Session, *, viewer: Viewer, page: int = 1) -> ReviewList:
    """Return what people say about those the viewer speaks for, what has no reply first."""
    return _list(session, viewer, _OF_ORGANISATIONS, {"wanted": list(viewer.organisations)}, page)


def my_reviews(session: Session, *, viewer: Viewer, page: int = 1) -> ReviewList:
    """Return what the viewer has written, whether it is shown, waits or is held."""
    return _list(session, viewer, _BY_PERSON, {"wanted": viewer.person_id}, page)


def to_review(session: Session, *, viewer: Viewer) -> tuple[ToReview, ...]:
    """Return what the viewer got done and has not reviewed, the newest first; at most ten."""
    rows = session.execute(
        select(Arrangement.id, Arrangement.title, Provider.name)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .outerjoin(Review, Review.arrangement_id == Arrangement.id)
        .where(
            Arrangement.person_id == viewer.person_id,
            Arrangement.status == ArrangementStatus.DONE,
            Review.id.is_(None),
        )
        .order_by(Arrangement.done_at.desc(), Arrangement.id)
        .limit(PAGE_SIZE)
    )
    return tuple(ToReview(arrangement_id=row.id, title=row.title, provider_name=row.name) for row in rows)


def offer_reviews(session: Session, *, offer_id: OfferId, viewer: Viewer, page: int = 1) -> OfferReviews | None:
    """Return the page of what people say about one offer, or None if there is no such offer to be seen."""
    offer = session.execute(
        select(Offer.title, Provider.name)
        .join(Provider, Provider.id == Offer.provider_id)
        # What was said stays to be read after an offer is taken off the list, or hidden: nobody buries it that way.
        .where(Offer.id == offer_id, Offer.status.in_((OfferStatus.LIVE, OfferStatus.UNLISTED, OfferStatus.LAPSED)))
    ).one_or_none()
    if offer is None:
        return None
    said = reviews_of(session, offer_id=offer_id, viewer=viewer, page=page)
    return OfferReviews(
        offer_id=offer_id,
        offer_title=offer.title,
        provider_name=offer.name,
        rated=rated_offer(session, offer_id=offer_id),
        answers=rated_answers(session, offer_id=offer_id),
        reviews=said.reviews,
        slice=said.slice,
    )


def review_page(session: Session, *, review_id: ReviewId, viewer: Viewer) -> ShownReview | None:
    """Return one review: a shown one to anybody; any to who wrote or typed it, and to moderators but of their own."""
    rows = session.execute(REVIEWS.where(Review.id == review_id, _may_see(viewer))).all()
    found = shown(session, rows=rows, viewer=viewer)
    return found[0] if found else None


def _may_see(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.person_id is None:  # Who wrote on paper without an account is nobody either.
        return _IS_SHOWN
    own = or_(Review.person_id == viewer.person_id, Review.typed_by == viewer.person_id)
    if not viewer.may(Permission.MODERATE):
        return or_(_IS_SHOWN, own)
    not_theirs = or_(Provider.organisation_id.is_(None), Provider.organisation_id.not_in(viewer.organisations))
    return or_(_IS_SHOWN, own, not_theirs)


def my_review_of_arrangement(session: Session, *, arrangement_id: ArrangementId, viewer: Viewer) -> ReviewId | None:
    """Return which review the viewer wrote about their arrangement, if any."""
    return session.scalars(
        select(Review.id).where(Review.arrangement_id == arrangement_id, Review.person_id == viewer.person_id)
    ).one_or_none()


def has_reviewed(
    session: Session,
    *,
    person_id: PersonId,
    arrangement_id: ArrangementId | None = None,
    offer_id: OfferId | None = None,
) -> bool:
    """Test whether a person has reviewed an arrangement, or an offer that they say they used. For services."""
    condition = (
        Review.arrangement_id == arrangement_id
        if arrangement_id is not None
        else and_(Review.offer_id == offer_id, Review.basis == Basis.SAID_USED)
    )
    return session.scalar(select(Review.id).where(Review.person_id == person_id, condition)) is not None


def titles_reviewed(session: Session, *, review_ids: Sequence[UUID], viewer: Viewer) -> dict[UUID, str]:
    """Return what some reviews are about, in one query. For moderators; anybody else gets none."""
    if not viewer.may(Permission.MODERATE):
        return {}
    rows = session.execute(
        select(Review.id, Offer.title).join(Offer, Offer.id == Review.offer_id).where(Review.id.in_(review_ids))
    )
    return {row.id: row.title for row in rows}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a review is about, and who answers for it. For services."""

    offer_title: str
    provider_name: str
    organisation_id: OrganisationId | None


def reviewed(session: Session, *, provider_id: ProviderId, offer_id: OfferId) -> Reviewed:
    """Return what a review is about, and who answers for it. For services."""
    row = session.execute(
        select(Offer.title, Provider.name, Provider.organisation_id)
        .join(Provider, Provider.id == provider_id)
        .where(Offer.id == offer_id)
    ).one()
    return Reviewed(offer_title=row.title, provider_name=row.name, organisation_id=row.organisation_id)


def _list(session: Session, viewer: Viewer, listing: Reviews, asked: dict[str, Any], page: int) -> ReviewList:
    offset = Slice(page, PAGE_SIZE, 0).offset
    rows = session.execute(listing, asked | {"offset": offset, "limit": PAGE_SIZE}).all()
    if not rows and page > 1:
        # Past the end. The first page knows which is the last.
        last = _list(session, viewer, listing, asked, 1).slice.pages
        return _list(session, viewer, listing, asked, last)
    return ReviewList(
        reviews=shown(session, rows=rows, viewer=viewer), slice=Slice(page, PAGE_SIZE, rows[0][-1] if rows else 0)
    )
