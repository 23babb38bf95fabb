"""Real places come in from lists; providers found themselves, list what they offer, and a moderator reads it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random

from marketplace.accounts.rules import Role
from marketplace.catalogue import services as catalogue
from marketplace.catalogue.rules import (
    Asking,
    CategorySlug,
    OfferDetails,
    OfferStatus,
    ProviderKind,
    Step,
    Unit,
)
from marketplace.catalogue.services.importing import import_rows
from marketplace.demo.gateways import PublishedList
from marketplace.demo.rules import (
    PlannedOffer,
    PlannedProvider,
    WrittenOffer,
    plan_offers,
    plan_providers,
)
from marketplace.demo.services.checks import standing_of
from marketplace.demo.services.facts import with_facts
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of, midnight
from marketplace.kit.grid import MILE
from marketplace.kit.money import Money

_LISTS_READ = 9
"""Days since the lists of real places were read last."""


def expect_real_places(street: Street, lists: Sequence[PublishedList]) -> None:
    """
    Put on the agenda that lists of real places come in, before all else, and once more lately: that confirms them.

    Nothing in the town ever happens to them: no made-up person asks them for anything, or says what they are like.
    """
    for one in lists:
        street.agenda.add(street.calendar.quarters[0].starts_at - timedelta(days=110), partial(_import, street, one))
        street.agenda.add(midnight(street.calendar.days_ago(_LISTS_READ)), partial(_import, street, one))


def expect_shops(draw: Random, street: Street) -> Mapping[str, datetime]:
    """Put on the agenda when each provider and offer begins; return from when each live offer can be asked for."""
    for provider in plan_providers(draw, town=street.town, calendar=street.calendar):
        street.agenda.add(provider.founded_at, partial(_found, street, provider))
    planned = plan_offers(draw, town=street.town, calendar=street.calendar)
    for one in planned:
        street.agenda.add(one.listed_at, partial(_list, street, one))
    return {one.offer.key: one.decided_at for one in planned if one.decided_at is not None}


def _import(street: Street, published: PublishedList, *, now: datetime) -> None:
    import_rows(street.session, rows=published.rows, mapping=published.mapping, gazetteer=street.gazetteer, now=now)


def _found(street: Street, planned: PlannedProvider, *, now: datetime) -> None:
    provider = planned.provider
    street.providers[provider.key] = catalogue.found_provider(
        street.session,
        kind=provider.kind,
        details=catalogue.ProviderDetails(
            name=provider.name,
            about=provider.about,
            place=street.gazetteer.find(provider.postcode),
            staff_fte=provider.staff_fte,
            is_independent=provider.kind is ProviderKind.MICRO_PROVIDER,
            board_share=provider.board_share,
            board_share_source="their own annual report" if provider.board_share else "",
            board_share_on=day_of(now) if provider.board_share else None,
            trade=provider.trade,
        ),
        most_staff=street.most_staff,
        by=street.speakers[provider.key],
        now=now,
    )


def _list(street: Street, planned: PlannedOffer, *, now: datetime) -> None:
    offer = planned.offer
    standing, because = standing_of(street, offer)
    street.offers[offer.key] = catalogue.list_offer(
        street.session,
        provider_id=street.providers[offer.provider],
        details=with_facts(
            street,
            offer,
            OfferDetails(
                title=offer.title,
                category=CategorySlug(offer.category),
                description=offer.description,
                setting=offer.where,
                is_free=offer.free,
                place=street.gazetteer.find(offer.postcode) if offer.postcode else None,
                address=offer.address,
                travels_metres=round(offer.travels_miles * MILE) if offer.travels_miles else None,
                access=frozenset(offer.access),
                cqc_standing=standing,
                cqc_because=because,
            ),
        ),
        asking=_asking(offer, now=now, instead_pence=planned.first_pence),
        by=street.viewer(street.speaker(offer.key)),
        now=now,
    )
    street.agenda.add(planned.submitted_at, partial(_submit, street, planned))


def _asking(offer: WrittenOffer, *, now: datetime, instead_pence: int | None = None) -> Asking | None:
    pence = instead_pence or offer.price_pence
    if pence is None or offer.unit is None:
        return None
    return Asking(
        amount=Money(pence),
        unit=Unit(offer.unit),
        begins_on=day_of(now),
        ladder=(
            (Step(offer.group_from, Money(offer.group_price_pence)),)
            if offer.group_from and offer.group_price_pence
            else ()
        ),
    )


def _submit(street: Street, planned: PlannedOffer, *, now: datetime) -> None:
    key = planned.offer.key
    by = street.viewer(street.speaker(key))
    catalogue.submit_offer(street.session, offer_id=street.offers[key], by=by, now=now)
    street.agenda.add(planned.decided_at, partial(_decide, street, planned))


def _decide(street: Street, planned: PlannedOffer, *, now: datetime) -> None:
    offer_id = street.offers[planned.offer.key]
    moderator = next(one for one in street.town.sign_ins if one.role is Role.MODERATOR)
    by, address = street.viewer(street.people[moderator.key]), street.addresses.offer(offer_id)
    if planned.offer.state is OfferStatus.REFUSED:
        catalogue.refuse_offer(
            street.session,
            offer_id=offer_id,
            reason=planned.offer.reason or "",
            by=by,
            seen=None,
            address=address,
            now=now,
        )
        return
    catalogue.approve_offer(street.session, offer_id=offer_id, by=by, seen=None, address=address, now=now)
    street.agenda.add(planned.dearer_at, partial(_price, street, planned.offer))
    street.agenda.add(planned.unlisted_at, partial(_unlist, street, planned.offer))


def _price(street: Street, offer: WrittenOffer, *, now: datetime) -> None:
    asking = _asking(offer, now=now)
    if asking is not None:
        by = street.viewer(street.speaker(offer.key))
        catalogue.set_price(street.session, offer_id=street.offers[offer.key], asking=asking, by=by, now=now)


def _unlist(street: Street, offer: WrittenOffer, *, now: datetime) -> None:
    by = street.viewer(street.speaker(offer.key))
    catalogue.unlist_offer(street.session, offer_id=street.offers[offer.key], by=by, now=now)
