"""Who lets whom do what for them? Answers are SQL filters, or plain frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from marketplace.accounts.models import Delegation, DelegationScope, Person
from marketplace.accounts.rules import ConsentState, DelegationId, PersonId, Scope, Viewer, consent_state

_MOST_SHOWN = 50


def delegated_to(viewer: Viewer, scope: Scope, *, on: date) -> Select[PersonId]:
    """Return, for use in `in_`, the people who let the viewer do this on a day: accepted, not ended, not run out."""
    return _live(scope, on=on).where(Delegation.receiver_id == viewer.person_id)


def own_or_delegated(
    person_id: InstrumentedAttribute[PersonId], viewer: Viewer, scope: Scope, *, on: date
) -> ColumnElement[bool]:
    """Return a filter: rows that are the viewer's own, or of somebody who lets them do this on a day."""
    return or_(person_id == viewer.person_id, person_id.in_(delegated_to(viewer, scope, on=on)))


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
        .where(
            DelegationScope.scope == scope,
            Delegation.accepted_at.is_not(None),
            Delegation.ended_at.is_(None),
            Delegation.ends_on >= on,
        )
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
        select(Delegation, giver.name.label("giver"), receiver.name.label("receiver"))
        .join(giver, giver.id == Delegation.giver_id)
        .join(receiver, receiver.id == Delegation.receiver_id, isouter=True)
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
        _consent(row.Delegation, (row.giver, row.receiver), scopes=scopes, viewer=viewer, today=today) for row in rows
    )


def _scopes(session: Session, ids: list[DelegationId]) -> dict[DelegationId, tuple[Scope, ...]]:
    found: dict[DelegationId, tuple[Scope, ...]] = {}
    rows = session.execute(
        select(DelegationScope.delegation_id, DelegationScope.scope).where(DelegationScope.delegation_id.in_(ids))
    )
    for delegation_id, scope in rows:
        found[delegation_id] = (*found.get(delegation_id, ()), scope)
    return {delegation_id: tuple(sorted(scopes, reverse=True)) for delegation_id, scopes in found.items()}


def _consent(
    row: Delegation,
    names: tuple[str, str | None],
    *,
    scopes: Mapping[DelegationId, tuple[Scope, ...]],
    viewer: Viewer,
    today: date,
) -> Consent:
    is_given = row.giver_id == viewer.person_id
    giver, receiver = names
    # Whoever gave it knows the address they typed, and learns a name only once it is accepted.
    seen = f"{receiver} ({row.email})" if receiver else row.email
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
