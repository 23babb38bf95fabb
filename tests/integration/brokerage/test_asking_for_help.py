"""Asking an organisation for help: one of its people says yes and consent lives, or it says no kindly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import Delegation, Person, RoleGrant
from marketplace.accounts.queries import delegations
from marketplace.accounts.queries.delegations import may_act_for
from marketplace.accounts.rules import WHOLE_PLANNING, ConsentState, Role, Scope
from marketplace.accounts.services.delegations import end_consent, give_consent
from marketplace.brokerage.models import HelpRequest
from marketplace.brokerage.queries import requests as queries
from marketplace.brokerage.queries.circles import in_circles
from marketplace.brokerage.rules.nouns import Circle, RequestStatus
from marketplace.brokerage.services import requests as services
from marketplace.kit.days import day_of
from marketplace.kit.outbox import Message
from tests.factories import accounts as make
from tests.factories import helping, purchasing
from tests.races import in_transactions

SOME = frozenset({Scope.WRITE_PLAN})


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def ask(session, ada, now):
    def asked(organisation, scopes=SOME, by=None):
        return services.ask_for_help(
            session,
            organisation_id=organisation.id,
            words="Help me think about Tuesdays.",
            scopes=scopes,
            ends_on=day_of(now) + timedelta(days=90),
            by=by or make.as_viewer(ada),
            address=lambda request_id: f"/help/requests/{request_id}",
            now=now,
        )

    return asked


def accept(session, request_id, by, now):
    return services.accept_request(session, request_id=request_id, by=by, link="/help", now=now)


def may(session, by, ada, scope, now):
    return may_act_for(session, by=by.person_id, person_id=ada.id, scope=scope, on=day_of(now))


def letters(session):
    return sorted(session.execute(sa.select(Message.to, Message.subject)).all())


def test_whoever_says_yes_may_do_what_was_asked_for_at_once_and_nobody_else(session, ada, ask, now):
    body, asha = helping.broker(session)
    colleague = make.person(session, name="Ben")
    session.add(RoleGrant(person_id=colleague.id, role=Role.PROVIDER, organisation_id=body.id))
    request_id = ask(body)
    assert [one.person for one in queries.requests_for_us(session, viewer=asha)] == ["Ada"]
    assert not may(session, asha, ada, Scope.SEE_PLAN, now)
    accept(session, request_id, asha, now)
    assert may(session, asha, ada, Scope.WRITE_PLAN, now)
    assert may(session, asha, ada, Scope.SEE_PLAN, now), "whoever may write may see"
    assert not may(session, asha, ada, Scope.ASK_FOR_QUOTES, now)
    assert not may(session, make.as_viewer(colleague, body), ada, Scope.SEE_PLAN, now)
    assert queries.requests_for_us(session, viewer=asha) == (), "what was answered is not shown any more"
    [mine] = queries.my_requests(session, viewer=make.as_viewer(ada), on=day_of(now))
    assert (mine.status, mine.is_live) == (RequestStatus.ACCEPTED, True)
    [later] = queries.my_requests(session, viewer=make.as_viewer(ada), on=day_of(now) + timedelta(days=91))
    assert not later.is_live
    assert (ada.email, "Asha of Plan It will help you") in letters(session)
    [consent] = delegations.consents_of(session, viewer=make.as_viewer(ada), today=day_of(now))
    assert (consent.state, consent.other) == (ConsentState.LIVE, "Asha of Plan It")
    [helper] = in_circles(session, viewer=make.as_viewer(ada), on=day_of(now))
    assert (helper.circle, helper.sellers) == (Circle.PAID_ADVISER, ())
    with pytest.raises(services.RequestOverError):
        accept(session, request_id, make.as_viewer(colleague, body), now)


def test_what_an_organisation_was_asked_for_ends_when_its_person_leaves(session, ada, ask, now):
    body, asha = helping.broker(session)
    accept(session, ask(body), asha, now)
    session.execute(sa.delete(RoleGrant).where(RoleGrant.organisation_id == body.id))
    assert not may(session, asha, ada, Scope.SEE_PLAN, now)
    assert in_circles(session, viewer=make.as_viewer(ada), on=day_of(now)) == ()


def test_a_no_is_told_with_its_words_and_allows_nothing(session, ada, ask, now):
    body, asha = helping.broker(session)
    request_id = ask(body)
    services.decline_request(session, request_id=request_id, by=asha, words="Try in May.", link="/x", now=now)
    bodies = session.scalars(sa.select(Message.body).where(Message.to == ada.email)).all()
    assert len(bodies) == 1
    assert "Try in May." in bodies[0]
    assert not may(session, asha, ada, Scope.SEE_PLAN, now)
    with pytest.raises(services.RequestOverError):
        accept(session, request_id, asha, now)


def test_one_request_waits_at_a_time_and_can_be_taken_back(session, ada, ask, now):
    body, asha = helping.broker(session)
    request_id = ask(body)
    with pytest.raises(services.AskedAlreadyError):
        ask(body)
    with pytest.raises(services.RequestNotFoundError):
        services.withdraw_request(session, request_id=request_id, by=asha.person_id, now=now)
    services.withdraw_request(session, request_id=request_id, by=ada.id, now=now)
    with pytest.raises(services.RequestOverError):
        accept(session, request_id, asha, now)
    ask(body)


def test_it_is_answered_by_whom_it_was_asked_of_and_never_by_oneself(session, ada, ask, now):
    body, asha = helping.broker(session)
    _other, stranger = helping.broker(session, name="Somebody Else")
    request_id = ask(body)
    with pytest.raises(services.RequestNotFoundError):
        accept(session, request_id, stranger, now)
    assert queries.request_for_us(session, request_id=request_id, viewer=stranger) is None
    with pytest.raises(services.OrganisationNotToAskError):
        ask(body, by=asha)
    no_helper, _speaker = make.organisation(session, name="Gardens Only")
    with pytest.raises(services.OrganisationNotToAskError):
        ask(no_helper)


@pytest.mark.parametrize(
    ("sells", "charges", "refused"),
    [((), True, False), (("home-and-garden",), True, True), (("home-and-garden",), False, False)],
)
def test_whoever_sells_support_is_not_asked_to_hold_it_all(session, ask, sells, charges, refused):
    body, _asha = helping.broker(session, sells=sells, charges=charges)
    if refused:
        with pytest.raises(services.HoldsEverythingError, match="could buy"):
            ask(body, WHOLE_PLANNING)
        ask(body, WHOLE_PLANNING - {Scope.ASK_FOR_QUOTES})
    else:
        ask(body, WHOLE_PLANNING)


def test_two_of_one_organisation_do_not_hold_it_all_between_them(session, ada, ask, now):
    body, asha = helping.broker(session, sells=("home-and-garden",))
    accept(session, ask(body), asha, now)
    with pytest.raises(services.HoldsEverythingError):
        ask(body, {Scope.ASK_FOR_QUOTES})
    [helper] = in_circles(session, viewer=make.as_viewer(ada), on=day_of(now))
    assert helper.sellers == ("Boring Help",)
    assert not helper.is_in_conflict


def test_who_begins_to_sell_support_in_the_meantime_is_refused_and_shown(session, ada, ask, now):
    body, asha = helping.broker(session)
    request_id = ask(body, WHOLE_PLANNING)
    other, ben = helping.broker(session, name="Also Here")
    accept(session, ask(other, WHOLE_PLANNING), ben, now)
    for organisation in (body, other):
        purchasing.offer(session, organisation_id=organisation.id)
    with pytest.raises(services.HoldsEverythingError):
        accept(session, request_id, asha, now)
    assert session.get_one(HelpRequest, request_id).status is RequestStatus.ASKED
    [helper] = in_circles(session, viewer=make.as_viewer(ada), on=day_of(now))
    assert helper.is_in_conflict


def test_nobody_gets_round_it_by_e_mail(client, session, ada, sign_in, now):
    body, asha = helping.broker(session, sells=("home-and-garden",))
    email = session.get_one(Person, asha.person_id).email
    today = day_of(datetime.now(UTC))
    consent_id = give_consent(
        session, by=ada.id, email=email, scopes=WHOLE_PLANNING, ends_on=today + timedelta(days=9), link="/", now=now,
        key=body.id,
    )  # fmt: skip
    sign_in(asha.person_id)
    page = client.press("/accounts/consent", "Say yes to Ada")
    assert page.status_code == 409
    assert "Plan It sells support that their plan could buy." in page.text
    assert delegations.people_helped(session, viewer=asha, on=today) == ()
    end_consent(session, delegation_id=consent_id, by=asha.person_id, link="/", now=now)


def test_an_organisation_answers_on_one_page(client, session, ada, sign_in):
    body, asha = helping.broker(session)
    until = datetime.now(UTC).date() + timedelta(days=30)
    first = helping.request(session, person=ada, organisation=body, ends_on=until)
    sign_in(asha.person_id)
    url = f"/help/requests/{first.id}"
    assert client.fill_in(url, words="x" * 501).status_code == 422
    assert client.fill_in(url, words="Try in May.").status_code == 302
    assert client.get(url).status_code == 404
    second = helping.request(session, person=ada, organisation=body, ends_on=until)
    session.commit()
    client.press(f"/help/requests/{second.id}", "Yes, I will help Ada")
    assert "Ada" in client.get("/help/people").text
    assert "Write in their plan" in client.get("/accounts/consent").text


def test_of_two_who_say_yes_at_the_same_moment_one_helps(real_app, arrange, now):
    body, asha = arrange(helping.broker)
    ben = arrange(lambda session: make.person(session, name="Ben"))
    arrange(lambda session: session.add(RoleGrant(person_id=ben.id, role=Role.PROVIDER, organisation_id=body.id)))
    ada = arrange(make.person)
    until = day_of(now) + timedelta(days=30)
    asked = arrange(lambda session: helping.request(session, person=ada, organisation=body, ends_on=until))
    speakers = (asha, make.as_viewer(ben, body), asha)
    came = in_transactions(
        real_app, [lambda session, by=by: accept(session, asked.id, by, now) for by in speakers]
    )  # fmt: skip
    assert sum(isinstance(one, services.RequestOverError) for one in came) == 2
    lives = arrange(lambda session: session.scalars(sa.select(Delegation.id)).all())
    assert lives == [one for one in came if not isinstance(one, services.RequestOverError)]
