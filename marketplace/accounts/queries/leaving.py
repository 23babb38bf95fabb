"""What keeps somebody from closing their account? Answers are plain frozen data, for the person themselves."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import TRUSTED_ROLES, OrganisationId, PersonId, Viewer


@dataclass(frozen=True, slots=True)
class StillOpen:
    """One thing that must end before somebody's account can: of what kind, how it is called, and where it is."""

    kind: str
    title: str
    row_id: uuid.UUID | None = None


def roles_to_give_back(session: Session, *, viewer: Viewer) -> tuple[StillOpen, ...]:
    """Return the roles that only an operator takes away: whoever holds one is relied on by others."""
    held = session.scalars(
        select(RoleGrant.role)
        .where(RoleGrant.person_id == viewer.person_id, RoleGrant.role.in_(TRUSTED_ROLES))
        .order_by(RoleGrant.role)
    )
    return tuple(StillOpen("role", role.value.replace("_", " ")) for role in held)


def only_speaker_for(session: Session, *, person_id: PersonId | None) -> list[OrganisationId]:
    """Return the organisations for which nobody but this person speaks."""
    theirs = select(RoleGrant.organisation_id).where(RoleGrant.person_id == person_id)
    speakers = func.count(RoleGrant.person_id.distinct())
    return [
        organisation_id
        for organisation_id in session.scalars(
            select(RoleGrant.organisation_id)
            .where(RoleGrant.organisation_id.in_(theirs))
            .group_by(RoleGrant.organisation_id)
            .having(speakers == 1)
            .order_by(RoleGrant.organisation_id)
        )
        if organisation_id is not None
    ]
