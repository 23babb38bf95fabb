"""Which organisations may quote for a brief? Those it calls, unless they stand on its own side or are named in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId
from marketplace.brokerage.models import Brief, BriefCall, Quote
from marketplace.brokerage.queries.briefs import needs_of
from marketplace.brokerage.queries.reaching import organisations_inside, organisations_with_offers
from marketplace.brokerage.rules.briefs import organisation_kept
from marketplace.brokerage.rules.nouns import BriefId
from marketplace.brokerage.rules.quoting import Barred, names_provider
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus, ProviderId


def called_among(
    session: Session, *, brief_id: BriefId, organisations: Collection[OrganisationId]
) -> frozenset[OrganisationId]:
    """
    Return those of some organisations to which a brief was ever shown: their offers fit, they were told, or quoted.

    Nobody is called to a brief that was never opened.
    """
    if not organisations:
        return frozenset()
    told = select(BriefCall.organisation_id).where(BriefCall.brief_id == brief_id)
    quoted = select(Quote.organisation_id).where(Quote.brief_id == brief_id)
    found = session.scalars(
        select(Provider.organisation_id)
        .join(Brief, Brief.id == brief_id)
        .where(
            Provider.organisation_id.in_(organisations),
            Brief.opened_at.is_not(None),
            or_(
                Provider.organisation_id.in_(told),
                Provider.organisation_id.in_(quoted),
                Provider.organisation_id.in_(organisations_with_offers()),
            ),
        )
    )
    return frozenset(organisation_id for organisation_id in found if organisation_id is not None)


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """A live offer that its provider may quote with."""

    id: OfferId
    provider_id: ProviderId
    organisation_id: OrganisationId
    is_free: bool


def own_offer(session: Session, *, offer_id: OfferId, organisations: Collection[OrganisationId]) -> OwnOffer | None:
    """Return a live offer of one of some organisations, or None."""
    row = session.execute(
        select(Offer.id, Offer.provider_id, Provider.organisation_id, Offer.is_free)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Offer.id == offer_id, Offer.status == OfferStatus.LIVE, Provider.organisation_id.in_(organisations))
    ).one_or_none()
    return OwnOffer(row.id, row.provider_id, row.organisation_id, row.is_free) if row else None


def why_barred(session: Session, *, brief: Brief, organisation_id: OrganisationId, on: date) -> Barred | None:
    """Return why an organisation cannot quote for a brief that it is called to, or None if it can."""
    provider = session.execute(
        select(Provider.name, Provider.organisation_id.in_(organisations_inside(on=on)).label("is_inside"))
        .join(Brief, Brief.id == brief.id)
        .where(Provider.organisation_id == organisation_id)
    ).one_or_none()
    if provider and provider.is_inside:
        return Barred.BOTH_SIDES
    if organisation_kept(organisation_id) in brief.kept_despite:
        return Barred.NAMED
    # Somebody may have taken a name since that was looked for.
    needs = (need.words for need in needs_of(session, brief_id=brief.id))
    said = "\n".join([brief.title, brief.about, brief.times, *needs])
    return Barred.NAMED if provider and names_provider(said, name=provider.name) else None
