"""Of what kind of support does a review speak, and where is that offered? For counting, never for a page."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import CategorySlug, OfferId
from marketplace.kit.places import CouncilCode


class Spoken(NamedTuple):
    """What an offer is, and where it is or its provider is."""

    category: CategorySlug
    council: CouncilCode | None


def spoken_of(session: Session, *, offer_id: OfferId) -> Spoken:
    """Return of what a review of an offer speaks."""
    row = session.execute(
        select(Offer.category, func.coalesce(Offer.council, Provider.council))
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Offer.id == offer_id)
    ).one()
    return Spoken(*row)
