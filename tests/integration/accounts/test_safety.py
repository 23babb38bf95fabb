"""Nobody gets in by guessing, nobody is locked out by it, and whoever got in can be thrown out again."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from marketplace.accounts import services
from marketplace.accounts.models import BrowserSession, EmailChange, Passkey, Person
from marketplace.accounts.rules import BROWSER_FORGOTTEN_AFTER
from marketplace.accounts.services import hashing, moving, passwords
from marketplace.accounts.services.accounts import DeadLinkError
from marketplace.kit.outbox import Message
from marketplace.kit.tries import Tries
from tests.factories import accounts as make

PASSWORD = "kettle garden bus"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0"


@pytest.fixture
def ada(session, now):
    person_id = services.add_person(
        session, email="ada@example.org", name="Ada", password=PASSWORD, confirmed=True, now=now
    )
    session.commit()
    return person_id


def sign_in(client, password=PASSWORD, email="ada@example.org"):
    return client.fill_in("/accounts/sign-in", email=email, password=password)


def letters(session, to="ada@example.org"):
    return session.execute(
        select(Message.subject, Message.body).where(Message.to == to).order_by(Message.created_at)
    ).all()


def link_in(session, subject, to="ada@example.org"):
    body = next(body for title, body in reversed(letters(session, to)) if title == subject)
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", body).group(1)


class TestBrowsers:
    def test_a_browser_is_seen_named_and_ended_from_another(self, app, client, session, ada):
        lost = app.test_client()
        lost.environ_base["HTTP_USER_AGENT"] = FIREFOX
        sign_in(lost)
        sign_in(client)
        assert [subject for subject, _body in letters(session)] == ["Somebody signed in to your account"]
        assert "Firefox on Windows" in client.get("/accounts/browsers").text
        stolen = lost.get_cookie("session").value
        ended = client.press("/accounts/browsers", "Sign out of Firefox on Windows")
        assert ended.status_code == 302
        thief = app.test_client()
        thief.set_cookie("session", stolen)
        for browser in (lost, thief):
            assert browser.get("/accounts/me").headers["Location"].startswith("/accounts/sign-in")
        assert "Firefox on Windows" not in client.get("/accounts/browsers").text

    def test_signing_out_ends_a_copy_of_the_cookie_too(self, app, client, ada):
        sign_in(client)
        copy = app.test_client()
        copy.set_cookie("session", client.get_cookie("session").value)
        client.press("/accounts/me", "Sign out")
        assert copy.get("/accounts/me").status_code == 302

    def test_all_others_end_at_once_and_with_a_new_password(self, app, client, session, ada):
        others = [app.test_client() for _ in range(2)]
        for browser in (client, *others):
            sign_in(browser)
        client.press("/accounts/browsers", "Sign out of all other browsers")
        assert [browser.get("/accounts/me").status_code for browser in (client, *others)] == [200, 302, 302]
        sign_in(others[0])
        assert client.fill_in("/accounts/password", password="violet teapot train").status_code == 302
        assert [browser.get("/accounts/me").status_code for browser in (client, others[0])] == [200, 302]
        assert letters(session)[-1].subject == "Your password was changed"

    def test_an_idle_browser_is_signed_out_and_a_seen_one_noted_to_the_hour(self, client, session, ada):
        sign_in(client)

        def seen(ago):
            session.execute(update(BrowserSession).values(seen_at=datetime.now(UTC) - ago))
            session.commit()
            answer = client.get("/accounts/me").status_code
            session.expire_all()
            return answer, datetime.now(UTC) - session.scalars(select(BrowserSession.seen_at)).one()

        assert seen(timedelta(minutes=50))[1] > timedelta(minutes=49)
        assert seen(timedelta(hours=2))[1] < timedelta(minutes=1)
        assert seen(BROWSER_FORGOTTEN_AFTER - timedelta(minutes=1))[0] == 200
        assert seen(BROWSER_FORGOTTEN_AFTER + timedelta(minutes=1))[0] == 302

    def test_nobody_ends_anothers(self, client, session, ada, sign_in):
        theirs = BrowserSession(person_id=ada, browser="x", began_at=datetime.now(UTC), seen_at=datetime.now(UTC))
        theirs.id = make.uuid.uuid4()
        session.add(theirs)
        sign_in(make.person(session).id)
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/accounts/me").text).group(1)
        refused = client.post(f"/accounts/browsers/{theirs.id}/end", data={"csrf_token": token})
        assert refused.status_code == 404


class TestGuessing:
    def test_ten_wrong_ones_stop_strangers_and_not_whoever_was_here_before(self, app, client, session, ada):
        sign_in(client)
        client.press("/accounts/me", "Sign out")
        guesser = app.test_client()
        for _ in range(10):
            assert "do not go together" in sign_in(guesser, "not this one").text
        for browser in (guesser, app.test_client()):
            refused = sign_in(browser)
            assert refused.status_code == 422
            assert "Wait 60 minutes" in refused.text
        assert sign_in(client).headers["Location"] == "/accounts/me", "their own browser has tries of its own"
        told = [letter for letter in letters(session) if letter.subject.startswith("Somebody tried many")]
        assert len(told) == 1
        link = None
        guesser.fill_in("/accounts/reset", email="ada@example.org")
        link = link_in(session, "Set a new password")
        assert app.test_client().fill_in(link, password="violet teapot train").headers["Location"] == "/accounts/me"

    def test_who_is_here_is_not_told_by_when_it_stops(self, client, session):
        said = [sign_in(client, "not this one", "nobody@example.org").status_code for _ in range(11)]
        assert said == [422] * 11
        assert "Wait 60 minutes" in sign_in(client, "x", "nobody@example.org").text
        assert letters(session, "nobody@example.org") == []
        assert not any("nobody" in key for key in session.scalars(select(Tries.key)))

    def test_known_and_telling_passwords_are_refused(self, client, session):
        for password, words in (
            ("password1234", "Many people have used this password"),
            ("PASSWORD1234", "Many people have used this password"),
            ("nadinenadine", "harder to guess"),
            ("Clubtogether1", "harder to guess"),
        ):
            page = client.fill_in("/accounts/sign-up", name="Nadine", email="nadine@example.org", password=password)
            assert page.status_code == 422, password
            assert words in page.text


class TestWhoIsHere:
    @pytest.mark.parametrize(
        ("url", "answers"),
        [
            ("/accounts/sign-in", {"password": "not this one"}),
            ("/accounts/sign-up", {"name": "Ada", "password": "violet teapot train"}),
            ("/accounts/reset", {}),
        ],
    )
    def test_a_page_says_and_works_the_same_for_anybody(self, app, session, ada, monkeypatch, url, answers):
        hashed = []

        class Counting(PasswordHasher):
            def hash(self, *given):
                hashed.append("hash")
                return super().hash(*given)

            def verify(self, *given):
                hashed.append("verify")
                return super().verify(*given)

        monkeypatch.setattr(hashing, "_hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
        hashing._hash_of_nothing()  # noqa: SLF001
        said = []
        for email in ("ada@example.org", "bob@example.org"):
            hashed.clear()
            page = app.test_client().fill_in(url, email=email, **answers)
            text = re.sub(r'value="[^"]*"|data-options="[^"]*"', "", page.text.replace(email, "somebody"))
            said.append((page.status_code, text, tuple(hashed)))
        assert said[0] == said[1]

    def test_moving_tells_who_asks_nothing_of_others(self, client, session, ada, sign_in):
        make.person(session, email="bob@example.org")
        sign_in(ada)
        said = [
            client.fill_in("/accounts/email", email=email).text.replace(email, "somebody")
            for email in ("bob@example.org", "new@example.org")
        ]
        # The token of a form says the second at which it was drawn.
        first, second = (re.sub(r'name="csrf_token"[^>]*>', "", page) for page in said)
        assert first == second
        assert "has an account here already" in letters(session, "bob@example.org")[0].body
        with pytest.raises(StopIteration):
            link_in(session, "Is this your new address", "bob@example.org")


class TestMoving:
    def moved(self, client, session):
        client.fill_in("/accounts/email", email="new@example.org")
        return client.fill_in(link_in(session, "Is this your new address?", "new@example.org"))

    def test_an_address_changes_once_its_owner_says_so(self, app, client, session, ada):
        sign_in(client)
        assert self.moved(client, session).headers["Location"] == "/accounts/sign-in"
        assert client.get("/accounts/me").status_code == 302, "everybody is signed out"
        assert sign_in(app.test_client()).status_code == 422
        assert sign_in(client, email="new@example.org").status_code == 302

    def test_who_reads_the_old_address_takes_it_back_and_throws_everybody_out(self, app, client, session, ada):
        thief = client
        sign_in(thief)
        self.moved(thief, session)
        sign_in(thief, email="new@example.org")
        now = datetime.now(UTC)
        session.add(
            Passkey(id=make.uuid.uuid4(), person_id=ada, credential_id=b"x", public_key=b"x", name="His", made_at=now)
        )
        thief.fill_in("/accounts/reset", email="new@example.org")
        reset = link_in(session, "Set a new password", "new@example.org")
        owner = app.test_client()
        undo = link_in(session, "Your email address is about to change")
        assert owner.fill_in(undo).headers["Location"] == "/accounts/reset"
        assert thief.get("/accounts/me").status_code == 302
        assert sign_in(app.test_client()).status_code == 422, "the password that was known ends"
        assert thief.fill_in(reset, password="violet teapot train").status_code == 422
        session.expire_all()
        assert session.get_one(Person, ada).email == "ada@example.org"
        assert session.scalars(select(Passkey)).all() == []
        assert owner.fill_in(undo).status_code == 422, "it works once"

    def test_links_run_out_and_the_newest_counts(self, session, ada, now):
        tokens = []
        ways = moving.Ways(
            take=lambda token: tokens.append(token) or "/", undo=lambda token: tokens.append(token) or "/"
        )
        for email in ("one@example.org", "two@example.org"):
            moving.ask_for_email(session, person_id=ada, email=email, ways=ways, now=now)
            session.flush()
        (take_one, _undo, take_two, undo_two) = tokens
        for token, later in ((take_one, timedelta(0)), (take_two, timedelta(days=1)), ("x", timedelta(0))):
            with pytest.raises(DeadLinkError):
                moving.take_email(session, token=token, now=now + later)
        with pytest.raises(DeadLinkError):
            moving.undo_email(session, token=undo_two, now=now + timedelta(days=7))
        with pytest.raises(moving.SameAddressError):
            moving.ask_for_email(session, person_id=ada, email="Ada@Example.org", ways=ways, now=now)
        make.person(session, email="two@example.org")
        with pytest.raises(DeadLinkError, match="another account"):
            moving.take_email(session, token=take_two, now=now)
        assert not any(token in str(session.execute(select(EmailChange)).all()) for token in tokens)


def test_what_could_lock_somebody_out_asks_for_the_password_again(client, session, ada, sign_in):
    sign_in(ada)
    with client.session_transaction() as cookie:
        cookie["confirmed_at"] -= 10 * 60
    for url in ("/accounts/email", "/accounts/password", "/accounts/phone/set-up", "/accounts/passkeys/make"):
        asked = client.get(url).headers["Location"]
        assert asked == f"/accounts/is-it-you?next={url}"
    assert client.fill_in(asked, password="not this one").status_code == 422
    assert client.fill_in(asked, password=PASSWORD).headers["Location"] == "/accounts/passkeys/make"
    assert client.get("/accounts/email").status_code == 200
    with pytest.raises(passwords.WrongPasswordError):
        passwords.check_password(session, person_id=make.person(session).id, password="")


def test_a_letter_alone_is_not_a_password(client, session, ada):
    client.fill_in("/accounts/sign-up", name="Bob", email="bob@example.org", password="violet teapot train")
    client.fill_in(link_in(session, "Confirm your email address", "bob@example.org"))
    assert client.get("/accounts/me").status_code == 200
    assert client.get("/accounts/email").headers["Location"] == "/accounts/is-it-you?next=/accounts/email"
