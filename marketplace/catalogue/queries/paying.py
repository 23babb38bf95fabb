"""Which money does an offer take?"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import OfferPayment
from marketplace.catalogue.rules import OfferId, WayToPay


def ways_taken(session: Session, *, offer_ids: Collection[OfferId]) -> dict[OfferId, frozenset[WayToPay]]:
    """Return what each of some offers takes payment from. Those that do not say are left out. One query."""
    if not offer_ids:
        return {}
    rows = session.execute(
        select(OfferPayment.offer_id, OfferPayment.way).where(OfferPayment.offer_id.in_(set(offer_ids)))
    )
    found: dict[OfferId, set[WayToPay]] = {}
    for offer_id, way in rows:
        found.setdefault(offer_id, set()).add(way)
    return {offer_id: frozenset(ways) for offer_id, ways in found.items()}
