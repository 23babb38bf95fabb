"""The most boring people who help with plans, whom one asks, and what they are to do."""

import uuid
from datetime import UTC, date, datetime

from marketplace.accounts.rules import Role, Scope
from marketplace.brokerage.models import HelpRequest, HelpTask, Supporter
from marketplace.brokerage.rules.nouns import Circle, RequestStatus
from tests.factories import accounts, purchasing

ASKED_AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def broker(session, *, name="Plan It", sells=(), charges=True):
    """Add an organisation that helps people plan, and one thing on each shelf of `sells`; return both."""
    body, speaker = accounts.organisation(session, name=name, spoken_for_by=accounts.person(session, name="Asha"))
    purchasing.offer(session, organisation_id=body.id, category="money-and-planning", title="A plan like you")
    for shelf in sells:
        purchasing.offer(session, organisation_id=body.id, category=shelf, **({} if charges else {"price": None}))
    return body, accounts.as_viewer(speaker, body, role=Role.PROVIDER)


def request(session, *, person, organisation, scopes=(Scope.SEE_PLAN, Scope.WRITE_PLAN), ends_on):
    """Let a person have asked an organisation for help, which has not answered."""
    it = HelpRequest(
        id=uuid.uuid4(), person_id=person.id, organisation_id=organisation.id, words="Help me think about Tuesdays.",
        scopes=list(scopes), ends_on=ends_on, status=RequestStatus.ASKED, asked_at=ASKED_AT, answer="",
    )  # fmt: skip
    session.add(it)
    session.flush()
    return it


def task(session, *, person, helper):
    """Let a person have written down something for a helper to do."""
    it = HelpTask(
        id=uuid.uuid4(), person_id=person.id, helper_id=helper.id, words="Ring the baths", made_by=person.id,
        made_at=ASKED_AT,
    )  # fmt: skip
    session.add(it)
    session.flush()
    return it


def named(session, *, plan_id, by):
    """Let somebody be named in a plan."""
    it = Supporter(
        id=uuid.uuid4(), plan_id=plan_id, circle=Circle.NEIGHBOURHOOD, called="Bev next door", how="", added_by=by.id
    )
    session.add(it)
    session.flush()
    return it


def one_of_each(session, *, person, helper, organisation_id, plan_id):
    """Let a person have asked an organisation that helps people plan, and return ids of everything about helping."""
    offer = purchasing.offer(session, organisation_id=organisation_id, category="money-and-planning")
    session.add(
        HelpRequest(
            id=(request_id := uuid.uuid4()), person_id=person.id, organisation_id=organisation_id, offer_id=offer.id,
            words="Help me think about Tuesdays.", scopes=[Scope.SEE_PLAN], ends_on=date(2099, 5, 1),
            status=RequestStatus.ASKED, asked_at=ASKED_AT, answer="",
        )
    )  # fmt: skip
    session.flush()
    return {
        "request_id": request_id,
        "task_id": task(session, person=person, helper=helper).id,
        "supporter_id": named(session, plan_id=plan_id, by=person).id,
    }
