"""Questions about accounts. Answers are plain frozen data, ready to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation, Passkey, Person, RoleGrant, SecondFactor
from marketplace.accounts.rules import PERMISSIONS, TRUSTED_ROLES, OrganisationId, Permission, PersonId, Role, Viewer
from marketplace.kit.places import CouncilCode


def viewer_with_id(session: Session, *, person_id: PersonId, stamp: str) -> Viewer | None:
    """Return who is signed in, or None if they are gone or their password has changed since. One query."""
    rows = session.execute(
        select(
            Person.name,
            RoleGrant.role,
            RoleGrant.organisation_id,
            RoleGrant.council,
            Organisation.name.label("organisation"),
        )
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(Person.id == person_id, Person.session_stamp == stamp)
    ).all()
    return viewer_of_rows(person_id, rows) if rows else None


def viewer_of_rows(person_id: PersonId, rows: Sequence[Any]) -> Viewer:
    """Return a viewer from the rows of their roles, each with their name."""
    return Viewer(
        person_id=person_id,
        name=rows[0].name,
        roles=frozenset(row.role for row in rows),
        organisations=frozenset(row.organisation_id for row in rows if row.organisation_id),
        speaks_as=tuple(sorted({row.organisation for row in rows if row.organisation})),
        council=next((row.council for row in rows if row.council), None),
    )


def session_stamp(session: Session, *, person_id: PersonId) -> str:
    """Return the stamp a new browser session carries."""
    return session.scalars(select(Person.session_stamp).where(Person.id == person_id)).one()


@dataclass(frozen=True, slots=True)
class MyAccount:
    """What a person sees of their own account."""

    email: str
    name: str
    council: CouncilCode | None
    # In the figures that councils get.
    is_counted: bool
    roles: tuple[Role, ...]
    organisations: tuple[str, ...]


def my_account(session: Session, *, viewer: Viewer) -> MyAccount | None:
    """Return the viewer's own account, and nobody else's."""
    person = session.execute(
        select(Person.email, Person.name, Person.council, Person.is_counted).where(Person.id == viewer.person_id)
    ).one_or_none()
    if person is None:
        return None
    organisations = session.scalars(
        select(Organisation.name).where(Organisation.id.in_(viewer.organisations)).order_by(Organisation.name)
    ).all()
    return MyAccount(
        email=person.email,
        name=person.name,
        council=person.council,
        is_counted=person.is_counted,
        roles=tuple(sorted(viewer.roles)),
        organisations=tuple(organisations),
    )


def council_of(session: Session, *, person_id: PersonId) -> CouncilCode | None:
    """Return the council a person lives in, if they told us. For services that count demand."""
    return session.scalars(select(Person.council).where(Person.id == person_id)).one_or_none()


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where to write to somebody."""

    email: str
    name: str


def addressee(session: Session, *, person_id: PersonId) -> Addressee:
    """Return where to write to a person. For services that send letters, never for pages."""
    row = session.execute(select(Person.email, Person.name).where(Person.id == person_id)).one()
    return Addressee(email=row.email, name=row.name)


def addressees_for(session: Session, *, organisation_id: OrganisationId) -> tuple[Addressee, ...]:
    """Return where to write to the people who speak for an organisation. For services that send letters."""
    rows = session.execute(
        select(Person.email, Person.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.organisation_id == organisation_id)
        .order_by(Person.email)
    )
    return tuple(Addressee(email=row.email, name=row.name) for row in rows)


def people_who_may(session: Session, permission: Permission) -> tuple[PersonId, ...]:
    """Return whom some role allows something. For services that write to all of them."""
    roles = [role for role, allowed in PERMISSIONS.items() if permission in allowed]
    return tuple(
        session.scalars(
            select(RoleGrant.person_id).where(RoleGrant.role.in_(roles)).distinct().order_by(RoleGrant.person_id)
        )
    )


def speaks_for(session: Session, *, person_id: PersonId, organisation_id: OrganisationId | None) -> bool:
    """Test whether a person speaks for an organisation. For services that must know it afresh."""
    return organisation_id is not None and bool(
        session.scalar(
            select(RoleGrant.id)
            .where(RoleGrant.person_id == person_id, RoleGrant.organisation_id == organisation_id)
            .limit(1)
        )
    )


@dataclass(frozen=True, slots=True)
class Trusted:
    """Somebody trusted with more than their own affairs."""

    grant_id: int
    name: str
    email: str
    role: Role
    council: CouncilCode | None
    has_phone: bool
    """Whether a phone makes codes for them, or a device holds a passkey."""


def trusted_people(session: Session, *, viewer: Viewer) -> tuple[Trusted, ...]:
    """Return moderators, checkers, commissioners and operators, to an operator. To anybody else there are none."""
    if not viewer.may(Permission.OPERATE):
        return ()
    has_proof = or_(
        *(exists().where(proof.person_id == RoleGrant.person_id) for proof in (SecondFactor, Passkey))
    ).label("has_proof")
    rows = session.execute(
        select(RoleGrant.id, Person.name, Person.email, RoleGrant.role, RoleGrant.council, has_proof)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role.in_(TRUSTED_ROLES))
        .order_by(RoleGrant.role, Person.email)
    )
    return tuple(Trusted(row.id, row.name, row.email, row.role, row.council, has_phone=row.has_proof) for row in rows)
