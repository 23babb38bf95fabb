"""What can happen with a password: somebody signs in with it, forgets it, or sets another."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import rules
from marketplace.accounts.models import Person
from marketplace.accounts.rules import BrowserSessionId, PersonId, Purpose
from marketplace.accounts.services.accounts import Address, new_link, person_with, use_link, write_to_person
from marketplace.accounts.services.browsers import end_browsers
from marketplace.accounts.services.hashing import hash_of, is_password, refuse_weak
from marketplace.kit import audit
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.sentences import worded


class WrongSignInError(DomainError):
    """No such address, or not this password: we never say which."""


class EmailNotConfirmedError(DomainError):
    """The password is right but nobody has opened the link we sent."""


class WrongPasswordError(WrongAnswerError):
    """Not the password of whoever is signed in."""

    field = "password"


def check_sign_in(session: Session, *, email: str, password: str) -> PersonId:
    """
    Return who signs in with this address and password. Changes nothing.

    :raises WrongSignInError: if the two do not belong together.
    :raises EmailNotConfirmedError: if they do, but the address was never confirmed.
    """
    person = person_with(session, rules.normal_email(email))
    # An unknown address takes as long to refuse as a known one, so the delay tells a stranger nothing.
    if not is_password(password, hashed=person.password_hash if person else None) or person is None:
        raise WrongSignInError("That email address and password do not go together. Check both, or set a new password.")
    if person.confirmed_at is None:
        raise EmailNotConfirmedError(
            "Please confirm your email address first: open the link we sent you. To get a new link, sign up again."
        )
    return person.id


def ask_for_new_password(session: Session, *, email: str, link: Address, now: datetime) -> None:
    """Email a link that sets a new password. For an unknown address this does nothing, and the page says the same."""
    person = person_with(session, rules.normal_email(email))
    if person is None:
        return
    token = new_link(session, person_id=person.id, purpose=Purpose.RESET_PASSWORD, now=now)
    write_to_person(
        session,
        person_id=person.id,
        subject="Set a new password",
        body=worded(
            "Open this link to set a new password:\n{link}\n\n"
            "It works once, for two hours. If you did not ask for this, you need do nothing.",
            link=link(token),
        ),
        now=now,
    )


def set_new_password(session: Session, *, token: str, password: str, link: str, now: datetime) -> PersonId:
    """
    Set a new password by an emailed link, confirm the address, and sign every other browser out.

    :param link: where to set another, for whoever did not set this one.

    :raises WeakPasswordError: if the password is too easy to guess.
    :raises DeadLinkError: if the link is used, old or unknown.
    """
    person = use_link(session, token=token, purpose=Purpose.RESET_PASSWORD, now=now)
    refuse_weak(password, email=person.email, name=person.name)
    _keep(session, person, password, link=link, now=now)
    person.session_stamp = secrets.token_hex(8)
    person.confirmed_at = person.confirmed_at or now
    end_browsers(session, person_id=person.id, now=now)
    return person.id


def check_password(session: Session, *, person_id: PersonId, password: str) -> None:
    """
    Make sure that whoever is signed in knows the password of the account. Changes nothing.

    :raises WrongPasswordError: if they do not.
    """
    if not is_password(password, hashed=session.get_one(Person, person_id).password_hash):
        raise WrongPasswordError("That is not your password. Check it, or set a new one by email.")


def change_password(
    session: Session,
    *,
    person_id: PersonId,
    password: str,
    browser_id: BrowserSessionId | None,
    link: str,
    now: datetime,
) -> None:
    """
    Set a new password for somebody signed in, who has just shown who they are. Their other browsers are signed out.

    :param link: where to set another, for whoever did not set this one.

    :raises WeakPasswordError: if the password is too easy to guess.
    """
    person = session.get_one(Person, person_id)
    refuse_weak(password, email=person.email, name=person.name)
    _keep(session, person, password, link=link, now=now)
    end_browsers(session, person_id=person_id, but=browser_id, now=now)


def _keep(session: Session, person: Person, password: str, *, link: str, now: datetime) -> None:
    person.password_hash = hash_of(password)
    audit.record(session, by=person.id, did="set a new password", to_kind="person", to_id=person.id, now=now)
    write_to_person(
        session,
        person_id=person.id,
        subject="Your password was changed",
        body=worded(
            "Any other phone or computer that was signed in as you is signed out.\n\n"
            "If it was not you, set a new password at once, and tell us:\n{link}",
            link=link,
        ),
        now=now,
    )
