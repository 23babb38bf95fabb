"""What happens to an email address that changes: asked for, taken, and undone by whoever reads the old one."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts import rules
from marketplace.accounts.models import EmailChange, Passkey, Person, SecondFactor
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.accounts import Address, DeadLinkError, end_links, person_with, take_turns
from marketplace.accounts.services.browsers import end_browsers
from marketplace.kit import audit, outbox
from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.kit.uniqueness import repeats

CHANGE_LASTS = timedelta(days=1)
"""For so long the letter to the new address can be answered."""
UNDO_LASTS = timedelta(days=7)
"""For so long whoever reads the old address can take it back."""


class SameAddressError(WrongAnswerError):
    """It is the address they have."""

    field = "email"


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the letters lead: to take the new address, and to undo that."""

    take: Address
    undo: Address


def ask_for_email(session: Session, *, person_id: PersonId, email: str, ways: Ways, now: datetime) -> None:
    """
    Write to a new address of somebody's, so that they show it is theirs, and to the old one, which can stop it.

    Whether somebody else has the new address is told to whoever reads mail there, and not to who asks. An earlier wish
    that waits ends.

    :raises SameAddressError: if they have this address already.
    """
    take_turns(session, person_id=person_id)
    person, email = session.get_one(Person, person_id), rules.normal_email(email)
    if email == person.email:
        raise SameAddressError("That is the address you have.")
    session.execute(
        update(EmailChange)
        .where(EmailChange.person_id == person_id, EmailChange.used_at.is_(None), EmailChange.undone_at.is_(None))
        .values(undone_at=now)
    )
    take, undo = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session.add(
        EmailChange(
            token_hash=rules.token_hash(take),
            undo_hash=rules.token_hash(undo),
            person_id=person_id,
            old_email=person.email,
            new_email=email,
            asked_at=now,
            expires_at=now + CHANGE_LASTS,
        )
    )
    audit.record(session, by=person_id, did="asked for another address", to_kind="person", to_id=person_id, now=now)
    if person_with(session, email) is None:
        body = worded(
            "Open this link to use this address from now on:\n{take}\n\nIt works once, for a day.", take=ways.take(take)
        )
    else:
        body = "This address has an account here already, so it cannot be used for another one too."
    outbox.send(
        session,
        to=email,
        subject="Is this your new address?",
        body=worded(
            "Somebody wants to sign in with this address. {body}\n\nIf it was not you, you need do nothing.", body=body
        ),
        now=now,
    )
    outbox.send(
        session,
        to=person.email,
        subject="Your email address is about to change",
        body=worded(
            "Hello {name},\n\nSomebody who is signed in as you asked us to use another email address. We do "
            "so once they show that they read mail there.\n\nIf it was you, you need do nothing. If it was "
            "not, stop it "
            "here, within a week. That also signs out every browser:\n{undo}",
            name=person.name,
            undo=ways.undo(undo),
        ),
        now=now,
    )


def take_email(session: Session, *, token: str, now: datetime) -> PersonId:
    """
    Use a new address from now on, by the link that was sent there. All browsers are signed out.

    :raises DeadLinkError: if the link is used, old or unknown, or somebody else took that address meanwhile.
    """
    change = session.get(EmailChange, rules.token_hash(token), with_for_update=True)
    if (
        change is None
        or change.undone_at is not None
        or not rules.link_is_live(expires_at=change.expires_at, used_at=change.used_at, now=now)
    ):
        raise DeadLinkError("This link has been used or is too old. Ask for a new one.")
    person = session.get_one(Person, change.person_id)
    _call(session, person, change.new_email)
    change.used_at = now
    person.confirmed_at = person.confirmed_at or now
    person.session_stamp = secrets.token_hex(8)
    end_links(session, person_id=person.id, now=now)
    end_browsers(session, person_id=person.id, now=now)
    audit.record(session, by=person.id, did="changed their address", to_kind="person", to_id=person.id, now=now)
    return person.id


def undo_email(session: Session, *, token: str, now: datetime) -> PersonId:
    """
    Stop a change of address, or take it back, by the link that was sent to the old one. All browsers are signed out.

    The password ends too, for whoever asked for the change knew it, and so does every proof that was added since. A new
    password is set by a letter to the old address.

    :raises DeadLinkError: if the link is used, old or unknown, or somebody else has the old address now.
    """
    change = session.scalars(
        select(EmailChange).where(EmailChange.undo_hash == rules.token_hash(token)).with_for_update()
    ).one_or_none()
    if change is None or (change.undone_at is not None and change.used_at is not None):
        raise DeadLinkError("This link has been used or is too old. If you are locked out, write to us.")
    if now >= change.asked_at + UNDO_LASTS:
        raise DeadLinkError("This link is too old. If you are locked out, write to us.")
    person = session.get_one(Person, change.person_id)
    if person.erased_at is not None:
        raise DeadLinkError("This link has been used or is too old.")
    _call(session, person, change.old_email)
    change.undone_at = change.undone_at or now
    change.used_at = change.used_at or now
    # Whoever did it may have moved on to a third address meanwhile: that ends as well.
    session.execute(
        update(EmailChange)
        .where(EmailChange.person_id == person.id, EmailChange.asked_at > change.asked_at)
        .values(undone_at=now, used_at=now)
    )
    person.password_hash, person.session_stamp = None, secrets.token_hex(8)
    end_links(session, person_id=person.id, now=now)
    for proof in (Passkey, SecondFactor):
        session.execute(delete(proof).where(proof.person_id == person.id, proof.made_at >= change.asked_at))
    end_browsers(session, person_id=person.id, now=now)
    audit.record(session, by=person.id, did="undid a change of address", to_kind="person", to_id=person.id, now=now)
    return person.id


def _call(session: Session, person: Person, email: str) -> None:
    try:
        with session.begin_nested():
            person.email = email
    except IntegrityError as error:
        if not repeats(error, constraint="uq_person_email", columns=("person.email",)):
            raise
        session.refresh(person)
        raise DeadLinkError(
            "That address belongs to another account now. If you are locked out, write to us."
        ) from error
