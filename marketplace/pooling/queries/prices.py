"""What does being in a pool cost? For plans that reckon with it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId
from marketplace.catalogue.models import Offer, Provider
from marketplace.kit.money import Money
from marketplace.pooling.models import Pool
from marketplace.pooling.rules.nouns import PoolStatus

_GOES_ON = frozenset(
    {
        PoolStatus.DRAFT,
        PoolStatus.OPEN,
        PoolStatus.TIPPING,
        PoolStatus.REPAIRING,
        PoolStatus.RECONSENT,
        PoolStatus.CONFIRMED,
        PoolStatus.RUNNING,
    }
)


@dataclass(frozen=True, slots=True)
class PoolPrice:
    """What one person in a pool pays for a unit. One that is over, or hidden, is not `is_there`."""

    title: str
    provider_name: str
    organisation_id: OrganisationId | None
    unit: str
    unit_price: Money | None
    is_there: bool


def pool_prices(session: Session, *, pool_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, PoolPrice]:
    """Return what some pools are called and cost, for whoever holds their ids. What is hidden has no name."""
    if not pool_ids:
        return {}
    rows = session.execute(
        select(
            Pool.id,
            Pool.title,
            Pool.unit,
            Pool.unit_price,
            Pool.status,
            Pool.held_at,
            Provider.name,
            Provider.organisation_id,
        )
        .join(Offer, Offer.id == Pool.offer_id, isouter=True)
        .join(Provider, Provider.id == Offer.provider_id, isouter=True)
        .where(Pool.id.in_(pool_ids))
    )
    return {
        row.id: PoolPrice(
            title=row.title if row.held_at is None else "A pool",
            provider_name=row.name or "",
            organisation_id=row.organisation_id,
            unit=row.unit.each if row.unit else "",
            unit_price=row.unit_price,
            is_there=row.status in _GOES_ON and row.held_at is None,
        )
        for row in rows
    }
