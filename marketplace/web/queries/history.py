"""What happened with somebody's account, their money, their consent? For them alone; and, by row, for operators."""

import enum
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Delegation, Person, RoleGrant
from marketplace.accounts.rules import TRUSTED_ROLES, Permission, PersonId, Role, Viewer
from marketplace.kit.audit import AuditEvent
from marketplace.kit.pages import Slice
from marketplace.kit.sentences import one_word
from marketplace.web.rules.history import phrase

ON_A_PAGE = 30
_MOST_LISTED = 500
_SPEAKS = frozenset({Role.PROVIDER, Role.USER_LED_ORGANISATION})


class Show(enum.StrEnum):
    """Which part of it."""

    ALL = "all"
    OTHERS = "others"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Happened:
    """One line: when, who (a name or a role, never more than the reader may know), and what they did."""

    at: datetime
    who: str
    did: str


@dataclass(frozen=True, slots=True)
class Done:
    """One line as operators see it: numbers and verbs, nobody's name and nobody's words."""

    at: datetime
    by: uuid.UUID | None
    did: str
    kind: str
    row_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class History:
    """One page of what happened, the newest first."""

    lines: tuple[Happened, ...]
    slice: Slice


def what_happened(session: Session, *, viewer: Viewer, show: Show = Show.ALL, page: int = 1) -> History:
    """Return what the viewer did, and what was done that concerns them."""
    mine, about = AuditEvent.by_person_id == viewer.person_id, AuditEvent.about_person_id == viewer.person_id
    of_others = and_(about, or_(AuditEvent.by_person_id.is_(None), AuditEvent.by_person_id != viewer.person_id))
    wanted = {Show.ALL: or_(mine, about), Show.MINE: mine, Show.OTHERS: of_others}[show]
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(wanted)) or 0
    part = Slice.within(total=total, size=ON_A_PAGE, page=page)
    events = session.scalars(
        select(AuditEvent)
        .where(wanted)
        .order_by(AuditEvent.at.desc(), AuditEvent.id)
        .limit(part.size)
        .offset(part.offset)
    ).all()
    others = {event.by_person_id for event in events} - {None, viewer.person_id}
    called = _what_to_call(session, {PersonId(one) for one in others if one}, viewer=viewer)
    lines = tuple(
        Happened(
            event.at,
            _who(event.by_person_id, viewer=viewer, called=called),
            phrase(did=event.did, to_kind=event.to_kind),
        )
        for event in events
    )
    return History(lines, part)


def done_to(session: Session, *, viewer: Viewer, row_id: uuid.UUID) -> tuple[Done, ...]:
    """Return everything that was done to one row, or by or about one person, for those who run the site."""
    if not viewer.may(Permission.OPERATE):
        return ()
    events = session.scalars(
        select(AuditEvent)
        .where(
            or_(
                AuditEvent.to_id == row_id,
                AuditEvent.by_person_id == row_id,
                AuditEvent.about_person_id == row_id,
            )
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id)
        .limit(_MOST_LISTED)
    )
    return tuple(
        Done(one.at, one.by_person_id, phrase(did=one.did, to_kind=one.to_kind), one.to_kind, one.to_id)
        for one in events
    )


def _who(by: uuid.UUID | None, *, viewer: Viewer, called: Mapping[PersonId, str]) -> str:
    if by is None:
        return "The site, by itself,"
    return one_word("You") if by == viewer.person_id else called.get(PersonId(by), "Somebody else")


def _what_to_call(session: Session, others: set[PersonId], *, viewer: Viewer) -> dict[PersonId, str]:
    """Return a name for those whom consent joins to the viewer, and a role for everybody else: they are not told."""
    if not others:
        return {}
    roles: dict[PersonId, str] = {}
    for person_id, role in session.execute(
        select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(others)).order_by(RoleGrant.id)
    ):
        if role in TRUSTED_ROLES:
            roles[person_id] = "Somebody who looks after the site"
        elif role in _SPEAKS:
            roles.setdefault(person_id, "Somebody who speaks for a provider")
    joined = select(Delegation.receiver_id).where(Delegation.giver_id == viewer.person_id)
    joined_back = select(Delegation.giver_id).where(
        Delegation.receiver_id == viewer.person_id, Delegation.accepted_at.is_not(None)
    )
    names = session.execute(
        select(Person.id, Person.name).where(
            Person.id.in_(others), or_(Person.id.in_(joined), Person.id.in_(joined_back))
        )
    )
    return roles | {person_id: name for person_id, name in names}
