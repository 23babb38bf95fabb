"""Questions about visits that pools have together, for services of pooling that act for a whole pool."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.rules import Rate, Unit
from marketplace.kit.money import Money
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.queries.invoices import TermsOfVisits
from marketplace.purchasing.queries.terms import ask_for_terms
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind, VisitId, VisitStatus
from marketplace.purchasing.rules.visits import price_of_time


@dataclass(frozen=True, slots=True)
class InPool:
    """The arrangement that one person has from a pool."""

    arrangement_id: ArrangementId
    person_id: PersonId
    organisation_id: OrganisationId
    status: ArrangementStatus
    kind: ArrangementKind
    unit: Unit | None
    begins_on: date
    # What their part of a visit of this length comes to by their own terms.
    alone: Money


@dataclass(frozen=True, slots=True)
class ShareOfVisit:
    """How far one person's share of a visit has come."""

    visit_id: VisitId
    arrangement_id: ArrangementId
    person_id: PersonId
    shared_key: uuid.UUID
    status: VisitStatus
    amount: Money
    query: str


def arrangements_of_pool(session: Session, *, pool_key: uuid.UUID, held_on: date, minutes: int) -> tuple[InPool, ...]:
    """Return the arrangements from a pool, with what a visit on a day would cost each. In a stable order."""
    rows = session.scalars(
        select(Arrangement).where(Arrangement.pool_key == pool_key).order_by(Arrangement.asked_at, Arrangement.id)
    ).all()
    ask_for_terms(session, rows)
    return tuple(_in_pool(session, it, held_on=held_on, minutes=minutes) for it in rows)


def shares_of_visits(session: Session, *, shared_keys: Collection[uuid.UUID]) -> tuple[ShareOfVisit, ...]:
    """Return the shares of some visits that still stand: not those that were called off."""
    rows = session.execute(
        select(Visit, Arrangement.person_id)
        .join(Arrangement, Arrangement.id == Visit.arrangement_id)
        .where(Visit.shared_key.in_(shared_keys), Visit.status != VisitStatus.CANCELLED)
        .order_by(Visit.shared_key, Arrangement.asked_at, Arrangement.id)
    )
    return tuple(
        ShareOfVisit(
            visit_id=visit.id,
            arrangement_id=visit.arrangement_id,
            person_id=person_id,
            shared_key=visit.shared_key,
            status=visit.status,
            amount=visit.amount,
            query=visit.query,
        )
        for visit, person_id in rows
        if visit.shared_key is not None
    )


def _in_pool(session: Session, it: Arrangement, *, held_on: date, minutes: int) -> InPool:
    held = TermsOfVisits(session, it)
    return InPool(
        arrangement_id=it.id,
        person_id=it.person_id,
        organisation_id=it.organisation_id,
        status=it.status,
        kind=it.kind,
        unit=it.unit,
        begins_on=held.begins_on,
        alone=price_of_time(held.on(held_on), minutes=minutes, rate=Rate.STANDARD),
    )
