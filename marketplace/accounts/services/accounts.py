"""What can happen to people's accounts. One public function per thing a person can do."""

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts import queries, rules
from marketplace.accounts.models import EmailedLink, Organisation, Person, RoleGrant
from marketplace.accounts.rules import OrganisationId, Permission, PersonId, Purpose, Role
from marketplace.accounts.services.hashing import hash_of, refuse_weak
from marketplace.kit import audit, outbox
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.places import CouncilCode
from marketplace.kit.sentences import worded
from marketplace.kit.uniqueness import repeats

_HELD_ONCE = {
    "uq_role_grant_person_id_role_organisation_id": (
        "role_grant.person_id",
        "role_grant.role",
        "role_grant.organisation_id",
    ),
    "uq_role_grant_without_organisation": ("role_grant.person_id", "role_grant.role"),
}
"""What the database says of a role that is held twice."""

Address = Callable[[str], str]
"""Turns a token into the address a person can open."""


class DeadLinkError(DomainError):
    """The link was used, is too old, or was never sent."""


class UnknownAddressError(DomainError):
    """Nobody has this address."""


class RoleAlreadyHeldError(DomainError):
    """The person has this role already."""


class RoleNotHeldError(NotFoundError):
    """Nobody holds the role, or it is not an operator's to take away."""


class RoleNotGivenByHandError(DomainError):
    """People get this role by what they do here."""


class LastOperatorError(DomainError):
    """Without an operator nobody could give anybody a role."""


class CouncilNeededError(DomainError):
    """A commissioner reads for exactly one council."""


def sign_up(
    session: Session, *, email: str, name: str, password: str, link: Address, sign_in_address: str, now: datetime
) -> None:
    """
    Open an account, and email a link that confirms the address.

    An address that has an account already gets a letter saying so: the page never tells a stranger who is here.

    :raises WeakPasswordError: if the password is too easy to guess.
    """
    email = rules.normal_email(email)
    refuse_weak(password, email=email, name=name)
    hashed = hash_of(password)  # Always, so that the time it takes does not tell who is here.
    existing = person_with(session, email)
    if existing is not None and existing.confirmed_at is not None:
        outbox.send(
            session,
            to=email,
            subject="You already have an account",
            body=worded(
                "Somebody, probably you, tried to open an account with this address.\n\n"
                "You have one already. Sign in here:\n{sign_in_address}\n\n"
                "If it was not you, you need do nothing.",
                sign_in_address=sign_in_address,
            ),
            now=now,
        )
        return
    if existing is None:
        try:
            with session.begin_nested():
                person_id = _add(session, email=email, name=name, hashed=hashed, confirmed=False, now=now)
        except IntegrityError as error:
            if not repeats(error, constraint="uq_person_email", columns=("person.email",)):
                raise
            # The button was pressed twice. The other press was quicker, and has its letter.
            return
    else:
        # Nobody has shown that they own this address yet, so the newest attempt may set the password.
        person_id = existing.id
        existing.name, existing.password_hash = name, hashed
    token = new_link(session, person_id=person_id, purpose=Purpose.CONFIRM_EMAIL, now=now)
    _write(
        session,
        queries.Addressee(email=email, name=name),
        subject="Confirm your email address",
        body=worded(
            "Open this link to finish opening your account:\n{link}\n\n"
            "It works once, for three days. If you did not ask for this, you need do nothing.",
            link=link(token),
        ),
        now=now,
    )


def add_person(
    session: Session,
    *,
    email: str,
    name: str,
    password: str | None,
    confirmed: bool,
    now: datetime,
    role: Role = Role.PERSON,
    council: CouncilCode | None = None,
) -> PersonId:
    """
    Add somebody with one role. With no password they can sign in only after setting one by email.

    :raises CouncilNeededError: if a commissioner has no council, or somebody else has one.
    """
    return _add(
        session,
        email=email,
        name=name,
        hashed=hash_of(password) if password else None,
        confirmed=confirmed,
        role=role,
        council=council,
        now=now,
    )


def _add(
    session: Session,
    *,
    email: str,
    name: str,
    hashed: str | None,
    confirmed: bool,
    now: datetime,
    role: Role = Role.PERSON,
    council: CouncilCode | None = None,
) -> PersonId:
    person = Person(
        id=PersonId(uuid.uuid4()),
        email=rules.normal_email(email),
        name=name,
        password_hash=hashed,
        session_stamp=secrets.token_hex(8),
        confirmed_at=now if confirmed else None,
        created_at=now,
    )
    session.add(person)
    session.flush()
    grant_role(session, person_id=person.id, role=role, council=council, by=None, now=now)
    return person.id


def grant_role(
    session: Session,
    *,
    person_id: PersonId,
    role: Role,
    by: PersonId | None,
    now: datetime,
    organisation_id: OrganisationId | None = None,
    council: CouncilCode | None = None,
) -> None:
    """
    Let a person act in a role.

    :raises RoleAlreadyHeldError: if they do already.
    :raises CouncilNeededError: if a commissioner has no council, or somebody else has one.
    """
    if (role is Role.COMMISSIONER) != (council is not None):
        raise CouncilNeededError("A commissioner needs one council, and nobody else may have one.")
    held = session.scalars(
        select(RoleGrant.id).where(
            RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.organisation_id == organisation_id
        )
    ).first()
    if held is not None:
        raise RoleAlreadyHeldError("This person has that role already.")
    session.add(RoleGrant(person_id=person_id, role=role, organisation_id=organisation_id, council=council))
    audit.record(session, by=by, did=f"granted {role}", to_kind="person", to_id=person_id, now=now)
    try:
        session.flush()
    except IntegrityError as error:
        # Somebody gave it at this very moment.
        if not any(repeats(error, constraint=name, columns=columns) for name, columns in _HELD_ONCE.items()):
            raise
        raise RoleAlreadyHeldError("This person has that role already.") from error


def trust_with_role(
    session: Session, *, email: str, role: Role, council: CouncilCode | None, by: PersonId | None, now: datetime
) -> None:
    """
    Let whoever has this address act as moderator, checker, commissioner or operator. `by` is None at the command line.

    :raises RoleNotGivenByHandError: if it is another role.
    :raises UnknownAddressError: if nobody has this address.
    :raises RoleAlreadyHeldError: if they have the role.
    :raises CouncilNeededError: if a commissioner has no council, or somebody else has one.
    """
    if role not in rules.TRUSTED_ROLES:
        raise RoleNotGivenByHandError("That role is not given by hand: people get it by what they do here.")
    person = person_with(session, rules.normal_email(email))
    if person is None:
        raise UnknownAddressError("Nobody has an account with that address.")
    grant_role(session, person_id=person.id, role=role, council=council, by=by, now=now)


def take_role_away(session: Session, *, grant_id: int, by: PersonId, now: datetime) -> None:
    """
    End somebody's role as moderator, checker, commissioner or operator.

    :raises RoleNotHeldError: if nobody holds it any more, or it is not an operator's to take.
    :raises LastOperatorError: if nobody would be left to run the site.
    """
    grants = session.scalars(
        select(RoleGrant).where(RoleGrant.role.in_(rules.TRUSTED_ROLES)).order_by(RoleGrant.id).with_for_update()
    ).all()
    ended = next((grant for grant in grants if grant.id == grant_id), None)
    if ended is None:
        raise RoleNotHeldError("Nobody holds that role any more.")
    if ended.role is Role.OPERATOR and sum(grant.role is Role.OPERATOR for grant in grants) == 1:
        raise LastOperatorError("This is the only operator. Give somebody else that role first.")
    session.delete(ended)
    if ended.role is Role.COMMISSIONER:
        write_to_person(
            session,
            person_id=ended.person_id,
            subject="You no longer read figures about your council",
            body="Your role as a commissioner has ended, and the tokens you made no longer work. "
            "If you think that this is a mistake, tell us.",
            now=now,
        )
    audit.record(session, by=by, did=f"took away {ended.role}", to_kind="person", to_id=ended.person_id, now=now)


def found_organisation(session: Session, *, name: str, role: Role, by: PersonId, now: datetime) -> OrganisationId:
    """Start an organisation that this person speaks for, as a provider or as a user-led organisation."""
    organisation = Organisation(id=OrganisationId(uuid.uuid4()), name=name, created_at=now)
    session.add(organisation)
    session.flush()
    grant_role(session, person_id=by, role=role, organisation_id=organisation.id, by=by, now=now)
    return organisation.id


def confirm_email(session: Session, *, token: str, now: datetime) -> PersonId:
    """
    Take the link as proof that the person reads mail at this address.

    :raises DeadLinkError: if the link is used, old or unknown.
    """
    person = use_link(session, token=token, purpose=Purpose.CONFIRM_EMAIL, now=now)
    person.confirmed_at = person.confirmed_at or now
    audit.record(session, by=person.id, did="confirmed an address", to_kind="person", to_id=person.id, now=now)
    return person.id


def say_where_you_live(session: Session, *, person_id: PersonId, council: CouncilCode | None) -> None:
    """Remember which council's area a person lives in, so that their demand counts there."""
    session.get_one(Person, person_id).council = council


def take_turns(session: Session, *, person_id: PersonId) -> None:
    """Let what one person does in several tabs at once happen one after the other, until this transaction ends."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def write_to_person(session: Session, *, person_id: PersonId, subject: str, body: str, now: datetime) -> None:
    """Put a letter to somebody in the outbox, by the name they chose."""
    _write(session, queries.addressee(session, person_id=person_id), subject=subject, body=body, now=now)


def write_to_organisation(
    session: Session, *, organisation_id: OrganisationId | None, subject: str, body: str, now: datetime
) -> None:
    """Put a letter to each of those who speak for an organisation in the outbox. Where there is none, nobody hears."""
    if organisation_id is None:
        return
    # One letter for each, so that nobody sees another's address.
    for to in queries.addressees_for(session, organisation_id=organisation_id):
        _write(session, to, subject=subject, body=body, now=now)


def write_to_those_who_may(session: Session, permission: Permission, *, subject: str, body: str, now: datetime) -> None:
    """Put a letter to each of those whom some role allows something in the outbox: all moderators, say."""
    for person_id in queries.people_who_may(session, permission):
        write_to_person(session, person_id=person_id, subject=subject, body=body, now=now)


def _write(session: Session, to: queries.Addressee, *, subject: str, body: str, now: datetime) -> None:
    outbox.send(
        session, to=to.email, subject=subject, body=worded("Hello {name},\n\n{body}", name=to.name, body=body), now=now
    )


def person_with(session: Session, email: str) -> Person | None:
    """Return whoever has this address. For services."""
    return session.scalars(select(Person).where(Person.email == email)).one_or_none()


def end_links(session: Session, *, person_id: PersonId, now: datetime, purpose: Purpose | None = None) -> None:
    """Let no link that was emailed to somebody open anything any more, or none for one end."""
    ending = update(EmailedLink).where(EmailedLink.person_id == person_id, EmailedLink.used_at.is_(None))
    if purpose is not None:
        ending = ending.where(EmailedLink.purpose == purpose)
    session.execute(ending.values(used_at=now))


def new_link(session: Session, *, person_id: PersonId, purpose: Purpose, now: datetime) -> str:
    """Return the token of a new link of somebody's. The earlier ones for the same end."""
    # The newest link is the only one: an older one must not open what somebody else has changed since.
    end_links(session, person_id=person_id, now=now, purpose=purpose)
    token = secrets.token_urlsafe(32)
    session.add(
        EmailedLink(
            token_hash=rules.token_hash(token),
            person_id=person_id,
            purpose=purpose,
            expires_at=now + rules.LINK_LASTS[purpose],
        )
    )
    return token


def use_link(session: Session, *, token: str, purpose: Purpose, now: datetime) -> Person:
    """
    Use a link, and return whose it is.

    :raises DeadLinkError: if it is used, old or unknown.
    """
    found = session.get(EmailedLink, rules.token_hash(token), with_for_update=True)
    if (
        found is None
        or found.purpose is not purpose
        or not rules.link_is_live(expires_at=found.expires_at, used_at=found.used_at, now=now)
    ):
        raise DeadLinkError("This link has been used or is too old. Ask for a new one.")
    found.used_at = now
    return session.get_one(Person, found.person_id)
