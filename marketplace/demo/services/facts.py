"""Providers tell what their offers are like, as the questions about an offer ask them to."""

from dataclasses import replace

from marketplace.catalogue.rules import Capacity, OfferDetails
from marketplace.demo.rules.facts import facts_of
from marketplace.demo.rules.written import WrittenOffer
from marketplace.demo.services.street import Street
from marketplace.kit.money import Money


def with_facts(street: Street, offer: WrittenOffer, details: OfferDetails) -> OfferDetails:
    """Return what a provider says of an offer, with everything that is asked besides its words and place."""
    kind = next(one.kind for one in street.town.providers if one.key == offer.provider)
    told = facts_of(
        street.town.facts,
        offer=offer.key,
        title=offer.title,
        provider=offer.provider,
        kind=kind,
        category=offer.category,
        setting=offer.where,
        free=offer.free,
    )
    return replace(
        details,
        included=told.included,
        suits=told.suits,
        notice_hours=told.notice_hours,
        travel_per_mile=Money(told.per_mile) if told.per_mile else None,
        capacity=Capacity.SPACE_NOW,
        councils=told.councils,
        times=told.times,
        ways_to_pay=told.ways,
        languages=told.languages,
    )
