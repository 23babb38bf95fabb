"""Which offers would have nobody behind them if somebody left?"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.queries.leaving import StillOpen
from marketplace.accounts.rules import OrganisationId
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferStatus

_MOST_SHOWN = 50


def offers_left_alone(session: Session, *, alone: Collection[OrganisationId]) -> tuple[StillOpen, ...]:
    """Return the offers, shown or soon to be, of organisations for which only one person speaks."""
    if not alone:
        return ()
    found = session.execute(
        select(Offer.id, Offer.title)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Provider.organisation_id.in_(alone), Offer.status.in_((OfferStatus.LIVE, OfferStatus.SUBMITTED)))
        .order_by(Offer.title, Offer.id)
        .limit(_MOST_SHOWN)
    )
    return tuple(StillOpen("offer", title, offer_id) for offer_id, title in found)
