import re

import pytest
from sqlalchemy import select

from marketplace.accounts import services
from marketplace.accounts.rules import Role
from marketplace.kit.outbox import Message
from tests.factories import accounts as make

PASSWORD = "kettle garden bus"


def newest_link(session):
    body = session.scalars(select(Message.body).order_by(Message.created_at.desc())).first()
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", body).group(1)


@pytest.fixture
def ada(session, now):
    person_id = services.add_person(
        session, email="ada@example.org", name="Ada", password=PASSWORD, confirmed=True, now=now
    )
    session.commit()
    return person_id


def test_somebody_signs_up_confirms_and_is_in(client, session):
    page = client.fill_in("/accounts/sign-up", name="Ada", email="ada@example.org", password=PASSWORD)
    assert "Check your email" in page.text
    arrived = client.fill_in(newest_link(session))
    assert arrived.headers["Location"] == "/welcome"
    assert "Welcome, Ada" in client.get("/welcome").text


def test_a_form_with_gaps_comes_back_with_sentences_and_what_was_typed(client):
    page = client.fill_in("/accounts/sign-up", name="Ada", email="not an address", password="")
    assert page.status_code == 422
    assert "Enter an email address, like name@example.org." in page.text
    assert 'value="Ada"' in page.text
    assert "There is a problem" in page.text


def test_a_second_sign_up_looks_the_same_to_a_stranger(client, session, ada):
    page = client.fill_in("/accounts/sign-up", name="X", email="ada@example.org", password="another good one")
    assert page.status_code == 200
    assert "Check your email" in page.text
    assert session.scalars(select(Message.subject)).one() == "You already have an account"


def test_signing_in_goes_on_to_where_somebody_was_going(client, ada):
    asked = client.get("/accounts/me")
    assert asked.headers["Location"] == "/accounts/sign-in?next=/accounts/me"
    arrived = client.fill_in(asked.headers["Location"], email="ada@example.org", password=PASSWORD)
    assert arrived.headers["Location"] == "/accounts/me"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:x",
        "/%09/evil.example",
        "/%0d/evil.example",
        "/%0d%0aSet-Cookie:a=b",
        "/%00/evil.example",
    ],
)
def test_signing_in_never_leads_off_the_site(client, ada, elsewhere):
    arrived = client.fill_in(f"/accounts/sign-in?next={elsewhere}", email="ada@example.org", password=PASSWORD)
    assert arrived.headers["Location"] == "/accounts/me"


def test_a_wrong_password_is_refused_in_plain_words(client, ada):
    page = client.fill_in("/accounts/sign-in", email="ada@example.org", password="not this one")
    assert page.status_code == 422
    assert "do not go together" in page.text


def test_signing_out_ends_it(client, session, sign_in):
    sign_in(make.person(session).id)
    assert client.press("/accounts/me", "Sign out").status_code == 302
    assert client.get("/accounts/me").status_code == 302


def test_a_new_password_by_link(client, session, ada):
    assert "Check your email" in client.fill_in("/accounts/reset", email="ada@example.org").text
    link = newest_link(session)
    weak = client.fill_in(link, password="short")
    assert weak.status_code == 422
    assert "at least 10 characters" in weak.text
    assert client.fill_in(link, password="brand new words").headers["Location"] == "/accounts/me"
    assert client.fill_in(link, password="brand new words").status_code == 422


def test_an_expired_form_comes_back_with_what_was_typed(client):
    typed = {"name": "Ada Lovelace", "email": "ada@example.org", "password": PASSWORD, "csrf_token": "stale"}
    page = client.post("/accounts/sign-up", data=typed)
    assert page.status_code == 422
    assert 'value="Ada Lovelace"' in page.text


def test_a_one_button_form_without_its_token_is_refused(client, session, sign_in):
    sign_in(make.person(session).id)
    assert client.post("/accounts/sign-out").status_code == 400


def test_where_somebody_lives_is_kept_as_a_council(client, session, sign_in):
    sign_in(make.person(session).id)
    assert client.fill_in("/accounts/where-you-live", place="M33 7ZF").status_code == 302
    assert "Trafford" in client.get("/accounts/me").text
    refused = client.fill_in("/accounts/where-you-live", place="CF10 1AA")
    assert refused.status_code == 422
    assert "Wales" in refused.text


@pytest.mark.parametrize("role", [Role.PERSON, Role.MODERATOR, Role.OPERATOR])
def test_everyone_has_an_account_page(client, session, sign_in, role):
    sign_in(make.person(session, role=role).id)
    assert client.get("/accounts/me").status_code == 200


def test_letters_are_readable_in_development_only(client, app, tmp_path):
    assert client.get("/dev/mail").status_code == 200
    before, app.config["MAIL_READABLE_AT"] = app.config["MAIL_READABLE_AT"], None
    assert client.get("/dev/mail").status_code == 404
    app.config["MAIL_READABLE_AT"] = before


def test_an_operator_gives_a_role_and_takes_it_away(client, session, sign_in):
    make.person(session, email="catrin@example.org", name="Catrin")
    sign_in(make.person(session, role=Role.OPERATOR, name="Ona").id)
    given = client.fill_in("/accounts/roles", email="catrin@example.org", role="checker")
    assert given.status_code == 302
    assert "catrin@example.org" in client.get("/accounts/roles").text
    assert client.press("/accounts/roles", "Take away Checker of providers from Catrin").status_code == 302
    assert "catrin@example.org" not in client.get("/accounts/roles").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "nobody@example.org", "role": "moderator"}, "Nobody has an account with that address."),
        ({"email": "catrin@example.org", "role": "commissioner"}, "Not a valid choice"),
        ({"email": "catrin@example.org", "role": "person"}, "Not a valid choice"),
    ],
)
def test_a_role_that_cannot_be_given_comes_back_with_a_sentence(client, session, sign_in, typed, sentence):
    make.person(session, email="catrin@example.org")
    sign_in(make.person(session, role=Role.OPERATOR).id)
    page = client.fill_in("/accounts/roles", **typed)
    assert page.status_code == 422
    assert sentence in page.text


def test_the_only_operator_stays(client, session, sign_in):
    sign_in(make.person(session, role=Role.OPERATOR, name="Ona").id)
    refused = client.press("/accounts/roles", "Take away Operator from Ona")
    assert refused.status_code == 409
    assert "Give somebody else that role first." in refused.text


def test_who_does_not_want_to_count_says_so_in_one_answer(client, ada):
    client.fill_in("/accounts/sign-in", email="ada@example.org", password=PASSWORD)
    assert "You count in them" in client.get("/accounts/me").text
    client.fill_in("/accounts/statistics", counted="no")
    me = client.get("/accounts/me").text
    assert "You do not count in them." in me
    assert "what was kept to count you is deleted" in me
    assert 'value="no" checked' in client.get("/accounts/statistics").text.replace("\n", " ")
