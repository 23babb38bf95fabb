"""What somebody does first here: told by what is so, and gone when it is done or hidden."""

import pytest

from marketplace.accounts.rules import Role
from marketplace.web.queries.starting import first_steps
from marketplace.web.rules.starting import Kind
from tests.factories import accounts, budgets, catalogue

TRAFFORD = "E08000009"


def kinds(session, viewer):
    return [start.kind for start in first_steps(session, viewer=viewer)]


def done(session, viewer):
    (start,) = first_steps(session, viewer=viewer)
    return [step.is_done for step in start.steps]


def test_nobody_has_steps_before_they_sign_in(session):
    from marketplace.accounts.rules import ANYONE

    assert first_steps(session, viewer=ANYONE) == ()


def test_a_persons_steps_are_ticked_by_what_they_did(session):
    sam = accounts.person(session)
    viewer = accounts.as_viewer(sam)
    assert kinds(session, viewer) == [Kind.PERSON]
    assert done(session, viewer) == [False, False, False]
    sam.council = TRAFFORD
    session.flush()
    assert done(session, viewer) == [True, False, False]


def test_another_persons_doings_tick_nothing(session):
    other = accounts.person(session, lives_in=TRAFFORD)
    budgets.budget(session, person=other)
    assert done(session, accounts.as_viewer(accounts.person(session))) == [False, False, False]


def test_who_is_asked_to_help_begins_with_saying_yes(session):
    ada = accounts.person(session)
    helper, _consent = accounts.friend(session, of=ada)
    starts = first_steps(session, viewer=accounts.as_viewer(helper))
    assert [start.kind for start in starts] == [Kind.HELPER, Kind.PERSON]
    assert [step.is_done for step in starts[0].steps] == [True, False, False]


def test_a_provider_begins_with_who_they_are(session):
    provider, speaker = catalogue.provider(session)
    viewer = speaker
    (start,) = first_steps(session, viewer=viewer)
    assert start.kind is Kind.PROVIDER
    assert start.steps[0].at == {"provider_id": provider.id}


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.MODERATOR, Kind.MODERATOR),
        (Role.PANEL_MEMBER, Kind.PANEL_MEMBER),
        (Role.OPERATOR, Kind.OPERATOR),
    ],
)
def test_who_works_here_has_steps_of_their_work(session, role, kind):
    viewer = accounts.as_viewer(accounts.person(session, role=role), role=role)
    assert kinds(session, viewer) == [kind]
    assert kinds(session, viewer.without_a_code()) == [kind]


def test_a_commissioner_begins_with_a_second_proof(session):
    catrin = accounts.person(session, role=Role.COMMISSIONER, council=TRAFFORD)
    viewer = accounts.as_viewer(catrin, role=Role.COMMISSIONER, council=TRAFFORD)
    accounts.passkey(session, person_id=catrin.id)
    assert kinds(session, viewer) == [Kind.COMMISSIONER]
    assert done(session, viewer) == [True, False, False]


def test_it_is_one_question_of_the_database(session, count_queries):
    viewer = accounts.as_viewer(accounts.person(session))
    count_queries.clear()
    first_steps(session, viewer=viewer)
    assert len(count_queries) == 1


def test_the_list_stands_on_ones_account_until_it_is_hidden(session, client, sign_in):
    sam = accounts.person(session)
    session.commit()
    sign_in(sam.id)
    assert "0 of 3 done" in client.get("/accounts/me").text
    assert client.press("/accounts/me", "Hide this list of first steps").headers["Location"] == "/accounts/me"
    page = client.get("/accounts/me").text
    assert "of 3 done" not in page
    assert "What is done, and what is left: 3 steps." in page
    welcome = client.get("/welcome").text
    assert "0 of 3 done" in welcome
    client.press("/welcome", "Show it there again")
    assert "0 of 3 done" in client.get("/accounts/me").text


def test_what_one_person_hid_another_still_sees_in_the_same_browser(session, client, sign_in):
    sam, kim = accounts.person(session), accounts.person(session)
    session.commit()
    sign_in(sam.id)
    client.press("/accounts/me", "Hide this list of first steps")
    sign_in(kim.id)
    assert "0 of 3 done" in client.get("/accounts/me").text


def test_a_provider_sees_it_on_their_offers(session, client, sign_in):
    _provider, speaker = catalogue.provider(session)
    session.commit()
    sign_in(speaker.person_id)
    page = client.get("/offers/mine").text
    assert "Your first steps" in page
    assert "Publish your first offer" in page


def test_a_visitor_has_no_welcome(client):
    assert client.get("/welcome").headers["Location"].startswith("/accounts/sign-in")
