"""Is it the same? Finds the offer we already have for an entry of a list, and remembers who else lists an offer."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import AlsoListed, Offer, Sighting
from marketplace.catalogue.rules import OfferId, OfferStatus, UniversalService
from marketplace.catalogue.rules.published import known_name
from marketplace.kit.places import postcode_in


def offer_also_listed(session: Session, *, service: UniversalService, now: datetime) -> OfferId | None:
    """
    Return the offer that an entry of a list is, if we have it from somebody else, and note who lists it as well.

    The same is what has the same name at the same whole postcode, or our own id. Once found to be the same it stays
    so: a name that is changed in one place makes no second offer. What was taken down stays down, whoever lists it.
    """
    noted = session.scalars(
        select(AlsoListed).where(AlsoListed.source == service.source, AlsoListed.source_key == service.source_key)
    ).one_or_none()
    if noted is not None:
        noted.seen_at = now
        return noted.offer_id
    twin = _twin(session, service)
    if twin is not None:
        session.add(AlsoListed(offer_id=twin, source=service.source, source_key=service.source_key, seen_at=now))
        session.flush()
    return twin


def note_sighting(session: Session, *, offer_id: OfferId, now: datetime) -> None:
    """Note that an offer is still in the list it came from."""
    seen = session.get(Sighting, offer_id)
    if seen is None:
        session.add(Sighting(offer_id=offer_id, seen_at=now))
    else:
        seen.seen_at = now


def _twin(session: Session, service: UniversalService) -> OfferId | None:
    if known_as := _id_in(service.source_key):
        ours = session.scalar(select(Offer.id).where(Offer.id == known_as, Offer.status != OfferStatus.DRAFT))
        if ours is not None:
            return ours
    # Half a postcode holds many gardeners.
    if not service.postcode or postcode_in(service.postcode) is None:
        return None
    there = session.execute(
        select(Offer.id, Offer.title)
        .where(Offer.postcode == service.postcode, Offer.status != OfferStatus.DRAFT)
        .where(Offer.source.is_(None) | (Offer.source != service.source))
        .order_by(Offer.created_at, Offer.id)
    )
    name = known_name(service.title)
    return next((row.id for row in there if name and known_name(row.title) == name), None)


def _id_in(source_key: str) -> OfferId | None:
    try:
        return OfferId(uuid.UUID(source_key))
    except ValueError:
        return None
