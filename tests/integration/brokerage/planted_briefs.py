"""Briefs in every state and the quotes for them, with a word planted in everything private about them."""

import uuid
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from marketplace.brokerage import models
from marketplace.brokerage.rules.nouns import (
    AreaKind,
    BriefStatus,
    Fit,
    MeetingKind,
    NoBid,
    QuoteStatus,
    TrialOffer,
    WhyNot,
)
from marketplace.catalogue.models import SafetyCheck
from marketplace.catalogue.rules import Unit
from marketplace.catalogue.rules.nouns import CheckKind, CheckState
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind
from tests.factories import purchasing
from tests.integration.brokerage.planted import COUNCIL, word

PRICES = {"provider": Money(331_31), "other_provider": Money(442_42)}
"""What each asks: a figure that stands nowhere else."""
BUDGET = Money(5_553_53)
"""What the person could pay, and does not say."""
_OPENED = {BriefStatus.OPEN, BriefStatus.CLOSED, BriefStatus.AWARDED, BriefStatus.NONE_CHOSEN}
_ENDED = {BriefStatus.AWARDED, BriefStatus.NONE_CHOSEN, BriefStatus.WITHDRAWN}


def plant_brief(session, of, status, *, pool_key=None):
    """Add a brief in some state with all that hangs on it, and return its objects as addresses name them."""
    now = datetime.now(UTC)
    brief = _brief(session, of, status, now, pool_key)
    mark = "" if status in _OPENED else status.value
    need = models.BriefNeed(id=uuid.uuid4(), brief_id=brief.id, position=1, words=word("brief_need", "words") + mark)
    criteria = [
        models.BriefCriterion(
            id=uuid.uuid4(),
            brief_id=brief.id,
            position=place,
            words=word("brief_criterion", "words") + mark,
            weight=50,
            is_cost=place == 1,
        )
        for place in (1, 2)
    ]
    session.add_all([need, *criteria])
    for person, called in ((of.ada, "Ada"), (of.helper, "Helper"), (of.gone, "Gone")):
        session.add(
            models.BriefScorer(
                brief_id=brief.id,
                person_id=person.id,
                called=word("brief_scorer", "called") + called.lower(),
                added_at=now,
            )
        )
    session.flush()
    objects = {"brief_id": brief.id, "need_id": need.id, "criterion_id": criteria[1].id}
    if status in _OPENED:
        objects |= _asked(session, of, brief, now)
        objects |= _quoted(session, of, brief, need, criteria[1], now)
    return objects


def _brief(session, of, status, now, pool_key):
    has_opened = status in _OPENED
    is_open = status is BriefStatus.OPEN
    mark = "" if has_opened else status.value
    opened_at = now - timedelta(days=3 if is_open else 20)
    days = {
        "opened_at": opened_at,
        "questions_until": opened_at + timedelta(days=7),
        "answers_by": opened_at + timedelta(days=13),
        "closes_at": opened_at + timedelta(days=14),
    }
    brief = models.Brief(
        id=uuid.uuid4(),
        person_id=of.ada.id,
        pool_key=pool_key,
        people=1 if pool_key is None else 3,
        title=word("brief", "title") + mark,
        about=word("brief", "about") + mark,
        category=next(iter(of.offers.values())).category,
        area_kind=AreaKind.COUNCIL,
        area_name=word("brief", "area_name") + mark,
        easting=378_000,
        northing=392_000,
        council=COUNCIL,
        kind=ArrangementKind.ONE_OFF,
        quantity=1,
        unit=Unit.HOUR,
        weeks=1,
        budget=BUDGET,
        shows_budget=False,
        times=word("brief", "times") + mark,
        starts_on=day_of(now) + timedelta(days=40),
        days_open=14,
        status=status,
        kept_despite=[word("brief", "kept_despite")],
        edition=1,
        written_by=of.ada.id,
        began_at=now - timedelta(days=21),
        updated_at=now - timedelta(days=21),
        ended_at=now if status in _ENDED else None,
        why_ended=word("brief", "why_ended") if status in _ENDED else "",
        **(days if has_opened else {}),
    )
    session.add(brief)
    session.flush()
    return brief


def _asked(session, of, brief, now):
    question = models.BriefQuestion(
        id=uuid.uuid4(),
        brief_id=brief.id,
        organisation_id=of.bodies["provider"].id,
        asked_by=of.speakers["provider"].id,
        words=word("brief_question", "words"),
        asked_at=brief.opened_at,
        answer=word("brief_question", "answer"),
        answered_by=of.ada.id,
        answered_at=now,
        told_at=now,
    )
    session.add(question)
    for body in of.bodies.values():
        session.add(
            models.BriefCall(
                brief_id=brief.id, organisation_id=body.id, called_at=brief.opened_at, told_at=brief.opened_at
            )
        )
    session.add(
        models.BriefCall(
            brief_id=brief.id,
            organisation_id=of.asked_body.id,
            called_at=brief.opened_at,
            told_at=brief.opened_at,
            declined_at=now,
            why_not=NoBid.TOO_LITTLE_TOLD,
        )
    )
    return {"question_id": question.id}


def _quoted(session, of, brief, need, criterion, now):
    objects = {}
    for place, name in enumerate(PRICES):
        quote = _quote(session, of, brief, name, now, is_chosen=place == 0)
        session.add(
            models.QuoteAnswer(
                quote_id=quote.id, need_id=need.id, fit=Fit.PARTLY, words=f"{word('quote_answer', 'words')}{name}"
            )
        )
        meeting = models.QuoteMeeting(
            id=uuid.uuid4(),
            quote_id=quote.id,
            kind=MeetingKind.MEET,
            words=f"{word('quote_meeting', 'words')}{name}",
            asked_by=of.ada.id,
            asked_at=now,
            answer=f"{word('quote_meeting', 'answer')}{name}",
            answered_by=of.speakers[name].id,
            answered_at=now,
            how_it_was=word("quote_meeting", "how_it_was"),
        )
        session.add(meeting)
        given = {"quote_id": quote.id, "criterion_id": criterion.id, "points": 3}
        for person in (of.ada, of.helper):
            session.add(
                models.QuoteScore(**given, person_id=person.id, because=word("quote_score", "because"), given_at=now)
            )
        session.add(models.AgreedScore(**given, agreed_by=of.ada.id, agreed_at=now))
        _checked(session, of, quote, name, now)
        objects |= {"quote_id": quote.id, "meeting_id": meeting.id} if place == 0 else {"other_quote_id": quote.id}
    if brief.status is BriefStatus.AWARDED:
        made = purchasing.arrangement(
            session,
            person=of.ada,
            organisation_id=of.bodies["provider"].id,
            about=of.offers["provider"],
            status=ArrangementStatus.ACCEPTED,
            unit_price=PRICES["provider"],
            quantity=1,
        )
        objects["arrangement_id"] = made.id
        session.add(
            models.Award(
                brief_id=brief.id,
                quote_id=objects["quote_id"],
                because=word("award", "because"),
                by=of.ada.id,
                at=now,
                arrangement_id=made.id,
            )
        )
    return objects


def _quote(session, of, brief, name, now, *, is_chosen):
    status, why_not = QuoteStatus.SENT, None
    if brief.status is BriefStatus.AWARDED:
        status = QuoteStatus.AWARDED if is_chosen else QuoteStatus.NOT_CHOSEN
        why_not = None if is_chosen else WhyNot.OWN_WORDS
    quote = models.Quote(
        id=uuid.uuid4(),
        brief_id=brief.id,
        organisation_id=of.bodies[name].id,
        offer_id=of.offers[name].id,
        quoted_by=of.speakers[name].id,
        unit=Unit.HOUR,
        unit_price=PRICES[name],
        admin=Money(1_00),
        overhead=Money(2_00),
        travel=Money(0),
        quantity=1,
        weeks=1,
        total=PRICES[name],
        notice_hours=168,
        can_start_on=day_of(now) + timedelta(days=40),
        times=f"{word('quote', 'times')}{name}",
        trial=TrialOffer.FREE,
        trial_words=f"{word('quote', 'trial_words')}{name}",
        status=status,
        began_at=now,
        sent_at=now,
        changed_at=now,
        shown_at=1 if is_chosen else 2,
        why_not=why_not,
        why_not_words=f"{word('quote', 'why_not_words')}{name}" if why_not else "",
    )
    session.add(quote)
    session.flush()
    return quote


def _checked(session, of, quote, name, now):
    """Let a quote point to its provider's insurance."""
    of_provider = SafetyCheck.provider_id == of.offers[name].provider_id
    check_id = session.scalars(sa.select(SafetyCheck.id).where(of_provider)).one_or_none()
    if check_id is None:
        check_id = uuid.uuid4()
        session.add(
            SafetyCheck(
                id=check_id,
                provider_id=of.offers[name].provider_id,
                kind=CheckKind.INSURANCE,
                state=CheckState.DECLARED,
                recorded_by=of.speakers[name].id,
                recorded_at=now,
                edition=1,
            )
        )
        session.flush()
    session.add(models.QuoteCheck(quote_id=quote.id, check_id=check_id))
