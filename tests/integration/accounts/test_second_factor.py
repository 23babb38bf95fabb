"""A commissioner proves twice who they are: by a password, and by a code from their phone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts import services
from marketplace.accounts.models import Person, RecoveryCode, RoleGrant, SecondFactor
from marketplace.accounts.rules import Role
from marketplace.accounts.services import second_factor
from marketplace.kit import codes
from marketplace.kit.audit import AuditEvent
from marketplace.kit.outbox import Message
from tests.factories import accounts as make

PASSWORD = "kettle garden bus"
COUNCIL = "E08000009"


@pytest.fixture
def catrin(session, now):
    person_id = services.add_person(
        session,
        email="catrin@example.org",
        name="Catrin",
        password=PASSWORD,
        confirmed=True,
        role=Role.COMMISSIONER,
        council=COUNCIL,
        now=now,
    )
    session.commit()
    return person_id


@pytest.fixture
def phone(session, catrin, now, app):
    """Catrin's phone: a function that returns the next code it shows."""
    second_factor.add_second_factor(session, person_id=catrin, now=now)
    session.commit()
    return lambda: make.code_of(session, catrin, app.config["SECRET_KEY"])


def sign_in(client):
    return client.fill_in("/accounts/sign-in?next=/demand", email="catrin@example.org", password=PASSWORD)


def subjects(session):
    return session.scalars(select(Message.subject).order_by(Message.created_at)).all()


def test_a_first_sign_in_sets_up_a_phone_and_gives_codes_to_print(client, session, catrin):
    asked = sign_in(client).headers["Location"]
    assert asked == "/accounts/code?next=/demand"
    set_up = client.get(asked).headers["Location"]
    page = client.get(set_up)
    secret = re.search(r'class="code-key"><strong>([A-Z2-7 ]+)', page.text).group(1).replace(" ", "")
    assert client.get(set_up).text.count(secret[:4]), "opening the page again does not change the key"
    wrong = client.fill_in(set_up, code="12")
    assert wrong.status_code == 422
    printed = client.fill_in(set_up, code=codes.code_for(secret, step=codes.step_at(datetime.now(UTC))))
    paper = re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", printed.text)
    assert len(set(paper)) == 10
    assert client.get("/demand").status_code == 200
    assert subjects(session) == ["A phone now makes codes for your account"]
    kept = str(
        session.execute(select(RecoveryCode.code_hash)).all() + session.execute(select(SecondFactor.secret)).all()
    )
    assert not any(plain in kept for plain in (*paper, secret)), "a copy of the database makes no code"


def test_a_password_alone_opens_no_figures_and_a_code_opens_them_once(app, session, client, phone):
    asked = sign_in(client).headers["Location"]
    for url in ("/demand", "/demand/downloads", f"/demand/files/demand-{COUNCIL}-2026-q1.csv"):
        assert client.get(url).headers["Location"].startswith("/accounts/code?next=/demand")
    assert "Demand" not in client.get("/accounts/me").text
    refused = client.fill_in(asked, code="000 000")
    assert refused.status_code == 422
    assert "That is not the code your phone shows now." in refused.text
    code = phone()
    assert client.fill_in(asked, code=f" {code[:3]} {code[3:]} ").headers["Location"] == "/demand"
    assert client.get("/demand").status_code == 200
    overheard = app.test_client()
    again = overheard.fill_in(sign_in(overheard).headers["Location"], code=code)
    assert again.status_code == 422
    assert "used already" in again.text
    assert overheard.get("/demand").status_code == 302


def test_no_other_page_of_codes_lets_a_password_alone_round(client, session, phone):
    sign_in(client)
    for url in ("/accounts/phone", "/accounts/phone/set-up"):
        assert client.get(url).headers["Location"].startswith("/accounts/code?next=/accounts/phone")
    before = session.scalars(select(SecondFactor.secret)).one()
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/accounts/code").text).group(1)
    for url in ("/accounts/phone/set-up", "/accounts/recovery-codes"):
        assert client.post(url, data={"csrf_token": token, "code": "123456"}).status_code == 302
    assert session.scalars(select(SecondFactor.secret)).all() == [before]
    assert session.scalars(select(RecoveryCode)).all() == []


def test_a_proof_ends_with_the_day_the_password_and_the_role(client, session, catrin, phone):
    client.fill_in(sign_in(client).headers["Location"], code=phone())
    with client.session_transaction() as cookie:
        cookie["proved_at"] -= 12 * 60 * 60
    assert client.get("/demand").headers["Location"] == "/accounts/code?next=/demand"
    client.fill_in("/accounts/code", code=phone())
    assert client.get("/demand").status_code == 200
    session.get_one(Person, catrin).session_stamp = "another"
    session.commit()
    assert client.get("/demand").headers["Location"] == "/accounts/sign-in?next=/demand"


def test_guessing_stops_after_ten_and_the_person_hears_at_five(session, catrin, app, now):
    second_factor.add_second_factor(session, person_id=catrin, now=now)
    key = app.config["SECRET_KEY"]
    for _ in range(10):
        with pytest.raises(second_factor.WrongCodeError):
            second_factor.check_code(session, person_id=catrin, code="x", key=key, now=now)
        second_factor.note_wrong_code(session, person_id=catrin, link="https://care.example/accounts/reset", now=now)
    assert subjects(session) == ["Somebody is trying to sign in as you"]
    right = make.code_of(session, catrin, key, now)
    with pytest.raises(second_factor.TooManyCodesError, match="Wait an hour"):
        second_factor.check_code(session, person_id=catrin, code=right, key=key, now=now)
    later = now + timedelta(hours=1)
    second_factor.check_code(
        session, person_id=catrin, code=make.code_of(session, catrin, key, later), key=key, now=later
    )


def test_a_recovery_code_opens_the_door_once(client, session, catrin, phone, app, now):
    paper = second_factor.renew_recovery_codes(session, person_id=catrin, key=app.config["SECRET_KEY"], now=now)
    session.commit()
    sign_in(client)
    arrived = client.fill_in("/accounts/recovery-code", code=paper[0].upper().replace("-", " "))
    assert arrived.headers["Location"] == "/accounts/phone"
    assert "you have 9 left" in client.get("/accounts/phone").text
    assert client.get("/demand").status_code == 200
    assert "Somebody signed in with one of your recovery codes" in subjects(session)
    other = app.test_client()
    sign_in(other)
    again = other.fill_in("/accounts/recovery-code", code=paper[0])
    assert again.status_code == 422
    assert "used before" in again.text


def test_an_operator_forgets_a_lost_phone_and_never_their_own(client, session, catrin, phone, sign_in, app, now):
    second_factor.renew_recovery_codes(session, person_id=catrin, key=app.config["SECRET_KEY"], now=now)
    ona = make.person(session, role=Role.OPERATOR, name="Ona").id
    stamp = session.get_one(Person, catrin).session_stamp
    sign_in(ona)
    assert client.press("/accounts/roles", "Forget the phone of Catrin").status_code == 302
    session.expire_all()
    assert session.scalars(select(SecondFactor)).all() == []
    assert session.scalars(select(RecoveryCode)).all() == []
    assert session.get_one(Person, catrin).session_stamp != stamp, "whoever found the phone is signed out"
    assert subjects(session) == ["Set up another phone for your codes"]
    event = session.scalars(select(AuditEvent).where(AuditEvent.did == "forgot a phone for codes")).one()
    assert (event.by_person_id, event.to_id) == (ona, catrin)
    grant_id = session.scalars(select(RoleGrant.id).where(RoleGrant.person_id == catrin)).one()
    with pytest.raises(second_factor.OwnPhoneError):
        second_factor.forget_phone(session, grant_id=grant_id, by=catrin, now=now)


def test_the_pages_of_codes_are_for_whoever_is_signed_in(client):
    for url in ("/accounts/code", "/accounts/recovery-code", "/accounts/phone", "/accounts/phone/set-up"):
        assert client.get(url).headers["Location"].startswith("/accounts/sign-in?next=")
