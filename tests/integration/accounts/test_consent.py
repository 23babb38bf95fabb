"""Consent: given for a time, to an address, lived once accepted, ended by either; and what a filter makes of it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import Delegation, DelegationScope, Person
from marketplace.accounts.queries import delegations as queries
from marketplace.accounts.rules import WHOLE_PLANNING, ConsentState, Scope
from marketplace.accounts.services import delegations as services
from marketplace.kit.audit import AuditEvent
from marketplace.kit.days import day_of
from marketplace.kit.outbox import Message
from tests.factories import accounts as make

BOTH = frozenset(Scope)


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada", email="ada@example.org")


@pytest.fixture
def bob(session):
    return make.person(session, name="Bob", email="bob@example.org")


@pytest.fixture
def give(session, ada, now):
    def given(email="bob@example.org", *, scopes=BOTH, days=30, by=ada, key=None):
        return services.give_consent(
            session,
            by=by.id,
            email=email,
            scopes=scopes,
            ends_on=day_of(now) + timedelta(days=days),
            link="/accounts/consent",
            key=key or uuid.uuid4(),
            now=now,
        )

    return given


def let(session, person, *, scope=Scope.SEE_BUDGETS, on):
    viewer = make.as_viewer(person)
    return set(session.scalars(queries.delegated_to(viewer, scope, on=on)))


def accept(session, consent_id, by, now):
    services.accept_consent(session, delegation_id=consent_id, by=by.id, link="/", now=now)


def end(session, consent_id, by, now):
    services.end_consent(session, delegation_id=consent_id, by=by.id, link="/", now=now)


def letters(session):
    return [(letter.to, letter.subject) for letter in session.scalars(sa.select(Message).order_by(Message.created_at))]


def test_consent_lives_from_the_yes_to_its_last_day(session, ada, bob, give, now):
    consent_id, today = give(days=30), day_of(now)
    assert let(session, bob, on=today) == set()
    accept(session, consent_id, bob, now)
    assert let(session, bob, on=today) == let(session, bob, on=today + timedelta(days=30)) == {ada.id}
    assert let(session, bob, on=today + timedelta(days=31)) == set()
    assert let(session, ada, on=today) == set(), "it goes one way"


def test_each_thing_is_allowed_by_itself(session, ada, bob, give, now):
    accept(session, give(scopes={Scope.CONFIRM_VISITS}), bob, now)
    today = day_of(now)
    assert let(session, bob, on=today) == set()
    assert let(session, bob, scope=Scope.CONFIRM_VISITS, on=today) == {ada.id}
    for scope, may in ((Scope.SEE_BUDGETS, False), (Scope.CONFIRM_VISITS, True)):
        assert queries.may_act_for(session, by=bob.id, person_id=ada.id, scope=scope, on=today) is may
    assert queries.may_act_for(session, by=ada.id, person_id=ada.id, scope=Scope.SEE_BUDGETS, on=today)


@pytest.mark.parametrize("ended_by", ["ada", "bob"])
def test_either_ends_it_at_once_and_the_other_hears(session, ada, bob, give, now, ended_by):
    by, other = (ada, bob) if ended_by == "ada" else (bob, ada)
    consent_id = give()
    accept(session, consent_id, bob, now)
    end(session, consent_id, by, now)
    end(session, consent_id, by, now)
    assert let(session, bob, on=day_of(now)) == set()
    assert letters(session)[-1] == (other.email, "A consent has ended")
    assert len(letters(session)) == 3
    for person in (ada, bob):
        [line] = queries.consents_of(session, viewer=make.as_viewer(person), today=day_of(now))
        assert (line.state, line.is_ended_by_viewer) == (ConsentState.ENDED, person is by)
    with pytest.raises(services.ConsentOverError):
        accept(session, consent_id, bob, now)


def test_who_it_was_offered_to_may_say_no(session, ada, bob, give, now):
    consent_id = give()
    end(session, consent_id, bob, now)
    assert letters(session)[-1] == (ada.email, "A consent has ended")
    assert session.get_one(Delegation, consent_id).receiver_id is None


def test_it_is_offered_to_an_address_and_to_nobody_else(session, bob, give, now):
    stranger = make.person(session, name="Stranger")
    consent_id = give(" Bob@Example.org ")
    for act in (accept, end):
        with pytest.raises(services.ConsentNotFoundError):
            act(session, consent_id, stranger, now)
    assert queries.consents_of(session, viewer=make.as_viewer(stranger), today=day_of(now)) == ()
    assert queries.consents_waiting(session, viewer=make.as_viewer(bob), today=day_of(now)) == 1
    accept(session, consent_id, bob, now)
    assert queries.consents_waiting(session, viewer=make.as_viewer(bob), today=day_of(now)) == 0


def test_an_address_that_nobody_has_confirmed_accepts_nothing(session, give, bob, now):
    session.get_one(Person, bob.id).confirmed_at = None
    with pytest.raises(services.ConsentNotFoundError):
        accept(session, give(), bob, now)


def test_whoever_gave_it_cannot_accept_it_themselves(session, ada, give, now):
    with pytest.raises(services.ConsentNotFoundError):
        accept(session, give(), ada, now)


def test_saying_yes_twice_says_it_once(session, bob, give, now):
    consent_id = give()
    accept(session, consent_id, bob, now)
    accept(session, consent_id, bob, now)
    assert [subject for _, subject in letters(session)] == [
        "Ada would like you to help them",
        "Bob has said yes",
    ]
    did = session.scalars(sa.select(AuditEvent.did).where(AuditEvent.to_id == consent_id)).all()
    assert sorted(did) == ["accepted consent", "offered consent"]


def test_the_same_form_sent_twice_gives_it_once(session, give):
    key = uuid.uuid4()
    assert give(key=key) == give(key=key) == key
    assert session.scalar(sa.select(sa.func.count()).select_from(Delegation)) == 1


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"scopes": ()}, services.NothingAllowedError),
        ({"days": -1}, services.UnsoundConsentPeriodError),
        ({"days": 367}, services.UnsoundConsentPeriodError),
        ({"email": "ADA@example.org"}, services.ConsentToOneselfError),
    ],
)
def test_consent_that_makes_no_sense_is_refused(session, give, given, error):
    with pytest.raises(error):
        give(**given)
    assert letters(session) == []


def test_one_open_consent_to_each_address(session, bob, give, now):
    accept(session, give(), bob, now)
    with pytest.raises(services.ConsentAlreadyGivenError):
        give(scopes={Scope.SEE_BUDGETS})


def test_nobody_gives_consent_to_very_many(give):
    for number in range(20):
        give(f"friend{number}@example.org")
    with pytest.raises(services.TooManyConsentsError):
        give("one.more@example.org")


def test_both_see_it_in_two_queries(session, ada, bob, give, now, count_queries):
    accept(session, give(), bob, now)
    give("carer@example.org", scopes={Scope.SEE_BUDGETS})
    session.flush()
    count_queries.clear()
    found = queries.consents_of(session, viewer=make.as_viewer(ada), today=day_of(now))
    assert len(count_queries) == 2
    live, waiting = sorted(found, key=lambda line: line.other)
    assert (waiting.other, waiting.state) == ("carer@example.org", ConsentState.WAITING)
    assert (live.other, live.state) == ("Bob (bob@example.org)", ConsentState.LIVE)
    [received] = queries.consents_of(session, viewer=make.as_viewer(bob), today=day_of(now))
    assert (received.is_given, received.other) == (False, "Ada")
    assert set(received.scopes) == BOTH


def test_two_people_agree_on_the_page(client, session, ada, bob, sign_in):
    soon = date.today() + timedelta(days=60)  # noqa: DTZ011
    sign_in(ada.id)
    assert "You let nobody" in client.get("/accounts/consent").text
    answers = {
        "email": "bob@example.org",
        "scopes": ["see_budgets"],
        "ends_on": [str(soon.day), str(soon.month), str(soon.year)],
    }
    assert client.fill_in("/accounts/consent/new", **answers).status_code == 302
    assert "Waiting for a yes" in client.get("/accounts/consent").text
    sign_in(bob.id)
    assert "Somebody would like you to help them" in client.get("/accounts/me").text
    page = client.get("/accounts/consent")
    assert "See their budgets" in page.text
    client.press("/accounts/consent", "Say yes to Ada")
    assert "Live" in client.get("/accounts/consent").text
    client.press("/accounts/consent", "End it now with Ada")
    assert "You ended it" in client.get("/accounts/consent").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "bob"}, "Enter an email address"),
        ({"email": "ada@example.org"}, "That is your own address."),
        ({"scopes": []}, "Choose at least one thing"),
        ({"ends_on": ["1", "1", "2020"]}, "Choose a last day from today to a year from today."),
        ({"ends_on": ["31", "2", "2027"]}, "Enter a day that is in the calendar"),
    ],
)
def test_what_cannot_be_given_comes_back_with_a_sentence(client, ada, sign_in, typed, sentence):
    soon = date.today() + timedelta(days=60)  # noqa: DTZ011
    sign_in(ada.id)
    answers = {
        "email": "kept@example.org",
        "scopes": ["see_budgets"],
        "ends_on": [str(soon.day), str(soon.month), str(soon.year)],
    }
    page = client.fill_in("/accounts/consent/new", **(answers | typed))
    assert page.status_code == 422
    assert sentence in page.text
    assert (typed.get("email") or "kept@example.org") in page.text


def test_whoever_may_write_in_a_plan_may_see_it_and_the_letter_says_all(session, give):
    consent_id = give(scopes={Scope.WRITE_PLAN, Scope.ASK_FOR_QUOTES})
    scopes = session.scalars(sa.select(DelegationScope.scope).where(DelegationScope.delegation_id == consent_id)).all()
    assert set(scopes) == WHOLE_PLANNING
    [letter] = session.scalars(sa.select(Message.body))
    assert "\n- see their plan\n- write in their plan\n- ask providers for quotes for them" in letter
