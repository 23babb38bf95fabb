"""The most boring briefs there are: an hour of help in the garden each week, in Trafford."""

import uuid
from datetime import UTC, date, datetime, timedelta

from marketplace.brokerage.models import Brief, BriefQuestion
from marketplace.brokerage.rules.briefs import Criterion
from marketplace.brokerage.rules.nouns import AreaKind
from marketplace.brokerage.services import asking, briefing
from marketplace.catalogue.rules import Unit
from marketplace.moderation.rules import SubjectKind
from marketplace.purchasing.rules.nouns import ArrangementKind
from tests.factories import moderation

BEGAN = datetime(2026, 5, 4, 12, tzinfo=UTC)
NEEDS = ("Come at the same time each week", "Take the green bin out")
CRITERIA = (Criterion("What it costs", 60, is_cost=True), Criterion("How well it fits", 40))


def draft(session, *, person, by=None, now=BEGAN, needs=NEEDS, criteria=CRITERIA, line_id=None, **differences):
    """Add a brief with everything said that must be, which is not sent yet."""
    brief_id = briefing.begin_brief(session, person_id=person.id, by=(by or person).id, line_id=line_id, now=now)
    brief = session.get_one(Brief, brief_id)
    plain = {
        "title": "Help in a garden",
        "about": "Somebody to weed and to cut the grass.",
        "category": "home-and-garden",
        "area_kind": AreaKind.COUNCIL,
        "area_name": "Trafford",
        "easting": 378_700,
        "northing": 392_000,
        "council": "E08000009",
        "kind": ArrangementKind.WEEKLY,
        "quantity": 1,
        "unit": Unit.HOUR,
        "weeks": 12,
        "times": "Any weekday",
        "starts_on": date(2026, 6, 1),
    }
    for name, value in (plain | differences).items():
        setattr(brief, name, value)
    briefing.set_needs(session, brief, needs)
    briefing.set_criteria(session, brief, criteria)
    session.flush()
    return brief


def open_brief(session, *, person, now=BEGAN, **differences):
    """Add a brief that is open for quotes from a moment on, by default for 14 days."""
    brief = draft(session, person=person, now=now, **differences)
    briefing.open_brief(session, brief_id=brief.id, by=person.id, now=now)
    return brief


def question(session, brief, *, by, of, now=BEGAN):
    """Add what a person of an organisation asks about a brief, unanswered."""
    asked = BriefQuestion(
        id=uuid.uuid4(),
        brief_id=brief.id,
        organisation_id=of.id,
        asked_by=by.id,
        words="Is there a shed?",
        asked_at=now,
        answer="",
    )
    session.add(asked)
    session.flush()
    return asked


def one_of_each(session, *, person, by):
    """Add a draft, and an open brief about which a provider asked something and which somebody reported."""
    now = datetime.now(UTC)
    begun = draft(session, person=person, now=now, starts_on=None)
    asked_about = open_brief(session, person=person, now=now - timedelta(days=2), starts_on=None)
    (organisation_id,) = by.organisations
    question_id = asking.ask_question(
        session, brief_id=asked_about.id, by=by, organisation_id=organisation_id, words="Is there a shed?", now=now
    )
    moderation.report(session, subject_kind=SubjectKind.BRIEF, subject_id=asked_about.id)
    return {"draft_brief": begun.id, "asked_about": asked_about.id, "question_id": question_id}
