"""Requests that nobody's browser sends: wrong methods, far too much, another site's name, cookies of nonsense."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import BrowserSession, Person, RoleGrant
from marketplace.kit.outbox import Message
from marketplace.purchasing.rules import ArrangementStatus
from tests import pages
from tests.factories import accounts, purchasing
from tests.integration.routes.world import token_of

FIVE_MEGABYTES = 5 * 1024 * 1024
PASSWORD = "three words in a row"


def words_of(page):
    return pages.words(pages.read(page.text).find(".//main"))


FOR_PROGRAMS = ("/open-referral", "/api/")
"""Where programs ask, and are refused in JSON."""


@pytest.mark.once
def test_a_method_that_a_page_does_not_have_is_refused_in_words(app, world, visit):
    client, _viewer = visit("ada")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        url = world.url(app, rule)
        for method in {"GET", "POST", "DELETE"} - rule.methods:
            # Another page may have the method at the same address.
            if app.url_map.bind("").test(url, method=method):
                continue
            page = client.open(url, method=method)
            assert page.status_code == 405, f"{method} {url}"
            if url.startswith(FOR_PROGRAMS):
                assert page.is_json
                assert page.text.count(" ") > 3, f"{method} {url} is refused without a sentence"
                continue
            assert "That cannot be done here" in words_of(page)
            assert set(page.headers["Allow"].split(", ")) >= {"OPTIONS"}


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ({"data": b"x" * (FIVE_MEGABYTES + 1), "content_type": "application/octet-stream"}, "bytes"),
        ({"data": {"name": "x" * FIVE_MEGABYTES}}, "words"),
        ({"data": {f"name{n}": "x" for n in range(2_000)}, "content_type": "multipart/form-data"}, "questions"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_too_much_is_refused_in_words(client, sent, kind):
    page = client.post("/accounts/sign-up", **sent)
    assert page.status_code == 413
    assert "too big to send" in words_of(page)


# Werkzeug leaves it to the rubbish to close the file of a part that it refuses.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_answer_without_a_name_answers_nothing(client):
    part = b"--x\r\nContent-Disposition: form-data%s\r\n\r\nb\r\n--x--"
    for rest in (b"", b'; filename="a.png"'):
        page = client.post("/accounts/sign-up", data=part % rest, content_type="multipart/form-data; boundary=x")
        assert page.status_code in {400, 422}, page.status


def test_json_in_place_of_a_form_is_refused_in_words(client, kept_changes):
    headers = {"X-CSRFToken": token_of(client)}
    for body in ({"email": 5, "name": [], "password": None}, [1, 2], "words", None):
        page = client.post("/accounts/sign-up", json=body, headers=headers)
        assert page.status_code == 422
        assert "There is a problem" in words_of(page)
    assert (
        client.post("/accounts/sign-up", data=b"{", content_type="application/json", headers=headers).status_code == 422
    )
    assert not kept_changes


def test_letters_name_our_address_whatever_the_browser_says_it_is(client, session, app):
    here = "http://evil.example"
    headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    form = client.get("/accounts/sign-up", base_url=here, headers=headers)
    assert "evil.example" not in form.text
    answers = {
        "name": "Ada",
        "email": "ada@example.org",
        "password": PASSWORD,
        "csrf_token": token_of(client, form),
    }
    assert client.post("/accounts/sign-up", base_url=here, headers=headers, data=answers).status_code == 200
    client.post("/accounts/reset", base_url=here, headers=headers, data=answers)
    letters = session.scalars(sa.select(Message.body).where(Message.to == "ada@example.org")).all()
    assert len(letters) == 2
    for letter in letters:
        assert "evil" not in letter
        assert app.config["SITE_URL"] in letter


def test_nothing_typed_becomes_a_header_of_a_letter(client, session):
    bad = "ada@example.org\r\nBcc: everybody@example.org"
    assert client.fill_in("/accounts/sign-up", name="Ada", email=bad, password=PASSWORD).status_code == 422
    page = client.fill_in(
        "/accounts/sign-up", name="Ada\r\nSubject: You won", email="ada@example.org", password=PASSWORD
    )
    assert page.status_code == 200
    letter = session.scalars(sa.select(Message).where(Message.to == "ada@example.org")).one()
    assert "\n" not in letter.to + letter.subject
    assert "Hello Ada Subject: You won," in letter.body


@pytest.mark.parametrize(
    "cookie", ["", "nonsense", "a.b.c", "x" * 4_000, "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbb", "\u00ff\u00fe"]
)
def test_a_cookie_of_nonsense_is_nobodys(client, cookie):
    client.set_cookie("session", cookie)
    assert client.get("/").status_code == 200
    assert client.get("/accounts/me").status_code == 302
    page = client.fill_in("/accounts/sign-in", email="ada@example.org", password="wrong")
    assert page.status_code == 422


@pytest.mark.parametrize(
    "known_as",
    [
        "",
        ":",
        "1",
        "None",
        "a:b",
        f"{uuid.UUID(int=1)}",
        f"{uuid.UUID(int=1)}:stamp",
        "{}:{}",
        "x" * 10_000,
        7,
        None,
        [],
    ],
    ids=str,
)
def test_a_cookie_that_names_nobody_is_nobodys(client, connection, known_as):
    with client.session_transaction() as cookie:
        cookie["_user_id"] = known_as
        cookie["_fresh"] = True
    assert client.get("/").status_code == 200
    assert client.get("/accounts/me").status_code == 302


def test_somebody_who_is_gone_is_signed_out(client, session, sign_in):
    somebody = accounts.person(session)
    sign_in(somebody.id)
    assert client.get("/accounts/me").status_code == 200
    for table in (RoleGrant, BrowserSession):
        session.execute(sa.delete(table).where(table.person_id == somebody.id))
    session.execute(sa.delete(Person).where(Person.id == somebody.id))
    session.commit()
    assert client.get("/accounts/me").headers["Location"].startswith("/accounts/sign-in")
    assert client.get("/").status_code == 200


class TestWhileSomebodyElseWrites:
    """Everybody else waits, but not for ever."""

    @pytest.fixture
    def real_app(self, new_app, monkeypatch):
        monkeypatch.setattr("marketplace.kit.db.BUSY_MS", 300)
        return new_app()

    @pytest.fixture
    def one(self, arrange):
        """Somebody who has asked for something: their id, and the arrangement's."""

        def prepare(session):
            person, organisation, _speaker = purchasing.two_sides(session)
            it = purchasing.arrangement(
                session, person=person, organisation_id=organisation.id, status=ArrangementStatus.ASKED
            )
            return person.id, it.id

        return arrange(prepare)

    @pytest.fixture
    def browser(self, real_app, one):
        return accounts.browser_of(real_app, one[0])

    @pytest.fixture
    def somebody_writes(self, real_app, one):
        with Session(real_app.extensions["engine"]) as session:
            session.connection(execution_options={"writing": True})
            for table, it in (("person", one[0]), ("arrangement", one[1])):
                row = sa.table(table, sa.column("id", sa.Uuid))
                session.execute(sa.select(row.c.id).where(row.c.id == it).with_for_update())
            yield
            session.rollback()

    def test_pages_open(self, browser, somebody_writes):
        for path in ("/", "/offers?q=garden&near=M33", "/pools", "/accounts/me", "/health/live"):
            assert browser.get(path).status_code == 200, path

    def test_a_form_comes_back_with_what_was_typed(self, browser, somebody_writes):
        page = browser.fill_in("/accounts/where-you-live", place="M33 7ZF")
        assert page.status_code == 503, "not their mistake: it will work soon"
        assert "could not save this" in words_of(page)
        assert 'value="M33 7ZF"' in page.text

    def test_a_button_says_that_it_was_not_done(self, browser, one, somebody_writes):
        page = browser.press(f"/arrangements/{one[1]}", "Withdraw this")
        assert page.status_code == 503
        assert "could not save this" in words_of(page)

    def test_it_works_again_afterwards(self, browser, one):
        assert browser.press(f"/arrangements/{one[1]}", "Withdraw this").status_code == 302


def test_a_fault_of_ours_is_a_calm_page_without_details(new_app, caplog):
    app = new_app()
    app.testing = False
    with app.extensions["engine"].begin() as connection:
        connection.exec_driver_sql("ALTER TABLE emailed_link RENAME TO gone")
    client = app.test_client()
    page = client.fill_in("/accounts/confirm/a-secret-token")
    assert page.status_code == 500
    assert "It is our fault" in words_of(page)
    assert "Traceback" not in page.text
    assert "emailed_link" in caplog.text
    assert "secret-token" not in caplog.text


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("HTTP_HOST", ""),
        ("HTTP_HOST", "a b"),
        ("HTTP_HOST", "[::1"),
        ("HTTP_HOST", "a:b:c"),
        ("HTTP_HOST", "\xe9\xff"),
        ("HTTP_COOKIE", "=;;;\x00=\x00; session"),
        ("HTTP_IF_NONE_MATCH", 'W/"a", "'),
        ("HTTP_IF_MODIFIED_SINCE", "Thu, 99 Foo 99999 99:99:99 GMT"),
        ("HTTP_RANGE", "bytes=99999999999999999999-"),
        ("HTTP_REFERER", "\xff://\x00"),
        ("HTTP_ACCEPT", "\xff;q=NaN"),
        ("HTTP_AUTHORIZATION", "Basic \xff"),
        ("HTTP_X_FORWARDED_FOR", "'; DROP TABLE person"),
        ("HTTP_USER_AGENT", "\x00" * 5_000),
        ("CONTENT_LENGTH", "-5"),
        ("CONTENT_LENGTH", "many"),
        ("CONTENT_TYPE", "multipart/form-data"),
        ("CONTENT_TYPE", "multipart/form-data; boundary=\xff"),
        ("CONTENT_TYPE", "application/x-www-form-urlencoded; charset=utf-7"),
    ],
)
def test_no_header_breaks_a_page(world, visit, header, value):
    client, _viewer = visit("commissioner")
    for path in (
        "/",
        "/offers?q=garden",
        "/accounts/me",
        "/demand/files/demand-E08000009-2026-q1.csv",
        "/static/manifest.json",
    ):
        assert client.get(path, environ_overrides={header: value}).status_code < 500, path
    assert client.post("/accounts/sign-in", data={"a": "b"}, environ_overrides={header: value}).status_code < 500
