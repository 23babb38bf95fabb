"""Which pools are getting ready, and what do jobs do for them? For jobs: no viewer, nothing is shown."""

from datetime import datetime

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.models import Offer, Provider
from marketplace.kit.days import day_of
from marketplace.payments.queries.for_pools import standings
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules.nouns import PledgePart, PoolId, PoolStatus
from marketplace.pooling.rules.pools import GOES_AHEAD, SETTLING
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus, InvoiceId
from marketplace.purchasing.rules.nouns import PayBy

_MAY_CHARGE = (PoolStatus.TIPPING, PoolStatus.REPAIRING)


def pools_getting_ready(session: Session) -> tuple[PoolId, ...]:
    """Return the pools that have closed and are not certain yet, those that wait longest first."""
    found = select(Pool.id).where(Pool.status.in_(SETTLING)).order_by(Pool.closed_at, Pool.id)
    return tuple(session.scalars(found))


def invoices_to_charge(session: Session, *, pool_id: PoolId) -> tuple[InvoiceId, ...]:
    """Return the invoices of a pool that is getting ready for which a saved card is to be charged now."""
    arranged = session.scalars(_paid_by_card(pool_id)).all()
    found = standings(session, arrangement_ids=arranged)
    return tuple(invoice_id for arrangement_id in arranged for invoice_id in found[arrangement_id].to_charge)


def my_refused_invoices(session: Session, *, pool_id: PoolId, by: PersonId) -> tuple[InvoiceId, ...]:
    """Return the invoices for which somebody's own card was refused while their pool gets ready."""
    mine = session.scalars(_paid_by_card(pool_id).where(Pledge.person_id == by)).all()
    found = standings(session, arrangement_ids=mine)
    return tuple(invoice_id for arrangement_id in mine for invoice_id in found[arrangement_id].refused)


def _paid_by_card(pool_id: PoolId) -> Select[ArrangementId]:
    """Return the arrangements that wait for a pool which may charge cards now."""
    return (
        select(Arrangement.id)
        .join(Pledge, Pledge.arrangement_id == Arrangement.id)
        .join(Pool, Pool.id == Pledge.pool_id)
        .where(
            Pool.id == pool_id,
            Pool.status.in_(_MAY_CHARGE),
            Pledge.part == PledgePart.INCLUDED,
            Pledge.pay_by == PayBy.CARD,
            Arrangement.waits_for_pool.is_(True),
            Arrangement.status == ArrangementStatus.ACCEPTED,
        )
        .order_by(Arrangement.id)
    )


def pools_to_look_after(session: Session, *, now: datetime) -> tuple[PoolId, ...]:
    """Return the pools that go ahead and of which something is not written down: begun, left by somebody, or over."""
    over = exists().where(
        Pledge.pool_id == Pool.id,
        Pledge.part == PledgePart.KEPT,
        Pledge.withdrawn_at.is_(None),
        Arrangement.id == Pledge.arrangement_id,
        Arrangement.status == ArrangementStatus.CANCELLED,
    )
    going_on = exists().where(
        Pledge.pool_id == Pool.id,
        Pledge.part == PledgePart.KEPT,
        Arrangement.id == Pledge.arrangement_id,
        Arrangement.status == ArrangementStatus.ACCEPTED,
    )
    begins = (Pool.status == PoolStatus.CONFIRMED) & (Pool.starts_on <= day_of(now))
    found = select(Pool.id).where(Pool.status.in_(GOES_AHEAD), or_(begins, over, ~going_on)).order_by(Pool.id)
    return tuple(session.scalars(found))


def kept_pledges(session: Session, *, pool_id: PoolId) -> list[tuple[Pledge, ArrangementStatus]]:
    """Return the pledges a pool is made of and nobody has left since, each with where its arrangement stands."""
    rows = session.execute(
        select(Pledge, Arrangement.status)
        .join(Arrangement, Arrangement.id == Pledge.arrangement_id)
        .where(Pledge.pool_id == pool_id, Pledge.part == PledgePart.KEPT, Pledge.withdrawn_at.is_(None))
        .order_by(Pledge.pledged_at, Pledge.id)
    )
    return [(row[0], row[1]) for row in rows]


def who_provides(session: Session, *, pool: Pool) -> OrganisationId | None:
    """Return who provides what a pool is on, or None if nobody here does."""
    provider = select(Provider.organisation_id).join(Offer, Offer.provider_id == Provider.id)
    return session.scalar(provider.where(Offer.id == pool.offer_id))
