"""Who lets whom do what for them? Answers are SQL filters, or plain frozen data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from marketplace.accounts.models import Delegation, DelegationScope, Organisation, Person, RoleGrant
from marketplace.accounts.rules import (
    ConsentState,
    DelegationId,
    OrganisationId,
    PersonId,
    Scope,
    Viewer,
    called,
    consent_state,
)
from marketplace.kit.days import day_of

_MOST_SHOWN = 50
_MOST_LIVE = 200
_TOLD_BEFORE = timedelta(days=7)


def delegated_to(viewer: Viewer, scope: Scope, *, on: date) -> Select[PersonId]:
    """Return, for use in `in_`, the people who let the viewer do this on a day: accepted, not ended, not run out."""
    return _live(scope, on=on).where(Delegation.receiver_id == viewer.person_id)


def own_or_delegated(
    person_id: InstrumentedAttribute[PersonId], viewer: Viewer, scope: Scope, *, on: date
) -> ColumnElement[bool]:
    """Return a filter: rows that are the viewer's own, or of somebody who lets them do this on a day."""
    return or_(person_id == viewer.person_id, person_id.in_(delegated_to(viewer, scope, on=on)))


def scopes_given(person_id: InstrumentedAttribute[PersonId], viewer: Viewer, *, on: date) -> ScalarSelect[str | None]:
    """Return a column: all that somebody lets the viewer do for them on a day. `scopes_in` reads it."""
    return (
        select(func.aggregate_strings(cast(DelegationScope.scope, String(40)), ","))
        .join(Delegation, Delegation.id == DelegationScope.delegation_id)
        .where(Delegation.giver_id == person_id, Delegation.receiver_id == viewer.person_id, _in_force(on))
        .scalar_subquery()
    )


def scopes_in(given: str | None) -> frozenset[Scope]:
    """Return what the column `scopes_given` says."""
    return frozenset(Scope(one) for one in given.split(",")) if given else frozenset()


def may_act_for(session: Session, *, by: PersonId, person_id: PersonId, scope: Scope, on: date) -> bool:
    """Test whether somebody may do this for a person on a day. For services that must know it afresh."""
    return by == person_id or bool(
        session.scalar(
            _live(scope, on=on).where(Delegation.receiver_id == by, Delegation.giver_id == person_id).limit(1)
        )
    )


def _live(scope: Scope, *, on: date) -> Select[PersonId]:
    return (
        select(Delegation.giver_id)
        .join(DelegationScope, DelegationScope.delegation_id == Delegation.id)
        .where(DelegationScope.scope == scope, _in_force(on))
    )


def _in_force(on: date) -> ColumnElement[bool]:
    """
    Return a filter: consent that was accepted, was not ended and has not run out.

    What an organisation was asked for, its people may do only while they speak for it.
    """
    still_speaks = exists().where(
        RoleGrant.person_id == Delegation.receiver_id, RoleGrant.organisation_id == Delegation.organisation_id
    )
    return and_(
        Delegation.accepted_at.is_not(None),
        Delegation.ended_at.is_(None),
        Delegation.ends_on >= on,
        or_(Delegation.organisation_id.is_(None), still_speaks),
    )


@dataclass(frozen=True, slots=True)
class Consent:
    """What one person lets another do, as either of the two sees it. `other` is the other one, as far as known."""

    id: DelegationId
    is_given: bool
    other: str
    scopes: tuple[Scope, ...]
    given_at: datetime
    accepted_at: datetime | None
    ends_on: date
    ended_at: datetime | None
    is_ended_by_viewer: bool
    state: ConsentState

    @property
    def is_open(self) -> bool:
        """Whether it is live, or waits to be."""
        return self.state in {ConsentState.LIVE, ConsentState.WAITING}


def consents_of(session: Session, *, viewer: Viewer, today: date) -> tuple[Consent, ...]:
    """
    Return what the viewer lets others do, and what others let (or would let) the viewer do, the newest first.

    An offer that waits is found by the viewer's own address. Two queries, however many there are.
    """
    giver, receiver, me = aliased(Person), aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            Delegation,
            giver.name.label("giver"),
            receiver.name.label("receiver"),
            Organisation.name.label("organisation"),
        )
        .join(giver, giver.id == Delegation.giver_id)
        .join(receiver, receiver.id == Delegation.receiver_id, isouter=True)
        .join(Organisation, Organisation.id == Delegation.organisation_id, isouter=True)
        .join(me, me.id == viewer.person_id)
        .where(
            or_(
                Delegation.giver_id == me.id,
                Delegation.receiver_id == me.id,
                and_(Delegation.receiver_id.is_(None), Delegation.email == me.email),
            )
        )
        .order_by(Delegation.given_at.desc(), Delegation.id)
        .limit(_MOST_SHOWN)
    ).all()
    scopes = _scopes(session, [row.Delegation.id for row in rows])
    return tuple(
        _consent(
            row.Delegation,
            (row.giver, row.receiver, row.organisation),
            scopes=scopes,
            viewer=viewer,
            today=today,
        )
        for row in rows
    )


def _scopes(session: Session, ids: list[DelegationId]) -> dict[DelegationId, tuple[Scope, ...]]:
    found: dict[DelegationId, tuple[Scope, ...]] = {}
    rows = session.execute(
        select(DelegationScope.delegation_id, DelegationScope.scope).where(DelegationScope.delegation_id.in_(ids))
    )
    for delegation_id, scope in rows:
        found[delegation_id] = (*found.get(delegation_id, ()), scope)
    return {
        delegation_id: tuple(scope for scope in Scope if scope in scopes) for delegation_id, scopes in found.items()
    }


def _consent(
    row: Delegation,
    names: tuple[str, str | None, str | None],
    *,
    scopes: Mapping[DelegationId, tuple[Scope, ...]],
    viewer: Viewer,
    today: date,
) -> Consent:
    is_given = row.giver_id == viewer.person_id
    giver, receiver, organisation = names
    # Whoever gave it knows the address they typed, and learns a name only once it is accepted. Whoever asked an
    # organisation typed none, and learns none.
    seen = f"{receiver} ({row.email})" if receiver else row.email
    if receiver and organisation:
        seen = called(receiver, of=organisation)
    return Consent(
        id=row.id,
        is_given=is_given,
        other=seen if is_given else giver,
        scopes=scopes[row.id],
        given_at=row.given_at,
        accepted_at=row.accepted_at,
        ends_on=row.ends_on,
        ended_at=row.ended_at,
        is_ended_by_viewer=row.ended_by == viewer.person_id,
        state=consent_state(
            is_accepted=row.accepted_at is not None,
            is_ended=row.ended_at is not None,
            ends_on=row.ends_on,
            today=today,
        ),
    )


def consents_waiting(session: Session, *, viewer: Viewer, today: date) -> int:
    """Return how many offers wait for the viewer's yes."""
    return session.scalars(
        select(func.count())
        .select_from(Delegation)
        .join(Person, Person.email == Delegation.email)
        .where(
            Person.id == viewer.person_id,
            Delegation.receiver_id.is_(None),
            Delegation.ended_at.is_(None),
            Delegation.ends_on >= today,
        )
    ).one()


def asked_to_help(session: Session, *, viewer: Viewer, today: date) -> tuple[str, ...]:
    """Return the addresses to which the viewer wrote, and that have not said yes yet, the newest first."""
    return tuple(
        session.scalars(
            select(Delegation.email)
            .where(
                Delegation.giver_id == viewer.person_id,
                Delegation.accepted_at.is_(None),
                Delegation.ended_at.is_(None),
                Delegation.ends_on >= today,
            )
            .order_by(Delegation.given_at.desc(), Delegation.id)
        )
    )


@dataclass(frozen=True, slots=True)
class LiveConsent:
    """What is allowed between two people now. `name` is the other one; `organisation` is whose person a helper is."""

    id: DelegationId
    person_id: PersonId
    name: str
    organisation_id: OrganisationId | None
    organisation: str | None
    scopes: tuple[Scope, ...]
    since: datetime
    ends_on: date

    @property
    def called(self) -> str:
        """What pages call them, with whose person they are."""
        return called(self.name, of=self.organisation)


def who_may_help(session: Session, *, viewer: Viewer, on: date) -> tuple[LiveConsent, ...]:
    """Return who may do something for the viewer on a day, by name."""
    return _live_ones(session, Delegation.giver_id == viewer.person_id, other=Delegation.receiver_id, on=on)


def people_helped(session: Session, *, viewer: Viewer, on: date) -> tuple[LiveConsent, ...]:
    """Return who lets the viewer do something on a day, by name: nobody who has not consented is ever found."""
    return _live_ones(session, Delegation.receiver_id == viewer.person_id, other=Delegation.giver_id, on=on)


def _live_ones(
    session: Session, whose: ColumnElement[bool], *, other: InstrumentedAttribute[Any], on: date
) -> tuple[LiveConsent, ...]:
    rows = session.execute(
        select(Delegation, Person.name.label("name"), Organisation.name.label("organisation"))
        .join(Person, Person.id == other)
        .join(Organisation, Organisation.id == Delegation.organisation_id, isouter=True)
        .where(whose, _in_force(on))
        .order_by(func.lower(Person.name), Delegation.given_at, Delegation.id)
        .limit(_MOST_LIVE)
    ).all()
    scopes = _scopes(session, [row.Delegation.id for row in rows])
    return tuple(
        LiveConsent(
            id=row.Delegation.id,
            person_id=getattr(row.Delegation, other.key),
            name=row.name,
            organisation_id=row.Delegation.organisation_id,
            organisation=row.organisation,
            scopes=tuple(scope for scope in Scope if scope in scopes[row.Delegation.id]),
            since=row.Delegation.accepted_at,
            ends_on=row.Delegation.ends_on,
        )
        for row in rows
    )


def consents_running_out(session: Session, *, now: datetime) -> Sequence[DelegationId]:
    """Return the live consents that run out within a week, had more than that to run, and of which nobody was told."""
    today = day_of(now)
    return session.scalars(
        select(Delegation.id)
        .where(
            Delegation.accepted_at.is_not(None),
            Delegation.ended_at.is_(None),
            Delegation.told_at.is_(None),
            Delegation.ends_on.between(today, today + _TOLD_BEFORE),
            Delegation.given_at < now - _TOLD_BEFORE,
        )
        .order_by(Delegation.ends_on, Delegation.id)
    ).all()


def may_help(session: Session, *, person_id: PersonId, helper_id: PersonId, on: date) -> bool:
    """Test whether a person lets somebody do anything at all for them on a day. For services that must know afresh."""
    return bool(
        session.scalar(
            select(Delegation.id)
            .where(Delegation.giver_id == person_id, Delegation.receiver_id == helper_id, _in_force(on))
            .limit(1)
        )
    )
