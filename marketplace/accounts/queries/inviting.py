"""Questions about invitations to act for a council."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Invitation, Person
from marketplace.accounts.rules import InvitationId, Permission, Viewer, invitation_id, token_hash
from marketplace.kit.places import CouncilCode


def open_ones(now: datetime) -> Select[Invitation]:
    """Return the question for invitations that still work."""
    return select(Invitation).where(
        Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > now
    )


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that still works, as an operator sees it."""

    id: InvitationId
    name: str
    email: str
    council: CouncilCode
    invited_at: datetime
    expires_at: datetime


def open_invitations(session: Session, *, viewer: Viewer, now: datetime) -> tuple[OpenInvitation, ...]:
    """Return the invitations that still work, to an operator. To anybody else there are none."""
    if not viewer.may(Permission.OPERATE):
        return ()
    rows = session.scalars(open_ones(now).order_by(Invitation.invited_at.desc(), Invitation.token_hash))
    return tuple(
        OpenInvitation(invitation_id(row.token_hash), row.name, row.email, row.council, row.invited_at, row.expires_at)
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Invited:
    """What whoever holds the link sees of their invitation."""

    name: str
    email: str
    council: CouncilCode
    has_account: bool
    is_viewers: bool


def invited_by(session: Session, *, token: str, viewer: Viewer, now: datetime) -> Invited | None:
    """Return the invitation that a link belongs to, or None if it does not work any more."""
    row = session.scalars(open_ones(now).where(Invitation.token_hash == token_hash(token))).one_or_none()
    if row is None:
        return None
    theirs = session.scalars(select(Person.id).where(Person.email == row.email)).one_or_none()
    return Invited(
        name=row.name,
        email=row.email,
        council=row.council,
        has_account=theirs is not None,
        is_viewers=theirs is not None and theirs == viewer.person_id,
    )
