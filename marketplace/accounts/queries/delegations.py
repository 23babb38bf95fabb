"""Who lets whom do what for them? Answers are SQL filters, or plain frozen data."""

from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.models import Delegation, DelegationScope
from marketplace.accounts.rules import PersonId, Scope, Viewer


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
