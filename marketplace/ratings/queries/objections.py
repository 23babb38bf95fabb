"""Questions about objections by people whom reviews are about: for them, and for moderators who weigh them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.kit.pages import Slice
from marketplace.ratings.models import Objection, Review
from marketplace.ratings.rules.nouns import ObjectionId, ObjectionOutcome, ReviewId, ReviewStatus

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """One objection in the list of the moderators."""

    id: ObjectionId
    offer_title: str
    made_at: datetime
    due_at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class ObjectionList:
    """One page of the objections that nobody has decided."""

    objections: tuple[ObjectionLine, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class ObjectionPage:
    """One objection, without who made it and who wrote the review."""

    id: ObjectionId
    review_id: ReviewId
    offer_title: str
    provider_name: str
    review: str
    is_review_shown: bool
    words: str
    made_at: datetime
    due_at: datetime
    outcome: ObjectionOutcome | None
    our_interest: str
    their_interest: str
    balance: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ToObjectTo:
    """A shown review that the viewer could object to."""

    id: ReviewId
    offer_title: str
    provider_name: str
    words: str


def to_object_to(session: Session, *, review_id: ReviewId, viewer: Viewer) -> ToObjectTo | None:
    """Return a shown review that somebody else wrote, or None."""
    row = session.execute(
        select(Review.id, Review.words, Offer.title, Provider.name)
        .join(Offer, Offer.id == Review.offer_id)
        .join(Provider, Provider.id == Review.provider_id)
        .where(Review.id == review_id, Review.status == ReviewStatus.SHOWN, _somebody_elses(viewer))
    ).one_or_none()
    if row is None:
        return None
    return ToObjectTo(id=row.id, offer_title=row.title, provider_name=row.name, words=row.words)


def open_objections(session: Session, *, viewer: Viewer, now: datetime, page: int = 1) -> ObjectionList:
    """Return the objections that nobody has decided and the viewer may, what is due first at the top."""
    if not viewer.may(Permission.MODERATE):
        return ObjectionList((), Slice(1, PAGE_SIZE, 0))
    wanted = and_(Objection.decided_at.is_(None), _may_judge(viewer))
    part = Slice.within(total=session.scalar(select(count_of_objections(viewer))) or 0, size=PAGE_SIZE, page=page)
    rows = session.execute(
        _objections(Objection, Offer.title)
        .where(wanted)
        .order_by(Objection.due_at, Objection.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return ObjectionList(
        tuple(ObjectionLine(it.id, title, it.made_at, it.due_at, is_late=now >= it.due_at) for it, title in rows), part
    )


def count_of_objections(viewer: Viewer) -> ScalarSelect[int]:
    """Return how to ask how many objections a moderator may decide, alone or within a larger question."""
    return _objections(func.count()).where(Objection.decided_at.is_(None), _may_judge(viewer)).scalar_subquery()


def objection_page(session: Session, *, objection_id: ObjectionId, viewer: Viewer) -> ObjectionPage | None:
    """Return one objection, to whoever made it and to the moderators who may decide it."""
    if viewer.person_id is None:
        return None
    is_theirs = Objection.made_by == viewer.person_id
    may_see = or_(is_theirs, _may_judge(viewer)) if viewer.may(Permission.MODERATE) else is_theirs
    row = session.execute(
        _objections(Objection, Review.words, Review.status, Offer.title, Provider.name).where(
            Objection.id == objection_id, may_see
        )
    ).one_or_none()
    if row is None:
        return None
    it, words, status, title, provider = row
    is_mine = it.made_by == viewer.person_id
    is_shown = status is ReviewStatus.SHOWN
    return ObjectionPage(
        id=it.id,
        review_id=it.review_id,
        offer_title=title,
        provider_name=provider,
        # Whoever objected reads no more of a review than everybody does.
        review=words if is_shown or not is_mine else "",
        is_review_shown=is_shown,
        words=it.words,
        made_at=it.made_at,
        due_at=it.due_at,
        outcome=it.outcome,
        our_interest=it.our_interest,
        their_interest=it.their_interest,
        balance=it.balance,
        is_mine=is_mine,
    )


def _objections(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Objection)
        .join(Review, Review.id == Objection.review_id)
        .join(Offer, Offer.id == Review.offer_id)
        .join(Provider, Provider.id == Review.provider_id)
    )


def _somebody_elses(viewer: Viewer) -> ColumnElement[bool]:
    return or_(Review.person_id.is_(None), Review.person_id != viewer.person_id)


def _may_judge(viewer: Viewer) -> ColumnElement[bool]:
    """Nobody weighs their own objection, an objection to their own words, or one about their own organisation."""
    return and_(
        Objection.made_by != viewer.person_id,
        _somebody_elses(viewer),
        or_(Provider.organisation_id.is_(None), Provider.organisation_id.not_in(viewer.organisations)),
    )
