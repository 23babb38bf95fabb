"""Questions about reviews. Answers are plain frozen data, ready to show, and never say who wrote them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, Permission, PersonId, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus, ProviderId
from marketplace.kit.pages import Slice
from marketplace.moderation.queries import latest_decisions
from marketplace.moderation.rules import SubjectKind
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.ratings import rules
from marketplace.ratings.models import Reply, Review
from marketplace.ratings.rules import NO_RATINGS, Basis, RatingSummary, ReplyId, ReviewId, ReviewStatus

PAGE_SIZE = 10

_Reviews = Select[Review, Reply, str, str, OrganisationId | None, int]


@dataclass(frozen=True, slots=True)
class ShownReply:
    """What the provider answered."""

    id: ReplyId
    words: str
    written_at: datetime
    was_edited: bool
    is_held: bool
    hold_reason: str


@dataclass(frozen=True, slots=True)
class ShownReview:
    """One review as the viewer may see it. Show no date finer than its month."""

    id: ReviewId
    offer_id: OfferId
    offer_title: str
    provider_name: str
    basis: Basis
    stars: int
    words: str
    written_at: datetime
    is_held: bool
    hold_reason: str
    reply: ShownReply | None
    is_mine: bool
    may_reply: bool


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
    summary: RatingSummary
    reviews: tuple[ShownReview, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class ToReview:
    """One thing the viewer got done and has not reviewed."""

    arrangement_id: ArrangementId
    title: str
    provider_name: str


# One voice for each person: who bought ten times, or wrote twice, counts once, by what they wrote last.
_LATEST = (
    select(
        Review.offer_id,
        Review.stars,
        func.row_number()
        .over(partition_by=(Review.offer_id, Review.person_id), order_by=(Review.written_at.desc(), Review.id))
        .label("age"),
    )
    .where(Review.offer_id.in_(bindparam("offer_ids", expanding=True)), Review.status == ReviewStatus.SHOWN)
    .subquery()
)
# Statements are made once: putting one together takes longer than running it.
_STARS = (
    select(_LATEST.c.offer_id, _LATEST.c.stars, func.count())
    .where(_LATEST.c.age == 1)
    .group_by(_LATEST.c.offer_id, _LATEST.c.stars)
)

_REVIEWS: _Reviews = (
    select(Review, Reply, Offer.title, Provider.name, Provider.organisation_id, func.count().over())
    .join(Offer, Offer.id == Review.offer_id)
    .join(Provider, Provider.id == Review.provider_id)
    .outerjoin(Reply, Reply.review_id == Review.id)
)
"""Reviews with what belongs to them and, last, how many there are with those on the other pages."""


def _listing(*wanted: ColumnElement[bool], unanswered_first: bool = False) -> _Reviews:
    """Return a statement for a page of some reviews."""
    order = [case((Reply.id.is_(None), 0), else_=1)] if unanswered_first else []
    return (
        _REVIEWS.where(*wanted)
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


def summaries_for(session: Session, *, offer_ids: Sequence[OfferId]) -> dict[OfferId, RatingSummary]:
    """Return what people gave each of some offers, in one query. An offer nobody rated has `NO_RATINGS`."""
    spreads: dict[OfferId, list[int]] = {}
    for offer_id, stars, people in session.execute(_STARS, {"offer_ids": list(offer_ids)}).all():
        spreads.setdefault(offer_id, [0] * rules.MOST_STARS)[stars - 1] = people
    found = {offer_id: rules.summary_of(spread) for offer_id, spread in spreads.items()}
    return {offer_id: found.get(offer_id, NO_RATINGS) for offer_id in offer_ids}


def reviews_of(session: Session, *, offer_id: OfferId, viewer: Viewer, page: int = 1) -> ReviewList:
    """Return what people say about one offer, the newest first, with the replies."""
    return _list(session, viewer, _OF_OFFER, {"wanted": offer_id}, page)


def reviews_of_my_organisations(session: Session, *, viewer: Viewer, page: int = 1) -> ReviewList:
    """Return what people say about those the viewer speaks for, what has no reply first."""
    return _list(session, viewer, _OF_ORGANISATIONS, {"wanted": list(viewer.organisations)}, page)


def my_reviews(session: Session, *, viewer: Viewer, page: int = 1) -> ReviewList:
    """Return what the viewer has written, held or not."""
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
        # What was said stays to be read after an offer is taken off the list by its provider.
        .where(Offer.id == offer_id, Offer.status.in_((OfferStatus.LIVE, OfferStatus.UNLISTED)))
    ).one_or_none()
    if offer is None:
        return None
    shown = reviews_of(session, offer_id=offer_id, viewer=viewer, page=page)
    return OfferReviews(
        offer_id=offer_id,
        offer_title=offer.title,
        provider_name=offer.name,
        summary=summaries_for(session, offer_ids=[offer_id])[offer_id],
        reviews=shown.reviews,
        slice=shown.slice,
    )


def review_page(session: Session, *, review_id: ReviewId, viewer: Viewer) -> ShownReview | None:
    """Return one review: a shown one to anybody, a held one to its writer and to moderators."""
    may_see = or_(Review.status == ReviewStatus.SHOWN, Review.person_id == viewer.person_id)
    condition = Review.id == review_id if viewer.may(Permission.MODERATE) else and_(Review.id == review_id, may_see)
    found = _shown(session, viewer, session.execute(_REVIEWS.where(condition)).all())
    return found[0] if found else None


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


def _list(session: Session, viewer: Viewer, listing: _Reviews, asked: dict[str, Any], page: int) -> ReviewList:
    offset = Slice(page, PAGE_SIZE, 0).offset
    rows = session.execute(listing, asked | {"offset": offset, "limit": PAGE_SIZE}).all()
    if not rows and page > 1:
        # Past the end. The first page knows which is the last.
        last = _list(session, viewer, listing, asked, 1).slice.pages
        return _list(session, viewer, listing, asked, last)
    return ReviewList(reviews=_shown(session, viewer, rows), slice=Slice(page, PAGE_SIZE, rows[0][-1] if rows else 0))


def _shown(
    session: Session, viewer: Viewer, rows: Sequence[Row[Review, Reply, str, str, OrganisationId | None, int]]
) -> tuple[ShownReview, ...]:
    held = [row[0].id for row in rows if row[0].status is ReviewStatus.HELD]
    held_replies = [row[1].id for row in rows if row[1] is not None and row[1].status is ReviewStatus.HELD]
    reasons = {
        subject: decision.reason
        for kind, ids in ((SubjectKind.REVIEW, held), (SubjectKind.REPLY, held_replies))
        for subject, decision in latest_decisions(session, subject_kind=kind, subject_ids=ids).items()
    }
    return tuple(
        ShownReview(
            id=it.id,
            offer_id=it.offer_id,
            offer_title=title,
            provider_name=provider,
            basis=it.basis,
            stars=it.stars,
            words=it.words,
            written_at=it.written_at,
            is_held=it.status is ReviewStatus.HELD,
            hold_reason=reasons.get(it.id, ""),
            reply=_shown_reply(reply, viewer, organisation_id, reasons),
            is_mine=it.person_id == viewer.person_id,
            may_reply=viewer.speaks_for(organisation_id) and it.person_id != viewer.person_id,
        )
        for it, reply, title, provider, organisation_id, _total in rows
    )


def _shown_reply(
    reply: Reply | None, viewer: Viewer, organisation_id: OrganisationId | None, reasons: dict[UUID, str]
) -> ShownReply | None:
    if reply is None:
        return None
    is_held = reply.status is ReviewStatus.HELD
    # A held reply is there only for those who wrote it and those who judge it.
    if is_held and not (viewer.speaks_for(organisation_id) or viewer.may(Permission.MODERATE)):
        return None
    return ShownReply(
        id=reply.id,
        words=reply.words,
        written_at=reply.written_at,
        was_edited=reply.edited_at is not None,
        is_held=is_held,
        hold_reason=reasons.get(reply.id, ""),
    )
