"""Questions about the demo town: who to sign in as, what to try as them, and whether there is room for it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person, SecondFactor
from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.brokerage.models import Brief, BriefCall, BriefCriterion, BriefNeed, Quote
from marketplace.brokerage.queries.guessing import guesses_about
from marketplace.brokerage.rules.nouns import BriefId, NeedId, QuoteId
from marketplace.brokerage.rules.nouns import CriterionId as BriefCriterionId
from marketplace.catalogue.models import Offer
from marketplace.catalogue.rules import OfferId
from marketplace.kit import codes
from marketplace.pooling.models import Pool, SharedVisit, SharedVisitMember
from marketplace.pooling.rules import PoolId, PoolStatus
from marketplace.pooling.rules.nouns import SharedVisitId
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.nouns import VisitId, VisitStatus
from marketplace.ratings.models import ChecklistItem, Criterion, Point, Reply, Review, Screening
from marketplace.ratings.rules.nouns import (
    ChecklistId,
    ChecklistItemId,
    CriterionId,
    PointId,
    PointKind,
    ReplyId,
    ReviewId,
    ReviewStatus,
    ScreeningId,
    ScreeningOutcome,
)

TOWN = Path(__file__).parent / "town"


@dataclass(frozen=True, slots=True)
class ThingToTry:
    """Something to do in a minute: where, and what to look for there."""

    do: str
    look: str
    path: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody made up, whom a visitor may sign in as, and what to try as them."""

    key: str
    role: str
    name: str
    email: str
    about: str
    password: str
    things: tuple[ThingToTry, ...]

    @property
    def first_name(self) -> str:
        """What buttons call them."""
        return self.name.partition(" ")[0]


@cache
def sign_ins() -> tuple[SignIn, ...]:
    """Return whom a visitor may sign in as, one for each role."""
    told = yaml.safe_load((TOWN / "signins.yaml").read_text())
    tours = yaml.safe_load((TOWN / "tours.yaml").read_text())
    return tuple(
        SignIn(
            key=one["key"],
            role=one["role_label"],
            name=one["name"],
            email=one["email"],
            about=one["about"],
            password=told["password"],
            things=tuple(ThingToTry(**thing) for thing in tours[one["key"]]),
        )
        for one in told["sign_ins"]
    )


def sign_in_with_key(key: str) -> SignIn | None:
    """Return somebody a visitor may sign in as, or None if there is nobody of that key."""
    return next((one for one in sign_ins() if one.key == key), None)


def people_to_be(session: Session) -> dict[str, PersonId]:
    """Return who of them is here, by key: nobody before the town is built."""
    keys = {one.email: one.key for one in sign_ins()}
    rows = session.execute(select(Person.email, Person.id).where(Person.email.in_(keys)))
    return {keys[row.email]: row.id for row in rows}


def code_for_now(session: Session, *, viewer: Viewer, key: str, now: datetime) -> str | None:
    """Return a code that somebody made up can sign in with now, for there is no phone; None where all were taken."""
    row = session.execute(
        select(Person.email, SecondFactor.secret, SecondFactor.last_step)
        .join(SecondFactor, SecondFactor.person_id == Person.id)
        .where(Person.id == viewer.person_id)
    ).one_or_none()
    if row is None or row.email not in {one.email for one in sign_ins()}:
        return None
    step = codes.next_step(now, taken=row.last_step)
    return None if step is None else codes.code_for(codes.secret_from(row.secret, key=key), step=step)


def is_empty(session: Session) -> bool:
    """Test whether there is nobody and nothing here yet."""
    return all(session.scalar(select(one).limit(1)) is None for one in (Person.id, Offer.id))


def arrangements_of_pool(session: Session, *, pool_id: PoolId) -> tuple[ArrangementId, ...]:
    """Return the arrangements that a pool led to. For building the town, never for pages."""
    # Not by id, which is another each time the town is built.
    found = (
        select(Arrangement.id)
        .join(Person, Person.id == Arrangement.person_id)
        .where(Arrangement.pool_key == pool_id)
        .order_by(Person.email)
    )
    return tuple(session.scalars(found))


def status_of(session: Session, *, review_id: ReviewId) -> ReviewStatus:
    """Return where a review stands. For building the town, never for pages."""
    return session.scalars(select(Review.status).where(Review.id == review_id)).one()


def reply_waits(session: Session, *, reply_id: ReplyId) -> bool:
    """Test whether somebody must read a reply first. For building the town, never for pages."""
    return session.scalars(select(Reply.status).where(Reply.id == reply_id)).one() is ReviewStatus.UNREAD


def points_of(session: Session, *, review_id: ReviewId) -> dict[int, PointId]:
    """Return what a review says that works, does not, and should change, in this order. For building the town."""
    kinds = list(PointKind)
    found = session.execute(select(Point.kind, Point.id).where(Point.review_id == review_id)).all()
    return {kinds.index(kind): point_id for kind, point_id in found}


def refusal_of(session: Session, *, review_id: ReviewId) -> ScreeningId:
    """Return the decision that keeps a review from view. For building the town, never for pages."""
    return session.scalars(
        select(Screening.id).where(Screening.review_id == review_id, Screening.outcome == ScreeningOutcome.REFUSED)
    ).one()


def criterion_called(session: Session, words: str) -> CriterionId:
    """Return the criterion with some words. For building the town, never for pages."""
    return session.scalars(select(Criterion.id).where(Criterion.words == words)).one()


def items_of(session: Session, *, checklist_id: ChecklistId) -> tuple[ChecklistItemId, ...]:
    """Return what stands on a checklist, in order. For building the town, never for pages."""
    found = select(ChecklistItem.id).where(ChecklistItem.checklist_id == checklist_id).order_by(ChecklistItem.position)
    return tuple(session.scalars(found))


def status_of_pool(session: Session, *, pool_id: PoolId) -> PoolStatus:
    """Return where a pool stands. For building the town, never for pages."""
    return session.scalars(select(Pool.status).where(Pool.id == pool_id)).one()


def invite_key_of(session: Session, *, pool_id: PoolId) -> uuid.UUID:
    """Return the part of a pool's link that invites. For building the town, never for pages."""
    return session.scalars(select(Pool.invite_key).where(Pool.id == pool_id)).one()


def shared_visits_of(session: Session, *, pool_id: PoolId) -> tuple[SharedVisitId, ...]:
    """Return the visits that a pool has together, in order. For building the town, never for pages."""
    found = select(SharedVisit.id).where(SharedVisit.pool_id == pool_id).order_by(SharedVisit.held_on)
    return tuple(session.scalars(found))


def shares_to_confirm(session: Session, *, shared_visit_id: SharedVisitId) -> tuple[tuple[VisitId, PersonId], ...]:
    """Return each member's own share of a visit, as a visit that they confirm. For building the town only."""
    rows = session.execute(
        select(SharedVisitMember.visit_id, SharedVisitMember.person_id)
        .join(Visit, Visit.id == SharedVisitMember.visit_id)
        .join(Person, Person.id == SharedVisitMember.person_id)
        .where(SharedVisitMember.shared_visit_id == shared_visit_id, Visit.status == VisitStatus.CLAIMED)
        .order_by(Person.email)
    )
    return tuple((row.visit_id, row.person_id) for row in rows if row.visit_id is not None)


def needs_of(session: Session, *, brief_id: BriefId) -> tuple[NeedId, ...]:
    """Return what a brief needs, in order. For building the town, never for pages."""
    found = select(BriefNeed.id).where(BriefNeed.brief_id == brief_id).order_by(BriefNeed.position)
    return tuple(session.scalars(found))


def criteria_of(session: Session, *, brief_id: BriefId) -> tuple[BriefCriterionId, ...]:
    """Return by what a brief is decided, in order. For building the town, never for pages."""
    found = select(BriefCriterion.id).where(BriefCriterion.brief_id == brief_id).order_by(BriefCriterion.position)
    return tuple(session.scalars(found))


def quotes_on(session: Session, *, brief_id: BriefId) -> dict[OfferId, QuoteId]:
    """Return the quotes on a brief by their offers. For building the town, never for pages."""
    rows = session.execute(select(Quote.offer_id, Quote.id).where(Quote.brief_id == brief_id))
    return {row.offer_id: row.id for row in rows}


def called_to(session: Session, *, brief_id: BriefId) -> tuple[OrganisationId, ...]:
    """Return the organisations that a brief calls. For building the town, never for pages."""
    found = select(BriefCall.organisation_id).where(BriefCall.brief_id == brief_id).order_by(BriefCall.organisation_id)
    return tuple(session.scalars(found))


def mild_guesses(session: Session, *, brief_id: BriefId) -> tuple[str, ...]:
    """Return what the check finds in a brief and its writer may keep. For building the town, never for pages."""
    found = guesses_about(session, session.get_one(Brief, brief_id))
    return tuple(guess.key for guess in found if guess.may_keep)
