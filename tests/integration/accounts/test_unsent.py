"""What somebody typed is not lost when they were signed out meanwhile, and nobody else is shown it."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from marketplace.accounts import services
from marketplace.accounts.models import BrowserSession, UnsentForm
from marketplace.accounts.services.unsent import MOST_BYTES
from marketplace.web.jobs import delete_what_is_over
from tests import pages

PASSWORD = "kettle garden bus"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
WANTS = {"name": "Ada Lovelace of the long name", "purpose": "to write down what I would like to change"}


def person(session, email, now):
    person_id = services.add_person(session, email=email, name="Ada", password=PASSWORD, confirmed=True, now=now)
    session.commit()
    return person_id


@pytest.fixture
def ada(session, now):
    return person(session, "ada@example.org", now)


def sign_in(client, email="ada@example.org"):
    return client.fill_in("/accounts/sign-in", email=email, password=PASSWORD)


def end_browsers(session):
    session.execute(update(BrowserSession).values(ended_at=datetime.now(UTC)))
    session.commit()


def send_late(client, session, path="/budgets/new", answers=WANTS, headers=FROM_HERE):
    """Sign in, open a form, be signed out elsewhere, and then send what was typed."""
    sign_in(client)
    token = pages.hidden(pages.form(pages.read(client.get(path).text)))
    end_browsers(session)
    return client.post(path, data=token | answers, headers=headers)


def kept(session):
    session.rollback()
    return session.scalars(select(UnsentForm)).all()


def test_it_is_there_after_signing_in_and_goes_where_it_was_going(client, session, ada):
    answer = send_late(client, session)
    assert parse_qs(urlsplit(answer.location).query) == {"next": ["/accounts/unsent"]}
    back = client.fill_in(answer.location, email="ada@example.org", password=PASSWORD)
    assert back.location == "/accounts/unsent"
    page = pages.read(client.get(back.location).text)
    assert all(words in pages.words(page) for words in WANTS.values())
    [form] = page.xpath("//form[@action='/budgets/new']")
    sent = pages.hidden(form)
    assert WANTS.items() <= sent.items()
    # The form itself answers: with what was typed in it, and its own sentence about what is missing.
    again = client.post("/budgets/new", data=sent)
    assert again.status_code == 422
    assert WANTS["name"] in again.text


def test_what_is_kept_can_be_read_with_the_key_of_that_browser_alone(app, client, session, ada):
    send_late(client, session)
    [form] = kept(session)
    assert WANTS["name"].encode() not in form.sealed
    other = app.test_client()
    sign_in(other)
    assert "Nothing is waiting" in other.get("/accounts/unsent").text


def test_who_signs_in_in_that_browser_instead_does_not_see_it(client, session, ada, now):
    person(session, "eve@example.org", now)
    send_late(client, session)
    sign_in(client, "eve@example.org")
    page = client.get("/accounts/unsent").text
    assert "Nothing is waiting" in page
    assert WANTS["name"] not in page


def test_it_can_be_thrown_away(client, session, ada):
    send_late(client, session)
    sign_in(client)
    client.press("/accounts/unsent", "Throw it away")
    assert kept(session) == []
    assert "Nothing is waiting" in client.get("/accounts/unsent").text


@pytest.mark.parametrize(
    ("answers", "headers"),
    [
        (WANTS, {"Sec-Fetch-Site": "cross-site"}),
        (WANTS, {"Origin": "https://elsewhere.example"}),
        (WANTS, {}),
        ({"password": "a new and secret one"}, FROM_HERE),
        ({"code": "123456"}, FROM_HERE),
        ({"words": "x" * MOST_BYTES}, FROM_HERE),
    ],
    ids=["another site", "another origin", "nobody says", "a password", "a code", "too long"],
)
def test_what_another_site_sends_secrets_and_floods_are_not_kept(client, session, ada, answers, headers):
    answer = send_late(client, session, answers=answers, headers=headers)
    assert parse_qs(urlsplit(answer.location).query) == {"next": ["/budgets/new"]}
    assert kept(session) == []


def test_after_signing_out_oneself_nothing_is_kept(client, session, ada):
    sign_in(client)
    token = pages.hidden(pages.form(pages.read(client.get("/budgets/new").text)))
    client.press("/accounts/me", "Sign out")
    client.post("/budgets/new", data=token | WANTS, headers=FROM_HERE)
    assert kept(session) == []


def test_a_button_pressed_after_a_long_time_asks_once_more_and_then_does_it(client, session, ada):
    sign_in(client)
    answer = client.post("/accounts/sign-out", headers=FROM_HERE)
    assert answer.status_code == 400
    page = pages.read(answer.text)
    assert "Press once more" in pages.words(page)
    [form] = page.xpath("//main//form[@action='/accounts/sign-out']")
    assert client.post("/accounts/sign-out", data=pages.hidden(form)).status_code == 302
    assert client.get("/accounts/me").status_code == 302


def test_another_site_is_not_given_a_button_to_press(client, session, ada):
    sign_in(client)
    answer = client.post("/accounts/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    assert "This page was open for a long time" in answer.text
    assert not pages.read(answer.text).xpath("//main//form")


def test_it_goes_after_a_day(app, session, ada, client):
    send_late(client, session)
    session.execute(update(UnsentForm).values(left_at=datetime.now(UTC) - timedelta(days=1, hours=1)))
    session.commit()
    with app.app_context():
        delete_what_is_over(datetime.now(UTC))
    assert kept(session) == []
