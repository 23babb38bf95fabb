"""Who offers what, where, and with how much room? One line for each provider and category."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import Capacity, CategorySlug, OfferStatus, ProviderId
from marketplace.kit.places import CouncilCode

_AT_ONCE = 2_000
_MOST_ROOM = (Capacity.SPACE_NOW, Capacity.WAITING_LIST, Capacity.FULL)


@dataclass(frozen=True, slots=True)
class Supply:
    """
    What one provider offers in one category.

    `council` is where the provider is, and where their offers are if that is not known: those who travel count where
    they set out. `capacity` is the most room that any of the offers has, `confirmed_at` when the least recently
    confirmed was.
    """

    provider_id: ProviderId
    category: CategorySlug
    council: CouncilCode
    capacity: Capacity | None
    confirmed_at: datetime


def supplies(session: Session) -> Iterator[Supply]:
    """Yield what is offered now, ordered by provider: live offers of which it is known where they are."""
    room = case({capacity: place for place, capacity in enumerate(_MOST_ROOM)}, value=Offer.capacity)
    where = func.coalesce(Provider.council, func.min(Offer.council))
    rows = session.execute(
        select(Offer.provider_id, Offer.category, where, func.min(room), func.min(Offer.confirmed_at))
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Offer.status == OfferStatus.LIVE)
        .group_by(Offer.provider_id, Offer.category, Provider.council)
        .order_by(Offer.provider_id, Offer.category),
        execution_options={"yield_per": _AT_ONCE},
    )
    for provider_id, category, council, place, confirmed_at in rows:
        if council is not None:
            capacity = None if place is None else _MOST_ROOM[place]
            yield Supply(provider_id, category, CouncilCode(council), capacity, confirmed_at)
