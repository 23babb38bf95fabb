"""What happens with passkeys: one is made, used and removed."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts import rules
from marketplace.accounts.models import Passkey, Person, RoleGrant, SecondFactor
from marketplace.accounts.rules import PasskeyId, PersonId
from marketplace.accounts.services.accounts import take_turns, write_to_person
from marketplace.accounts.services.guarding import use_once
from marketplace.kit import audit, passkeys
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.passkeys import BadPasskeyError, Site
from marketplace.kit.sentences import worded
from marketplace.kit.uniqueness import repeats

SIGN_IN = "sign in"
"""What a passkey is asked for: to show who somebody is."""
_TRY_AGAIN = "That passkey did not work here. Open the page again and try once more, or sign in another way."


class WrongPasskeyError(DomainError):
    """Not a passkey of anybody here, not for this page, or not now: we do not say which."""


class CopiedPasskeyError(DomainError):
    """Its device has signed fewer times than before: there are two of it."""

    def __init__(self, sentence: str, *, person_id: PersonId) -> None:
        super().__init__(sentence)
        self.person_id = person_id


class TooManyPasskeysError(DomainError):
    """Nobody needs so many."""


class NotYourPasskeyError(NotFoundError):
    """Not one of theirs, or removed before."""


class LastWayInError(DomainError):
    """Without it they could not sign in."""


def to_make(person_id: PersonId) -> str:
    """Return what a passkey is asked for when a person makes it: to be theirs."""
    return f"make:{person_id}"


def make_passkey(
    session: Session, *, person_id: PersonId, answer: str, name: str, site: Site, key: str, link: str, now: datetime
) -> None:
    """
    Keep the public half of a passkey that somebody's device has just made. They hear of it by letter.

    :param link: the page on which they see and remove them.
    :raises WrongPasskeyError: if it was not made as it was asked for, or is kept already.
    :raises TooManyPasskeysError: if they have ten.
    """
    take_turns(session, person_id=person_id)
    try:
        challenge = passkeys.challenge_in(answer, to_make(person_id), key=key, now=now)
        made = passkeys.check_made(site, answer=answer, challenge=challenge)
    except BadPasskeyError as error:
        raise WrongPasskeyError("That passkey could not be kept. Open the page again, and try once more.") from error
    use_once(session, what=challenge.hex(), key=key, lasts=passkeys.ANSWERED_WITHIN, now=now)
    if _count(session, person_id) >= rules.MOST_PASSKEYS:
        raise TooManyPasskeysError("You have ten passkeys. Remove one that you do not use first.")
    kept = Passkey(
        id=PasskeyId(uuid.uuid4()),
        person_id=person_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        name=name,
        made_at=now,
    )
    try:
        with session.begin_nested():
            session.add(kept)
    except IntegrityError as error:
        if not repeats(error, constraint="uq_passkey_credential_id", columns=("passkey.credential_id",)):
            raise
        raise WrongPasskeyError("That passkey is kept already.") from error
    audit.record(session, by=person_id, did="made a passkey", to_kind="person", to_id=person_id, now=now)
    write_to_person(
        session,
        person_id=person_id,
        subject="A passkey can now open your account",
        body=worded(
            "It is called “{name}”. Whoever can unlock the device that holds it can sign in as you.\n\n"
            "If it was not you, remove it here, set a new password, and tell us:\n{link}",
            name=name,
            link=link,
        ),
        now=now,
    )


def use_passkey(session: Session, *, answer: str, site: Site, key: str, now: datetime) -> PersonId:
    """
    Return whose passkey has just signed what we asked for. It works once.

    :raises WrongPasskeyError: if it is nobody's, signed something else, or was too slow.
    :raises CopiedPasskeyError: if it is a copy of one that was used since.
    """
    try:
        challenge = passkeys.challenge_in(answer, SIGN_IN, key=key, now=now)
        passkey = _passkey_in(session, answer)
        count = passkeys.check_used(site, answer=answer, challenge=challenge, public_key=passkey.public_key)
    except BadPasskeyError as error:
        raise WrongPasskeyError(_TRY_AGAIN) from error
    person = session.get_one(Person, passkey.person_id)
    if person.erased_at is not None:
        raise WrongPasskeyError(_TRY_AGAIN)
    use_once(session, what=challenge.hex(), key=key, lasts=passkeys.ANSWERED_WITHIN, now=now)
    if passkeys.is_copied(before=passkey.sign_count, now=count):
        raise CopiedPasskeyError(
            "That passkey seems to be a copy, so we do not take it. Sign in another way, and remove it.",
            person_id=person.id,
        )
    passkey.sign_count, passkey.used_at = count, now
    return person.id


def _passkey_in(session: Session, answer: str) -> Passkey:
    credential_id, handle = passkeys.credential_in(answer)
    found = session.scalars(
        select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    ).one_or_none()
    if found is None or (handle is not None and handle != found.person_id.bytes):
        raise BadPasskeyError("It is nobody's.")
    return found


def note_copied_passkey(session: Session, *, person_id: PersonId, link: str, now: datetime) -> None:
    """Tell somebody that a copy of a passkey of theirs was used."""
    audit.record(
        session, by=None, did="refused a copied passkey", to_kind="person", to_id=person_id, about=person_id, now=now
    )
    write_to_person(
        session,
        person_id=person_id,
        subject="We refused a passkey of yours",
        body=worded(
            "It seems to be a copy: two devices hold it, and one of them may not be yours. Nobody got in with it.\n\n"
            "Remove it, and make a new one:\n{link}",
            link=link,
        ),
        now=now,
    )


def remove_passkey(session: Session, *, person_id: PersonId, passkey_id: PasskeyId, link: str, now: datetime) -> None:
    """
    Let a passkey open nothing any more.

    :raises NotYourPasskeyError: if it is not one of theirs.
    :raises LastWayInError: if they could not sign in without it, or not to their work.
    """
    take_turns(session, person_id=person_id)
    passkey = session.get(Passkey, passkey_id)
    if passkey is None or passkey.person_id != person_id:
        raise NotYourPasskeyError("That is not one of your passkeys.")
    if _count(session, person_id) == 1:
        _refuse_last(session, person_id)
    name = passkey.name
    session.delete(passkey)
    audit.record(session, by=person_id, did="removed a passkey", to_kind="person", to_id=person_id, now=now)
    write_to_person(
        session,
        person_id=person_id,
        subject="A passkey no longer opens your account",
        body=worded(
            "It was called “{name}”.\n\nIf it was not you who removed it, set a new password now, and tell us:\n{link}",
            name=name,
            link=link,
        ),
        now=now,
    )


def _refuse_last(session: Session, person_id: PersonId) -> None:
    if session.get_one(Person, person_id).password_hash is None:
        raise LastWayInError("This is your only way in. Set a password first: sign out, and say that you forgot it.")
    has_phone = session.get(SecondFactor, person_id) is not None
    roles = set(session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person_id)))
    if not has_phone and roles & rules.SECOND_FACTOR_FOR:
        raise LastWayInError("Your work here needs it. Set up a phone for codes first, or make another passkey.")


def _count(session: Session, person_id: PersonId) -> int:
    return session.scalars(select(func.count()).where(Passkey.person_id == person_id)).one()
