"""Inviting somebody by name to act for a council, and what becomes of an invitation."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import rules
from marketplace.accounts.models import Invitation, Person, RoleGrant
from marketplace.accounts.queries import inviting as queries
from marketplace.accounts.rules import InvitationId, PersonId, Role, invitation_id
from marketplace.accounts.services.accounts import (
    Address,
    RoleAlreadyHeldError,
    add_person,
    grant_role,
)
from marketplace.accounts.services.hashing import refuse_weak
from marketplace.kit import audit, outbox
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.places import CouncilCode
from marketplace.kit.sentences import worded


class DeadInvitationError(NotFoundError):
    """Used, taken back, too old, or never sent."""


class MayNotBeInvitedError(WrongAnswerError):
    """Whoever has this address does something here that goes ill with reading demand."""

    field = "email"


class AccountNeededError(DomainError):
    """The invited address has an account: its owner signs in to accept."""


@dataclass(frozen=True, slots=True)
class InvitedFor:
    """The council somebody is invited to act for."""

    code: CouncilCode
    name: str


def invite_commissioner(
    session: Session, *, name: str, email: str, council: InvitedFor, by: PersonId, link: Address, now: datetime
) -> None:
    """
    Email somebody an invitation to read what people in one council's area look for. It works once, for a week.

    An earlier invitation to the same address ends.

    :raises MayNotBeInvitedError: if they are a commissioner already, or sell, moderate or run the site.
    """
    email = rules.normal_email(email)
    roles = _roles_at(session, email)
    if Role.COMMISSIONER in roles:
        raise MayNotBeInvitedError("This person is a commissioner already. One account reads for one council.")
    if not rules.may_be_commissioner(roles):
        raise MayNotBeInvitedError(
            "Somebody with this address does something else here. A commissioner needs an account of their own."
        )
    for earlier in session.scalars(queries.open_ones(now).where(Invitation.email == email).with_for_update()):
        earlier.withdrawn_at = now
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_hash=rules.token_hash(token),
        email=email,
        name=name,
        council=council.code,
        invited_by=by,
        invited_at=now,
        expires_at=now + rules.INVITATION_LASTS,
    )
    session.add(invitation)
    _record(session, invitation, did="invited a commissioner", by=by, now=now)
    outbox.send(
        session,
        to=email,
        subject=worded("Read what people in {name} look for", name=council.name),
        body=worded(
            "Hello {name},\n\nYou are invited to read what people in {name_2} buy, look for and cannot find, "
            "in round numbers. Open this link to begin:\n{link}\n\n"
            "It works once, for a week, and only for you: please do not pass it on. You will need a phone, tablet or "
            "computer with an app that makes codes.\n\nIf you do not know why you are asked, you need do nothing.",
            name=name,
            name_2=council.name,
            link=link(token),
        ),
        now=now,
    )


def withdraw_invitation(session: Session, *, invitation_id: InvitationId, by: PersonId, now: datetime) -> None:
    """
    Take an invitation back, so that its link opens nothing.

    :raises DeadInvitationError: if it was used, taken back before, or is too old.
    """
    wanted = queries.open_ones(now).where(Invitation.token_hash.startswith(invitation_id.hex, autoescape=True))
    invitation = session.scalars(wanted.with_for_update()).one_or_none()
    if invitation is None:
        raise DeadInvitationError("This invitation has been used or taken back, or is too old.")
    invitation.withdrawn_at = now
    _record(session, invitation, did="took an invitation back", by=by, now=now)


def accept_with_new_account(session: Session, *, token: str, name: str, password: str, now: datetime) -> PersonId:
    """
    Open an account for whoever was invited, and let it read for the council; return whose it is.

    The letter shows that the address is theirs.

    :raises DeadInvitationError: if the invitation does not work any more.
    :raises WeakPasswordError: if the password is too easy to guess.
    :raises AccountNeededError: if there is an account with that address.
    """
    invitation = _use(session, token=token, now=now)
    if _person_at(session, invitation.email) is not None:
        raise AccountNeededError("You have an account with that address. Sign in, and open the link again.")
    refuse_weak(password, email=invitation.email, name=name)
    person_id = add_person(
        session,
        email=invitation.email,
        name=name,
        password=password,
        confirmed=True,
        role=Role.COMMISSIONER,
        council=invitation.council,
        now=now,
    )
    _record(session, invitation, did="accepted an invitation", by=person_id, now=now)
    return person_id


def accept_as(session: Session, *, token: str, person_id: PersonId, now: datetime) -> None:
    """
    Let an account that was there before read for the council.

    :raises DeadInvitationError: if the invitation does not work any more, or is another person's.
    :raises MayNotBeInvitedError: if they have come to do something that goes ill with it.
    """
    invitation = _use(session, token=token, now=now)
    person = session.get_one(Person, person_id)
    if person.email != invitation.email:
        raise DeadInvitationError("This invitation is for somebody else.")
    if not rules.may_be_commissioner(_roles_at(session, invitation.email)):
        raise MayNotBeInvitedError("You do something else here. A commissioner needs an account of their own.")
    try:
        grant_role(
            session, person_id=person_id, role=Role.COMMISSIONER, council=invitation.council, by=person_id, now=now
        )
    except RoleAlreadyHeldError as error:
        raise MayNotBeInvitedError("You are a commissioner already. One account reads for one council.") from error
    _record(session, invitation, did="accepted an invitation", by=person_id, now=now)


def _use(session: Session, *, token: str, now: datetime) -> Invitation:
    wanted = queries.open_ones(now).where(Invitation.token_hash == rules.token_hash(token))
    invitation = session.scalars(wanted.with_for_update()).one_or_none()
    if invitation is None:
        raise DeadInvitationError(
            "This invitation has been used or taken back, or is too old. Ask whoever invited you for a new one."
        )
    invitation.used_at = now
    return invitation


def _roles_at(session: Session, email: str) -> frozenset[Role]:
    return frozenset(
        session.scalars(
            select(RoleGrant.role).join(Person, Person.id == RoleGrant.person_id).where(Person.email == email)
        )
    )


def _person_at(session: Session, email: str) -> PersonId | None:
    return session.scalars(select(Person.id).where(Person.email == email)).one_or_none()


def _record(session: Session, invitation: Invitation, *, did: str, by: PersonId, now: datetime) -> None:
    audit.record(session, by=by, did=did, to_kind="invitation", to_id=invitation_id(invitation.token_hash), now=now)
