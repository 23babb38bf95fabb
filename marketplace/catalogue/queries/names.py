"""What are some offers and providers called?"""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferStatus


def offer_titles(session: Session, *, offer_ids: Sequence[uuid.UUID], viewer: Viewer) -> dict[uuid.UUID, str]:
    """Return what some offers are called, in one query. For moderators; anybody else gets none."""
    if not viewer.may(Permission.MODERATE):
        return {}
    rows = session.execute(select(Offer.id, Offer.title).where(Offer.id.in_(offer_ids)))
    return {row.id: row.title for row in rows}


def provider_names(session: Session, *, provider_ids: Sequence[uuid.UUID], viewer: Viewer) -> dict[uuid.UUID, str]:
    """Return what some providers are called, in one query. For moderators; anybody else gets none."""
    if not viewer.may(Permission.MODERATE):
        return {}
    rows = session.execute(select(Provider.id, Provider.name).where(Provider.id.in_(provider_ids)))
    return {row.id: row.name for row in rows}


def live_titles(session: Session, *, offer_ids: Sequence[uuid.UUID]) -> list[str]:
    """Return the titles of those offers that are live, each title once, in order of the alphabet."""
    if not offer_ids:
        return []
    live = select(Offer.title).where(Offer.id.in_(offer_ids), Offer.status == OfferStatus.LIVE)
    return sorted(set(session.scalars(live)))
