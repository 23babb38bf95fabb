"""People see what happened, take everything with them, and leave; and nobody can rewrite the trail."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.jobs import forget_unconfirmed
from marketplace.accounts.models import Delegation, EmailedLink, Person
from marketplace.accounts.rules import LEFT, Purpose, Scope, Viewer
from marketplace.accounts.services import delegations
from marketplace.kit import audit, erased
from marketplace.kit.audit import AuditEvent
from marketplace.kit.outbox import Message
from marketplace.web.services import closing
from tests.factories import accounts as make
from tests.factories import purchasing

NOW = datetime.now(UTC)


@pytest.fixture
def list_of_erased(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "ERASED_LIST", tmp_path / "erased.txt")
    return tmp_path / "erased.txt"


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada", email="ada@example.org")


@pytest.fixture
def bob(session):
    return make.person(session, name="Bob", email="bob@example.org")


@pytest.fixture
def helped(session, ada, bob):
    """Bob may see Ada's budgets."""
    link = "https://club.example/consent"
    consent = delegations.give_consent(
        session,
        by=ada.id,
        email=bob.email,
        scopes=frozenset({Scope.SEE_BUDGETS}),
        ends_on=(NOW + timedelta(days=30)).date(),
        key=uuid.uuid4(),
        link=link,
        now=NOW,
    )
    delegations.accept_consent(session, delegation_id=consent, by=bob.id, link=link, now=NOW)
    return consent


def test_everything_comes_in_one_file(ada, helped, sign_in):
    response = sign_in(ada.id).fill_in("/accounts/your-data/take")
    assert response.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(response.data)) as parcel:
        taken = json.loads(parcel.read("your-data.json"))
        assert "Ada" in parcel.read("your-data.html").decode()
    response.close()
    rows = {section["table"]: section["rows"] for section in taken["sections"]}
    assert rows["person"][0]["email"] == "ada@example.org"
    assert rows["delegation"][0] | {"receiver_id": "somebody else", "giver_id": "you"} == rows["delegation"][0]
    assert "session_stamp" not in rows["person"][0]


def test_whoever_leaves_is_gone_and_those_on_the_other_side_hear_of_it(session, ada, helped, sign_in, list_of_erased):
    client, ada_id = sign_in(ada.id), ada.id
    assert "Tick the box" in client.fill_in("/accounts/close").text
    assert client.fill_in("/accounts/close", sure=True).location == "/accounts/closed"
    assert client.get("/accounts/me").status_code == 302
    session.expire_all()
    left = session.get(Person, ada_id)
    assert (left.name, left.password_hash, left.is_counted) == (LEFT, None, False)
    assert left.erased_at is not None
    assert session.get(Delegation, helped) is None
    written = dict(session.execute(sa.select(Message.subject, Message.to)).all())
    assert written["A consent has ended"] == "bob@example.org"
    assert written["Your account is closed"] == "ada@example.org"
    assert erased.read(list_of_erased) == {ada_id}


def test_an_account_whose_address_nobody_confirmed_is_erased_after_a_month(app, session):
    def opened(email, *, days, confirmed=None, link_until=None):
        somebody = make.person(session, name="Ned", email=email)
        somebody.created_at, somebody.confirmed_at = NOW - timedelta(days=days), confirmed
        if link_until is not None:
            link = EmailedLink(
                token_hash=email, person_id=somebody.id, purpose=Purpose.CONFIRM_EMAIL, expires_at=link_until
            )
            session.add(link)
        return somebody

    long_ago = opened("long@example.org", days=31, link_until=NOW - timedelta(days=30))
    stay = [
        opened("lately@example.org", days=29),
        opened("again@example.org", days=31, link_until=NOW + timedelta(hours=1)),
        opened("confirmed@example.org", days=31, confirmed=NOW - timedelta(days=31)),
    ]
    session.commit()
    with app.app_context():
        assert (forget_unconfirmed(NOW), forget_unconfirmed(NOW)) == (1, 0)
    session.expire_all()
    assert (long_ago.name, long_ago.erased_at) == (LEFT, NOW)
    assert "long@example.org" not in long_ago.email
    assert {somebody.name for somebody in stay} == {"Ned"}


def test_nobody_leaves_while_others_count_on_them(session, ada, sign_in, list_of_erased):
    organisation, _speaker = make.organisation(session)
    arrangement = purchasing.arrangement(session, person=ada, organisation_id=organisation.id)
    client = sign_in(ada.id)
    page = client.get("/accounts/close").text
    assert f"/arrangements/{arrangement.id}" in page
    assert "Close my account" not in page
    looking = Viewer(person_id=ada.id)
    with pytest.raises(closing.NotYetError):
        closing.close_account(session, by=looking, consents="", contact="", now=NOW)
    assert session.get(Person, ada.id).name == "Ada"


def test_people_read_who_did_what_and_are_told_names_only_of_those_whom_consent_joins(
    session, ada, bob, helped, sign_in
):
    stranger = make.person(session, name="Zebedee")
    audit.record(session, by=stranger.id, did="changed", to_kind="person", to_id=ada.id, now=NOW)
    delegations.end_consent(session, delegation_id=helped, by=bob.id, link="", now=NOW)
    client = sign_in(ada.id)
    page = client.get("/accounts/history").text
    assert "You offered somebody a consent." in page
    assert "Bob ended a consent." in page
    assert "Somebody else changed." in page
    assert "Zebedee" not in page
    assert "You offered" not in client.get("/accounts/history?show=others").text
    assert client.get("/accounts/trail").status_code == 403


def test_the_trail_is_never_changed_and_forgotten_after_six_years_only(session, connection, ada):
    audit.record(session, by=ada.id, did="signed in", to_kind="person", to_id=ada.id, now=NOW)
    old = NOW - timedelta(days=2200)
    audit.record(session, by=ada.id, did="signed up", to_kind="person", to_id=ada.id, now=old)
    session.flush()
    for change in (
        sa.update(AuditEvent).values(did="nothing"),
        sa.delete(AuditEvent).where(AuditEvent.did == "signed in"),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), session.begin_nested():
            session.execute(change)
    session.execute(sa.delete(AuditEvent).where(AuditEvent.at < NOW - timedelta(days=2193)))
    assert session.scalars(sa.select(AuditEvent.did)).all() == ["signed in"]
