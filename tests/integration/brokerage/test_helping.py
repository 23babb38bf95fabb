"""Who helps as pages tell it: circles, what was done for you, the directory, the register, and the worklist."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.jobs import tell_of_ending_consent
from marketplace.accounts.models import Delegation
from marketplace.accounts.queries.acts import done_for
from marketplace.accounts.rules import Scope
from marketplace.accounts.services.delegations import accept_consent, end_consent, give_consent
from marketplace.accounts.services.helping import stop_helping
from marketplace.brokerage.models import HelpTask, Independence, Supporter
from marketplace.brokerage.queries import directory, independence
from marketplace.brokerage.queries import people as worklist
from marketplace.brokerage.queries.circles import named_in_plan
from marketplace.brokerage.rules.nouns import BriefStatus, Circle, Payer
from marketplace.brokerage.services import independence as declaring
from marketplace.brokerage.services import reviewing, supporters, tasks
from marketplace.brokerage.services.plans import PlanNotFoundError, begin_plan
from marketplace.catalogue.rules import ProviderKind
from marketplace.kit.days import day_of
from marketplace.kit.outbox import Message
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.services.answering import NotYourSideError
from marketplace.purchasing.services.confirming import confirm_visit
from tests.factories import accounts as make
from tests.factories import briefs, catalogue, helping, purchasing
from tests.integration.routes.world import rules


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada", lives_in="E08000009")


@pytest.fixture
def plan_id(session, ada, now):
    return begin_plan(session, by=ada.id, now=now)


def end(session, consent_id, by, now):
    end_consent(session, delegation_id=consent_id, by=by.id, link="/", now=now)


def test_whoever_was_asked_and_has_not_answered_is_named(client, session, ada, sign_in):
    now = datetime.now(UTC)

    def asked_of(person):
        sign_in(person.id)
        return "bev@example.org" in client.get("/help").text

    consent_id = give_consent(
        session, by=ada.id, email="bev@example.org", scopes={Scope.SEE_PLAN}, ends_on=day_of(now) + timedelta(days=30),
        link="/", now=now, key=uuid.uuid4(),
    )  # fmt: skip
    stranger = make.person(session)
    session.commit()
    assert (asked_of(ada), asked_of(stranger)) == (True, False)
    end(session, consent_id, ada, now)
    session.commit()
    assert not asked_of(ada)


def test_what_was_done_for_you_stays_readable_and_is_yours_alone(session, ada, plan_id, now):
    friend, consent_id = make.friend(session, of=ada, now=now)
    supporters.add_supporter(
        session, plan_id=plan_id, circle=Circle.FAMILY, called="Mum", how="", by=friend.id, now=now
    )
    supporters.add_supporter(session, plan_id=plan_id, circle=Circle.FAMILY, called="Dad", how="", by=ada.id, now=now)
    end(session, consent_id, ada, now)
    [act] = done_for(session, viewer=make.as_viewer(ada)).lines
    assert (act.called, act.did, act.to_id) == ("Friend", "named somebody who helps, in your plan", plan_id)
    assert done_for(session, viewer=make.as_viewer(friend)).lines == ()


def test_who_is_named_in_a_plan_is_seen_and_changed_by_whom_its_person_lets(session, ada, plan_id, now):
    looker, _ = make.friend(session, of=ada, scopes={Scope.SEE_PLAN}, now=now)
    bev = helping.named(session, plan_id=plan_id, by=ada)
    stranger = make.person(session)
    for person, seen in ((ada, ["Bev next door"]), (looker, ["Bev next door"]), (stranger, [])):
        found = named_in_plan(session, plan_id=plan_id, viewer=make.as_viewer(person), on=day_of(now))
        assert [one.called for one in found] == seen
    for person in (looker, stranger):
        with pytest.raises(PlanNotFoundError):
            supporters.remove_supporter(session, plan_id=plan_id, supporter_id=bev.id, by=person.id, now=now)
    assert session.query(Supporter).count() == 1


def test_a_worklist_holds_what_one_is_let_do_and_nobody_else(session, ada, plan_id, now, count_queries):
    friend, consent_id = make.friend(session, of=ada, now=now)
    money, _ = make.friend(session, of=ada, scopes={Scope.SEE_BUDGETS}, now=now)
    other = make.person(session, name="Never Consented")
    begin_plan(session, by=other.id, now=now)
    today = day_of(now)
    for helper in (friend, money):
        helping.task(session, person=ada, helper=helper)
    reviewing.set_review(session, plan_id=plan_id, due_on=today + timedelta(days=20), by=ada.id, now=now)
    reviewing.set_review(session, plan_id=plan_id, due_on=today + timedelta(days=200), by=ada.id, now=now)
    brief = briefs.open_brief(session, person=ada, now=now)
    briefs.open_brief(session, person=other, now=now)
    session.flush()
    session.expire_all()
    count_queries.clear()
    [helped] = worklist.worklist(session, viewer=make.as_viewer(friend), on=today)
    assert len(count_queries) <= 8
    assert (helped.name, helped.plan_id, len(helped.tasks)) == ("Ada", plan_id, 1)
    assert [one.due_on for one in helped.reviews] == [today + timedelta(days=20)]
    assert [(one.id, one.status, one.may_look) for one in helped.briefs] == [(brief.id, BriefStatus.OPEN, True)]
    [seen] = worklist.worklist(session, viewer=make.as_viewer(money), on=today)
    assert (seen.plan_id, seen.may_write, seen.reviews, seen.briefs, len(seen.tasks)) == (None, False, (), (), 1)
    end(session, consent_id, ada, now)
    assert worklist.worklist(session, viewer=make.as_viewer(friend), on=today) == ()


def test_both_write_tasks_down_and_tick_them_off_while_consent_lives(session, ada, now):
    friend, _ = make.friend(session, of=ada, scopes={Scope.CONFIRM_VISITS}, now=now)
    for by in (ada, friend):
        tasks.add_task(
            session, person_id=ada.id, helper_id=friend.id, words=f"From {by.name}", due_on=None, by=by.id, now=now
        )
    first = session.query(HelpTask).filter_by(words="From Ada").one()
    assert tasks.finish_task(session, task_id=first.id, by=friend.id, now=now) == ada.id
    for person, other, helps in ((ada, friend, False), (friend, ada, True)):
        [way] = worklist.between(session, other_id=other.id, viewer=make.as_viewer(person), on=day_of(now))
        assert (way.viewer_helps, [one.words for one in way.to_do], len(way.done)) == (helps, ["From Friend"], 1)
    assert len(done_for(session, viewer=make.as_viewer(ada)).lines) == 2
    stop_helping(session, giver_id=ada.id, by=friend.id, link="/", now=now)
    assert worklist.between(session, other_id=ada.id, viewer=make.as_viewer(friend), on=day_of(now)) == ()
    second = session.query(HelpTask).filter_by(words="From Friend").one()
    for by in (friend, ada, make.person(session)):
        with pytest.raises(tasks.TaskNotFoundError):
            tasks.finish_task(session, task_id=second.id, by=by.id, now=now)


def test_consent_that_ends_closes_every_page_of_a_plan_at_once_and_mid_form(app, client, session, ada, sign_in):
    now = datetime.now(UTC)
    plan_id = begin_plan(session, by=ada.id, now=now)
    friend, consent_id = make.friend(session, of=ada, now=now)
    given = {"plan_id": plan_id, "supporter_id": helping.named(session, plan_id=plan_id, by=ada).id}
    pages = [
        rule
        for rule in rules(app, "GET")
        if rule.endpoint.startswith("brokerage.") and "plan_id" in rule.arguments and rule.arguments <= set(given)
    ]
    with app.test_request_context():
        addresses = [rule.build({name: given[name] for name in rule.arguments})[1] for rule in pages]
    circles = f"/plans/{plan_id}/circles"
    sign_in(friend.id)
    opened = [address for address in addresses if client.get(address).status_code in {200, 302}]
    assert {f"/plans/{plan_id}", f"/plans/{plan_id}/week", circles} <= set(opened)
    token = client.get(circles).text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    end(session, consent_id, ada, now)
    session.commit()
    typed = {"csrf_token": token, "called": "Eve", "circle": "family", "how": ""}
    page = client.post(circles, data=typed)
    assert page.status_code == 404
    assert "Eve" in page.text, "what was typed can be copied"
    assert {client.get(address).status_code for address in opened} == {404}
    assert session.scalars(sa.select(Supporter.called)).all() == ["Bev next door"]


def test_the_directory_has_those_who_help_people_plan_and_says_what_else_they_sell(session, ada, now):
    free, _ = helping.broker(session, name="Free Of Ties")
    seller, _ = helping.broker(session, name="Sells Too", sells=("home-and-garden",))
    user_led, speaker = catalogue.provider(session, kind=ProviderKind.USER_LED_ORGANISATION, name="By Us")
    purchasing.offer(session, organisation_id=user_led.organisation_id, category="peer-support", price=None)
    gardens, _ = make.organisation(session, name="Gardens Only")
    purchasing.offer(session, organisation_id=gardens.id)

    def found(**wanted):
        page = directory.directory(
            session, wanted=directory.Wanted(**wanted), viewer=make.as_viewer(ada), on=day_of(now)
        )
        return {one.organisation_id for one in page.found}

    assert found() == {free.id, seller.id, user_led.organisation_id}
    assert found(is_user_led=True) == {user_led.organisation_id}
    assert found(sells_nothing_else=True) == {free.id, user_led.organisation_id}
    assert found(words="by US") == {user_led.organisation_id}
    assert found(words="a plan like") == {free.id, seller.id}
    assert found(language="Urdu") == set()
    one = directory.found_organisation(session, organisation_id=seller.id, on=day_of(now))
    assert [it.title for it in one.offers] == ["A plan like you", "Gardening"], "help to plan comes first"
    assert [it.slug for it in one.sells] == ["home-and-garden"]
    assert directory.found_organisation(session, organisation_id=gardens.id, on=day_of(now)) is None
    assert speaker.organisations == {user_led.organisation_id}


def test_the_register_counts_what_is_sold_and_keeps_every_edition(client, session, now, sign_in):
    body, asha = helping.broker(session, sells=("home-and-garden", "home-and-garden"))
    quiet, other = helping.broker(session, name="Has Not Said")
    said = {"who_pays": "=Trafford Council", "also_sells": "", "ties": "", "organisation_id": body.id}
    declaring.declare_independence(session, payers={Payer.GRANTS}, by=asha, now=now - timedelta(days=400), **said)
    [first] = independence.editions_of(session, organisation_id=body.id, on=day_of(now))
    assert first.is_stale
    declaring.declare_independence(session, payers={Payer.COUNCIL}, by=asha, now=now, **said)
    lines = {one.organisation_id: one for one in independence.register(session, on=day_of(now)).lines}
    assert (lines[body.id].declaration.payers, lines[body.id].declaration.is_stale) == ((Payer.COUNCIL,), False)
    assert [(it.slug, it.offers) for it in lines[body.id].sells] == [("home-and-garden", 2)]
    assert (lines[quiet.id].declaration, lines[quiet.id].sells_support) == (None, False)
    assert len(independence.editions_of(session, organisation_id=body.id, on=day_of(now))) == 2
    with pytest.raises(declaring.OrganisationNotFoundError):
        declaring.declare_independence(session, payers={Payer.GRANTS}, by=other, now=now, **said)
    with pytest.raises(declaring.DeclarationUnclearError):
        declaring.declare_independence(session, payers=(), by=asha, now=now, **said)
    session.commit()
    assert "They have not said who pays them." in client.get("/help/independence").text
    table = client.get("/help/independence.csv").text
    assert "'=Trafford Council" in table, "no spreadsheet runs what somebody wrote"
    sign_in(asha.person_id)
    page = client.fill_in(f"/help/independence/{body.id}", payers=["somebody_else"], who_pays="", ties="My sister")
    assert page.status_code == 422
    assert "Say who else pays you." in page.text
    assert "My sister" in page.text
    assert session.query(Independence).count() == 2


def test_family_is_invited_on_one_page_and_helps_are_asked_on_another(client, session, ada, sign_in):
    body, _asha = helping.broker(session, sells=("home-and-garden",))
    soon = datetime.now(UTC).date() + timedelta(days=60)
    until = [str(soon.day), str(soon.month), str(soon.year)]
    sign_in(ada.id)
    mum = {"level": "write", "ends_on": until}
    assert client.fill_in("/help/invite", email="mum", **mum).status_code == 422
    assert client.fill_in("/help/invite", email="mum@example.org", **mum).status_code == 302
    ask = f"/help/directory/{body.id}/ask"
    everything = ["write_plan", "ask_for_quotes"]
    page = client.fill_in(ask, words="Help me with Tuesdays.", scopes=everything, ends_on=until)
    assert page.status_code == 422
    assert "sells support that your plan could buy" in page.text
    assert "Help me with Tuesdays." in page.text
    answers = {"words": "Help me with Tuesdays.", "scopes": ["see_plan"], "ends_on": until}
    assert client.fill_in(ask, **answers).status_code == 302
    assert "Waiting for their answer" in client.get("/help/requests").text
    assert "You have asked them" in client.get(f"/help/directory/{body.id}").text


def test_both_hear_once_a_week_before_consent_runs_out(app, session, ada, now):
    friend, consent_id = make.friend(session, of=ada, now=now)
    session.commit()
    with app.app_context():
        for days, told in ((10, 0), (24, 1), (25, 0), (40, 0)):
            assert tell_of_ending_consent(now + timedelta(days=days)) == told
    ending = session.scalars(sa.select(Message.to).where(Message.subject.contains(" ends on "))).all()
    assert sorted(ending) == sorted([ada.email, friend.email])
    assert session.get_one(Delegation, consent_id).told_at is not None


def test_a_visit_is_confirmed_by_whom_one_lets_but_never_by_whoever_is_paid(session, ada, now):
    body, speaker = make.organisation(session)
    friend, _ = make.friend(session, of=ada, scopes={Scope.CONFIRM_VISITS}, now=now)
    arranged = purchasing.arrangement(
        session, person=ada, organisation_id=body.id, status=ArrangementStatus.ACCEPTED
    )  # fmt: skip
    visit = purchasing.visit(session, arranged, by=speaker.id)
    consent_id = give_consent(
        session, by=ada.id, email=speaker.email, scopes={Scope.CONFIRM_VISITS}, ends_on=day_of(now), link="/", now=now,
        key=arranged.id,
    )  # fmt: skip
    accept_consent(session, delegation_id=consent_id, by=speaker.id, link="/", now=now)
    with pytest.raises(NotYourSideError):
        confirm_visit(session, visit_id=visit.id, by=speaker.id, link=str, now=now)
    confirm_visit(session, visit_id=visit.id, by=friend.id, link=str, now=now)
    [act] = done_for(session, viewer=make.as_viewer(ada)).lines
    assert (act.by, act.did[:20], act.to_kind, act.to_id) == (
        "Friend",
        "confirmed your visit",
        "arrangement",
        arranged.id,
    )
