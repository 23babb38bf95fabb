import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts import queries, services
from marketplace.accounts.models import EmailedLink, Person, RoleGrant
from marketplace.accounts.rules import Role
from marketplace.kit.audit import AuditEvent
from marketplace.kit.outbox import Message
from tests.factories import accounts as make

PASSWORD = "kettle garden bus"
FORGOTTEN = "https://care.example/accounts/reset"


@pytest.fixture
def sign_up(session, now):
    def someone(email="ada@example.org", name="Ada", password=PASSWORD, at=now):
        services.sign_up(
            session, email=email, name=name, password=password, link=lambda t: f"https://x/{t}",
            sign_in_address="https://x/sign-in", now=at,
        )  # fmt: skip
        session.flush()
        return session.scalars(select(Message).order_by(Message.created_at.desc())).all()

    return someone


def token_in(message):
    return re.search(r"https://x/(\S+)", message.body).group(1)


def test_signing_up_sends_a_link_that_opens_the_account(session, sign_up, now):
    [letter] = sign_up()
    with pytest.raises(services.EmailNotConfirmedError):
        services.check_sign_in(session, email="ada@example.org", password=PASSWORD)
    person_id = services.confirm_email(session, token=token_in(letter), now=now)
    assert services.check_sign_in(session, email=" ADA@example.org", password=PASSWORD) == person_id


def test_a_link_works_once(session, sign_up, now):
    [letter] = sign_up()
    services.confirm_email(session, token=token_in(letter), now=now)
    with pytest.raises(services.DeadLinkError):
        services.confirm_email(session, token=token_in(letter), now=now)


def test_a_link_grows_old(session, sign_up, now):
    [letter] = sign_up()
    with pytest.raises(services.DeadLinkError):
        services.confirm_email(session, token=token_in(letter), now=now + timedelta(days=3))


def test_a_newer_link_ends_the_older_one(session, sign_up, now):
    [older] = sign_up(password="somebody elses try")
    newer, _older = sign_up(at=now + timedelta(minutes=1))
    with pytest.raises(services.DeadLinkError):
        services.confirm_email(session, token=token_in(older), now=now)
    services.confirm_email(session, token=token_in(newer), now=now)


def test_a_link_for_one_purpose_serves_no_other(session, sign_up, now):
    [letter] = sign_up()
    with pytest.raises(services.DeadLinkError):
        services.set_new_password(session, token=token_in(letter), password=PASSWORD, link=FORGOTTEN, now=now)


def test_the_database_keeps_no_token_and_no_password(session, sign_up):
    [letter] = sign_up()
    assert session.scalars(select(EmailedLink.token_hash)).one() != token_in(letter)
    assert session.scalars(select(Person.password_hash)).one().startswith("$argon2id$")


def test_signing_up_again_tells_only_the_owner_of_the_address(session, sign_up, now):
    [letter] = sign_up()
    services.confirm_email(session, token=token_in(letter), now=now)
    newest, _first = sign_up(password="another good one", at=now + timedelta(minutes=1))
    assert newest.subject == "You already have an account"
    services.check_sign_in(session, email="ada@example.org", password=PASSWORD)


def test_until_an_address_is_confirmed_the_newest_attempt_wins(session, sign_up, now):
    sign_up(password="somebody elses try")
    newest, _first = sign_up(at=now + timedelta(minutes=1))
    services.confirm_email(session, token=token_in(newest), now=now)
    services.check_sign_in(session, email="ada@example.org", password=PASSWORD)


def test_a_weak_password_opens_nothing(session, sign_up):
    with pytest.raises(services.WeakPasswordError):
        sign_up(password="short")
    assert session.scalars(select(Person)).all() == []


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_wrong_address_and_a_wrong_password_are_refused_alike(session, sign_up, now, email):
    [letter] = sign_up()
    services.confirm_email(session, token=token_in(letter), now=now)
    with pytest.raises(services.WrongSignInError, match="do not go together"):
        services.check_sign_in(session, email=email, password="not this one at all")


def test_a_new_password_signs_other_browsers_out(session, now):
    ada = make.person(session, email="ada@example.org")
    old_stamp = ada.session_stamp
    services.ask_for_new_password(session, email="ada@example.org", link=lambda t: f"https://x/{t}", now=now)
    letter = session.scalars(select(Message)).one()
    services.set_new_password(session, token=token_in(letter), password=PASSWORD, link=FORGOTTEN, now=now)
    session.flush()
    assert (
        FORGOTTEN in session.scalars(select(Message).where(Message.subject == "Your password was changed")).one().body
    )
    assert queries.viewer_with_id(session, person_id=ada.id, stamp=old_stamp) is None
    assert services.check_sign_in(session, email="ada@example.org", password=PASSWORD) == ada.id
    assert "set a new password" in session.scalars(select(AuditEvent.did)).all()


def test_asking_for_an_unknown_address_sends_nothing(session, now):
    services.ask_for_new_password(session, email="nobody@example.org", link=str, now=now)
    assert session.scalars(select(Message)).all() == []


def test_a_commissioner_needs_a_council_and_nobody_else_has_one(session, now):
    somebody = make.person(session)
    with pytest.raises(services.CouncilNeededError):
        services.grant_role(session, person_id=somebody.id, role=Role.COMMISSIONER, by=None, now=now)
    with pytest.raises(services.CouncilNeededError):
        services.grant_role(session, person_id=somebody.id, role=Role.MODERATOR, council="E08000009", by=None, now=now)


@pytest.mark.parametrize("role", [Role.PERSON, Role.PROVIDER, Role.USER_LED_ORGANISATION])
def test_some_roles_are_not_given_by_hand(session, now, role):
    make.person(session, email="ada@example.org")
    with pytest.raises(services.RoleNotGivenByHandError):
        services.trust_with_role(session, email="ada@example.org", role=role, council=None, by=None, now=now)


def test_a_role_is_held_once(session, now):
    somebody = make.person(session)
    services.grant_role(session, person_id=somebody.id, role=Role.MODERATOR, by=None, now=now)
    with pytest.raises(services.RoleAlreadyHeldError):
        services.grant_role(session, person_id=somebody.id, role=Role.MODERATOR, by=None, now=now)


def test_founding_an_organisation_lets_its_founder_speak_for_it(session, now):
    founder = make.person(session)
    organisation_id = services.found_organisation(
        session, name="Maggie's Gardens", role=Role.PROVIDER, by=founder.id, now=now
    )
    looking = queries.viewer_with_id(session, person_id=founder.id, stamp=founder.session_stamp)
    assert looking.organisations == {organisation_id}
    assert looking.roles == {Role.PERSON, Role.PROVIDER}
    [addressee] = queries.addressees_for(session, organisation_id=organisation_id)
    assert addressee.email == founder.email


def test_nobody_sees_somebody_elses_account(session):
    make.person(session, name="Ada")
    bob = make.person(session, name="Bob")
    looking = queries.viewer_with_id(session, person_id=bob.id, stamp=bob.session_stamp)
    assert queries.my_account(session, viewer=looking).name == "Bob"


def test_a_person_who_tells_us_where_they_live_is_counted_there(session):
    ada = make.person(session)
    services.say_where_you_live(session, person_id=ada.id, council="E08000009")
    session.flush()
    assert queries.council_of(session, person_id=ada.id) == "E08000009"
    assert session.scalars(select(RoleGrant.council)).one() is None
