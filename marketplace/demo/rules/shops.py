"""When does each provider begin, and each offer come to the public?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from marketplace.catalogue.rules import OfferStatus
from marketplace.demo.rules.calendar import Calendar, later, some_day, some_time
from marketplace.demo.rules.written import WrittenOffer, WrittenProvider, WrittenTown

_LATE_OF = 6
"""One live offer in so many comes when others are long there."""
_DEARER_OF = 6
"""One price in so many has gone up since."""


@dataclass(frozen=True, slots=True)
class PlannedProvider:
    """A provider, and when it is founded."""

    provider: WrittenProvider
    founded_at: datetime


@dataclass(frozen=True, slots=True)
class PlannedOffer:
    """An offer, and when each thing that happens to it does. `first_pence` is what it cost until `dearer_at`."""

    offer: WrittenOffer
    listed_at: datetime
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    unlisted_at: datetime | None = None
    first_pence: int | None = None
    dearer_at: datetime | None = None


def plan_providers(draw: Random, *, town: WrittenTown, calendar: Calendar) -> tuple[PlannedProvider, ...]:
    """Return when each provider is founded: all in the weeks before anything is asked for."""
    first, last = calendar.opens_on - timedelta(days=75), calendar.opens_on - timedelta(days=40)
    return tuple(PlannedProvider(one, some_time(draw, some_day(draw, first, last))) for one in town.providers)


def plan_offers(draw: Random, *, town: WrittenTown, calendar: Calendar) -> tuple[PlannedOffer, ...]:
    """Return when each offer is listed and decided about: most before anything is asked for, some in the time since."""
    late, dearer = _late(draw, town), _dearer(draw, town)
    return tuple(
        _plan_waiting(draw, offer, calendar)
        if offer.state in {OfferStatus.DRAFT, OfferStatus.SUBMITTED, OfferStatus.REFUSED}
        else _plan_shown(draw, offer, calendar, is_late=offer.key in late, is_dearer=offer.key in dearer)
        for offer in town.offers
    )


def _late(draw: Random, town: WrittenTown) -> set[str]:
    """Return which offers come late: never one that a pool needs, nor the first of its category."""
    needed = {pool.offer for pool in town.pools} | {one.offer for one in town.first_days.arrangements}
    firsts = {offer.category: offer.key for offer in reversed(town.offers) if offer.state is OfferStatus.LIVE}
    may = [
        offer.key
        for offer in town.offers
        if offer.state is OfferStatus.LIVE and offer.key not in needed and offer.key not in firsts.values()
    ]
    return set(draw.sample(may, len(may) // _LATE_OF))


def _dearer(draw: Random, town: WrittenTown) -> set[str]:
    """Return which prices have gone up: never one with a price for groups, which people's own words may quote."""
    may = [offer.key for offer in town.offers if offer.price_pence and not offer.group_price_pence]
    return set(draw.sample(may, len(may) // _DEARER_OF))


def _plan_waiting(draw: Random, offer: WrittenOffer, calendar: Calendar) -> PlannedOffer:
    if offer.state is OfferStatus.REFUSED:
        listed = some_time(draw, calendar.days_ago(draw.randint(18, 25)))
        submitted = listed + timedelta(hours=2)
        return PlannedOffer(offer, listed, submitted, decided_at=later(draw, submitted, days=(1, 3)))
    listed = some_time(draw, calendar.days_ago(draw.randint(1, 4)))
    if offer.state is OfferStatus.DRAFT:
        return PlannedOffer(offer, listed)
    return PlannedOffer(offer, listed, submitted_at=listed + timedelta(minutes=20))


def _plan_shown(
    draw: Random, offer: WrittenOffer, calendar: Calendar, *, is_late: bool, is_dearer: bool
) -> PlannedOffer:
    if is_late:
        on = some_day(draw, calendar.quarters[0].ends_on, calendar.quarters[2].ends_on)
    else:
        on = calendar.opens_on - timedelta(days=draw.randint(12, 35))
    listed = some_time(draw, on)
    submitted = listed + timedelta(minutes=draw.randint(5, 90))
    unlisted = some_time(draw, calendar.days_ago(draw.randint(30, 80))) if offer.state is OfferStatus.UNLISTED else None
    price = offer.price_pence
    if not is_dearer or is_late or price is None:
        return PlannedOffer(offer, listed, submitted, later(draw, submitted, days=(1, 3)), unlisted)
    # A little less, to the nearest fifty pence, until some day in the middle.
    cheaper = max(price * draw.randint(90, 95) // 100 // 50 * 50, 50)
    dearer_at = some_time(draw, some_day(draw, calendar.quarters[1].starts_on, calendar.quarters[3].starts_on))
    return PlannedOffer(offer, listed, submitted, later(draw, submitted, days=(1, 3)), unlisted, cheaper, dearer_at)
