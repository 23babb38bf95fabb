"""A passkey opens the account it was made for, by itself, and can be taken away."""

import re
import uuid
from html import unescape

import pytest
from sqlalchemy import select

from marketplace.accounts import services
from marketplace.accounts.models import BrowserSession, Passkey, Person
from marketplace.accounts.rules import Role
from marketplace.accounts.services import passkeys as making
from marketplace.accounts.services import second_factor
from marketplace.kit.outbox import Message
from tests.device import Device
from tests.factories import accounts as make

SITE = "https://care.example"
PASSWORD = "kettle garden bus"
FORGOTTEN = "https://care.example/accounts/reset"


@pytest.fixture(autouse=True)
def _at_a_name(app, monkeypatch):
    monkeypatch.setitem(app.config, "SITE_URL", SITE)


@pytest.fixture
def device():
    return Device(SITE, "care.example")


@pytest.fixture
def moses(session, now):
    return services.add_person(
        session,
        email="moses@example.org",
        name="Moses",
        password=PASSWORD,
        confirmed=True,
        role=Role.MODERATOR,
        now=now,
    )


def asked(page):
    return unescape(re.search(r'data-options="([^"]+)"', page.text).group(1))


def keep(client, device, name="My phone"):
    page = client.get("/accounts/passkeys/make")
    return client.fill_in("/accounts/passkeys/make", name=name, answer=device.make(asked(page)))


def use(client, device, url="/accounts/sign-in?next=/moderation", **lies):
    page = client.get(url)
    token = re.search(r'id="passkey-token"[^>]* value="([^"]+)"', page.text).group(1)
    there = unescape(re.search(r'action="(/accounts/passkey[^"]*)"', page.text).group(1))
    return client.post(there, data={"csrf_token": token, "answer": device.use(asked(page), **lies)})


def subjects(session):
    return session.scalars(select(Message.subject).order_by(Message.created_at)).all()


def test_a_passkey_is_both_proofs_at_once(app, client, session, sign_in, device, moses):
    sign_in(moses)
    assert keep(client, device).headers["Location"] == "/accounts/passkeys"
    assert "My phone" in client.get("/accounts/passkeys").text
    other = app.test_client()
    assert use(other, device).headers["Location"] == "/moderation"
    assert other.get("/moderation").status_code == 200, "no code is asked for besides"
    assert other.get("/accounts/password").status_code == 200, "nor a password, just after"
    assert session.scalars(select(Passkey.used_at)).one() is not None
    assert "A passkey can now open your account" in subjects(session)


def test_after_a_password_a_passkey_stands_for_the_code(app, client, session, sign_in, device, moses, now):
    sign_in(moses)
    keep(client, device)
    second_factor.add_second_factor(session, person_id=moses, now=now)
    session.commit()
    other = app.test_client()
    at_door = other.fill_in("/accounts/sign-in?next=/moderation", email="moses@example.org", password=PASSWORD)
    assert at_door.headers["Location"] == "/accounts/code?next=/moderation"
    assert other.get("/accounts/me").headers["Location"].startswith("/accounts/code")
    assert use(other, device, "/accounts/code?next=/moderation").headers["Location"] == "/moderation"
    assert other.get("/moderation").status_code == 200


def test_a_password_alone_brings_in_no_proof_of_its_own(app, client, session, sign_in, device, moses):
    sign_in(moses)
    keep(client, device)
    thief = app.test_client()
    thief.fill_in("/accounts/sign-in", email="moses@example.org", password=PASSWORD)
    for url in ("/accounts/phone/set-up", "/accounts/passkeys/make"):
        assert thief.get(url).headers["Location"].startswith("/accounts/code"), url
    assert "Use your passkey" in thief.get("/accounts/code").text
    passkey_id = session.scalars(select(Passkey.id)).one()
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', thief.get("/accounts/code").text).group(1)
    thief.post(f"/accounts/passkeys/{passkey_id}/remove", data={"csrf_token": token})
    assert session.scalars(select(Passkey.id)).all() == [passkey_id]


def test_an_answer_counts_once_and_a_copy_never(app, client, session, sign_in, device, moses):
    sign_in(moses)
    keep(client, device)
    use(app.test_client(), device, count=7)
    again = app.test_client()
    page = again.get("/accounts/sign-in")
    token = re.search(r'id="passkey-token"[^>]* value="([^"]+)"', page.text).group(1)
    answer = device.use(asked(page), count=8)
    assert again.post("/accounts/passkey", data={"csrf_token": token, "answer": answer}).status_code == 302
    again.post("/accounts/sign-out", data={"csrf_token": token})
    overheard = again.post("/accounts/passkey", data={"csrf_token": token, "answer": answer})
    assert overheard.status_code == 422
    assert "used before" in overheard.text
    copied = use(app.test_client(), device, count=3)
    assert copied.status_code == 422
    assert "copy" in copied.text
    assert subjects(session)[-1] == "We refused a passkey of yours"


def test_a_passkey_is_refused_for_anybody_but_its_owner(app, client, session, sign_in, device, moses):
    sign_in(moses)
    keep(client, device)
    stranger = Device(SITE, "care.example", handle=device.handle)
    for tried, lies in ((stranger, {}), (device, {"handle": "AAAA"}), (device, {"origin": "https://evil.example"})):
        refused = use(app.test_client(), tried, **lies)
        assert refused.status_code == 422
        assert "That passkey did not work here." in refused.text
    keep_again = keep(client, device, name="Again")
    assert keep_again.status_code == 422
    assert "kept already" in keep_again.text
    assert session.scalars(select(BrowserSession).where(BrowserSession.person_id == moses)).all()[1:] == []


def test_the_last_way_in_is_not_removed(session, now, moses, sign_in, client, device):
    sign_in(moses)
    keep(client, device)
    passkey_id = session.scalars(select(Passkey.id)).one()
    with pytest.raises(making.LastWayInError, match="Your work here needs it"):
        making.remove_passkey(session, person_id=moses, passkey_id=passkey_id, link=FORGOTTEN, now=now)
    second_factor.add_second_factor(session, person_id=moses, now=now)
    session.get_one(Person, moses).password_hash = None
    with pytest.raises(making.LastWayInError, match="only way in"):
        making.remove_passkey(session, person_id=moses, passkey_id=passkey_id, link=FORGOTTEN, now=now)
    session.get_one(Person, moses).password_hash = "x"
    with pytest.raises(making.NotYourPasskeyError):
        making.remove_passkey(
            session, person_id=make.person(session).id, passkey_id=passkey_id, link=FORGOTTEN, now=now
        )
    making.remove_passkey(session, person_id=moses, passkey_id=passkey_id, link=FORGOTTEN, now=now)
    session.flush()
    assert session.scalars(select(Passkey)).all() == []
    assert "A passkey no longer opens your account" in subjects(session)
    with pytest.raises(making.NotYourPasskeyError):
        making.remove_passkey(session, person_id=moses, passkey_id=uuid.uuid4(), link=FORGOTTEN, now=now)


def test_where_there_can_be_none_the_page_says_why(app, client, sign_in, moses, monkeypatch):
    monkeypatch.setitem(app.config, "SITE_URL", "http://127.0.0.1:8000")
    sign_in(moses)
    page = client.get("/accounts/passkeys/make").text
    assert "at an address for which browsers make no passkeys" in page
    assert "data-without-passkeys" not in page
