"""What waits for somebody who is signed in, as each thing that they are: numbers alone, and of their own alone."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.models import Delegation, Person
from marketplace.accounts.queries.delegations import delegated_to
from marketplace.accounts.rules import Permission, Scope, Viewer
from marketplace.brokerage.models import Brief, BriefQuestion, HelpRequest
from marketplace.brokerage.queries.library_queue import count_of_stories
from marketplace.brokerage.rules.nouns import BriefStatus, RequestStatus
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.queries import count_of_suggestions
from marketplace.catalogue.rules import ASKED_AFTER, OfferStatus
from marketplace.kit.days import day_of
from marketplace.moderation.models import Report
from marketplace.pooling.models import PoolMember, PoolProposal, PoolTurnout, PoolVoice
from marketplace.pooling.rules.nouns import MemberRole
from marketplace.purchasing.models import Arrangement, ArrangementTerms, Visit
from marketplace.purchasing.queries.disputes import count_of_disputes
from marketplace.purchasing.queries.sides import provided_by
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import TermsStatus, VisitStatus
from marketplace.ratings.models import Appeal, Reply, Review
from marketplace.ratings.queries.fairness import count_of_queue
from marketplace.ratings.queries.flags import count_of_flags
from marketplace.ratings.queries.invoices import count_of_invoices
from marketplace.ratings.queries.objections import count_of_objections
from marketplace.ratings.queries.voice import count_of_sounds
from marketplace.ratings.rules.nouns import ReviewStatus
from marketplace.web.rules.waiting import SOON, Waits

_Count = ScalarSelect[int]


def waiting_for(session: Session, *, viewer: Viewer, now: datetime) -> dict[Waits, int]:
    """Return how many of each thing wait for the viewer, the most pressing first. One question of the database."""
    if viewer.person_id is None:
        return {}
    asked = _of_person(viewer, now) | _of_organisations(viewer, now) | _of_work(viewer)
    if not asked:  # Of some roles nothing is asked here.
        return {}
    row = session.execute(select(*(count.label(what) for what, count in asked.items()))).one()
    found: Mapping[Waits, int] = dict(zip(asked, row, strict=True))
    return {what: found[what] for what in Waits if found.get(what)}


def _of_person(viewer: Viewer, now: datetime) -> dict[Waits, _Count]:
    today = day_of(now)
    if not viewer.may(Permission.BUY):
        return {}
    mine = Arrangement.person_id == viewer.person_id
    may_confirm = Arrangement.person_id.in_(delegated_to(viewer, Scope.CONFIRM_VISITS, on=today))
    visits = select(func.count()).select_from(Visit).join(Arrangement, Arrangement.id == Visit.arrangement_id)
    return {
        Waits.VISITS_TO_CONFIRM: visits.where(
            or_(mine, may_confirm), Visit.status == VisitStatus.CLAIMED
        ).scalar_subquery(),
        Waits.VISITS_TO_COME: visits.where(
            mine, Visit.status == VisitStatus.PLANNED, Visit.held_on.between(today, today + timedelta(days=SOON))
        ).scalar_subquery(),
        Waits.CHANGES: _proposed().where(mine, ArrangementTerms.proposed_by != viewer.person_id).scalar_subquery(),
        Waits.QUESTIONS: _counted(BriefQuestion.id)
        .join(Brief, Brief.id == BriefQuestion.brief_id)
        .where(Brief.person_id == viewer.person_id, _asks())
        .scalar_subquery(),
        Waits.QUOTES: _counted(Brief.id)
        .where(Brief.person_id == viewer.person_id, Brief.status == BriefStatus.CLOSED, Brief.held_at.is_(None))
        .scalar_subquery(),
        Waits.HELPED: _of_people_helped(viewer, today),
        Waits.DECISIONS: _decisions(viewer, now),
        Waits.CONSENTS: select(func.count())
        .select_from(Delegation)
        .join(Person, Person.email == Delegation.email)
        .where(
            Person.id == viewer.person_id,
            Delegation.receiver_id.is_(None),
            Delegation.ended_at.is_(None),
            Delegation.ends_on >= today,
        )
        .scalar_subquery(),
    }


def _of_people_helped(viewer: Viewer, today: date) -> _Count:
    """Return the briefs of people who let the viewer ask for quotes for them, in which something waits."""
    asks = exists().where(BriefQuestion.brief_id == Brief.id, _asks())
    return (
        _counted(Brief.id)
        .where(
            Brief.person_id.in_(delegated_to(viewer, Scope.ASK_FOR_QUOTES, on=today)),
            Brief.pool_key.is_(None),
            Brief.held_at.is_(None),
            or_(Brief.status == BriefStatus.CLOSED, asks),
        )
        .scalar_subquery()
    )


def _asks() -> ColumnElement[bool]:
    return and_(BriefQuestion.answered_at.is_(None), Brief.status == BriefStatus.OPEN, Brief.held_at.is_(None))


def _decisions(viewer: Viewer, now: datetime) -> _Count:
    """Return the questions in the viewer's pools that they can answer and have not."""
    voice = exists().where(PoolVoice.proposal_id == PoolProposal.id, PoolVoice.person_id == viewer.person_id)
    paper = exists().where(PoolTurnout.proposal_id == PoolProposal.id, PoolTurnout.person_id == viewer.person_id)
    return (
        _counted(PoolProposal.id)
        .join(PoolMember, PoolMember.pool_id == PoolProposal.pool_id)
        .where(
            PoolMember.person_id == viewer.person_id,
            PoolMember.left_at.is_(None),
            PoolMember.role != MemberRole.FACILITATOR,
            PoolMember.joined_at <= PoolProposal.asked_at,
            PoolProposal.closed_at.is_(None),
            PoolProposal.closes_at > now,
            ~voice,
            ~paper,
        )
        .scalar_subquery()
    )


def _of_organisations(viewer: Viewer, now: datetime) -> dict[Waits, _Count]:
    if not (viewer.may(Permission.PROVIDE) and viewer.organisations):
        return {}
    ours, own = provided_by(viewer), Provider.organisation_id.in_(viewer.organisations)
    unanswered = ~exists().where(Reply.review_id == Review.id)
    return {
        Waits.ASKED: _counted(Arrangement.id)
        .where(ours, Arrangement.status == ArrangementStatus.ASKED)
        .scalar_subquery(),
        Waits.QUERIES: select(func.count())
        .select_from(Visit)
        .join(Arrangement, Arrangement.id == Visit.arrangement_id)
        .where(ours, Visit.status == VisitStatus.QUERIED)
        .scalar_subquery(),
        Waits.CHANGES_ASKED: _proposed()
        .where(ours, ArrangementTerms.proposed_by == Arrangement.person_id)
        .where(Arrangement.status == ArrangementStatus.ACCEPTED)
        .scalar_subquery(),
        Waits.HELP_ASKED: _counted(HelpRequest.id)
        .where(
            HelpRequest.organisation_id.in_(viewer.organisations),
            HelpRequest.person_id != viewer.person_id,
            HelpRequest.status == RequestStatus.ASKED,
        )
        .scalar_subquery(),
        Waits.REVIEWS: select(func.count())
        .select_from(Review)
        .join(Provider, Provider.id == Review.provider_id)
        .where(own, Review.status == ReviewStatus.SHOWN, unanswered)
        .scalar_subquery(),
        Waits.OFFERS: select(func.count())
        .select_from(Offer)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(own, Offer.status == OfferStatus.LIVE, Offer.confirmed_at < now - timedelta(days=ASKED_AFTER))
        .scalar_subquery(),
    }


def _of_work(viewer: Viewer) -> dict[Waits, _Count]:
    found: dict[Waits, _Count] = {}
    if viewer.may(Permission.MODERATE):
        found = {
            Waits.REPORTS: _counted(Report.id).where(Report.closed_at.is_(None)).scalar_subquery(),
            Waits.REVIEWS_TO_READ: count_of_queue(viewer),
            Waits.OBJECTIONS: count_of_objections(viewer),
            Waits.DISPUTES: count_of_disputes(),
            Waits.FLAGS: count_of_flags(viewer),
            Waits.STORIES: count_of_stories(viewer),
            Waits.VOICE_NOTES: count_of_sounds(viewer),
            Waits.NEW_OFFERS: _counted(Offer.id).where(Offer.status == OfferStatus.SUBMITTED).scalar_subquery(),
            Waits.SUGGESTIONS: count_of_suggestions(viewer),
        }
    if viewer.may(Permission.CHECK):
        found[Waits.INVOICES] = count_of_invoices(viewer)
    if viewer.may(Permission.SIT_ON_PANEL):
        found[Waits.APPEALS] = _counted(Appeal.id).where(Appeal.decided_at.is_(None)).scalar_subquery()
    return found


def _proposed() -> Select[int]:
    return (
        _counted(ArrangementTerms.id)
        .join(Arrangement, Arrangement.id == ArrangementTerms.arrangement_id)
        .where(ArrangementTerms.status == TermsStatus.PROPOSED)
    )


def _counted(key: InstrumentedAttribute[Any]) -> Select[int]:
    return select(func.count(key))
