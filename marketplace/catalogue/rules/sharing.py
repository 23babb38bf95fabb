"""What of an offer everybody may have and pass on: the one shape that the feed and the table are made from."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from marketplace.catalogue.rules.nouns import (
    AccessFact,
    Capacity,
    CategorySlug,
    Day,
    OfferId,
    PartOfDay,
    ProviderId,
    ProviderKind,
    Rate,
    Setting,
    Unit,
    WayToPay,
)
from marketplace.kit.money import Money
from marketplace.kit.places import Council, Point

HOURS: dict[PartOfDay, tuple[time, time]] = {
    PartOfDay.MORNING: (time(8), time(12)),
    PartOfDay.AFTERNOON: (time(12), time(17)),
    PartOfDay.EVENING: (time(17), time(22)),
    PartOfDay.NIGHT: (time(22), time(8)),
}
"""From when until when a part of a day lasts, for those who can only read a clock. The night ends the next day."""

OLDEST = 150


@dataclass(frozen=True, slots=True)
class SharedPrice:
    """What each person pays for one unit. `ends_on` is the last day, None while no other price follows."""

    amount: Money
    unit: Unit
    begins_on: date
    people_from: int = 1
    rate: Rate = Rate.STANDARD
    hours: Decimal | None = None
    ends_on: date | None = None
    edition: int = 0


@dataclass(frozen=True, slots=True)
class SharedProvider:
    """Who provides an offer: a body, never a person."""

    id: ProviderId
    name: str
    kind: ProviderKind
    about: str = ""
    website: str | None = None


@dataclass(frozen=True, slots=True)
class SharedSource:
    """The list an offer was taken from, whom to thank for it, and its licence."""

    publisher: str
    licence: str
    licence_url: str
    url: str


@dataclass(frozen=True, slots=True)
class SharedRating:
    """What people gave an offer: how many they are, their average if they are enough, and how many gave 1 to 5."""

    count: int
    average: Decimal | None
    spread: Sequence[int]


@dataclass(frozen=True, slots=True)
class SharedOffer:
    """
    One live offer, as it may be published.

    `postcode`, `address` and `point` are there only for a place that people go to. Of whoever comes to people's homes,
    `postcode` is its first part alone, as they may start from their own. `serves` are whole councils it says it serves.
    """

    id: OfferId
    title: str
    description: str
    category: CategorySlug
    category_name: str
    provider: SharedProvider
    setting: Setting
    is_free: bool
    listed_at: datetime
    updated_at: datetime
    confirmed_on: date
    address: str = ""
    postcode: str = ""
    point: Point | None = None
    council: Council | None = None
    serves: tuple[Council, ...] = ()
    travels_metres: int | None = None
    prices: tuple[SharedPrice, ...] = ()
    travel_per_mile: Money | None = None
    included: str = ""
    suits: str = ""
    notice_hours: int | None = None
    access: tuple[AccessFact, ...] = ()
    times: tuple[tuple[Day, PartOfDay], ...] = ()
    ways: tuple[WayToPay, ...] = ()
    languages: tuple[str, ...] = ()
    capacity: Capacity | None = None
    capacity_on: date | None = None
    youngest: int | None = None
    oldest: int | None = None
    source: SharedSource | None = None
    also_listed_by: tuple[SharedSource, ...] = ()


def shared_prices(prices: Iterable[SharedPrice], *, on: date) -> tuple[SharedPrice, ...]:
    """
    Return the prices in force on a day and those that follow, each with the last day it holds.

    Prices set together are one edition; of editions that begin on one day, the last one wins. What has ended is gone.
    """
    editions: dict[date, dict[int, list[SharedPrice]]] = {}
    for price in prices:
        editions.setdefault(price.begins_on, {}).setdefault(price.edition, []).append(price)
    begins = sorted(editions)
    kept: list[SharedPrice] = []
    for n, begin in enumerate(begins):
        ends_on = begins[n + 1] - timedelta(days=1) if n + 1 < len(begins) else None
        if ends_on is None or ends_on >= on:
            winning = editions[begin][max(editions[begin])]
            kept += [_until(price, ends_on) for price in sorted(winning, key=_first_the_usual)]
    return tuple(kept)


def _first_the_usual(price: SharedPrice) -> tuple[int, int]:
    return list(Rate).index(price.rate), price.people_from


def _until(price: SharedPrice, ends_on: date | None) -> SharedPrice:
    return SharedPrice(
        amount=price.amount,
        unit=price.unit,
        begins_on=price.begins_on,
        people_from=price.people_from,
        rate=price.rate,
        hours=price.hours,
        ends_on=ends_on,
        edition=price.edition,
    )


# ---------------------------------------------------------------- ids

_OURS = uuid.UUID("6f0c2d5e-3f5b-5c0e-9d86-2f6b1d6e7a41")
_VERSION_AND_VARIANT = uuid.UUID("00000000-0000-f000-c000-000000000000").int
_AT_A_PLACE = uuid.uuid5(_OURS, "service at location").int & ~_VERSION_AND_VARIANT


def derived_id(kind: str, *parts: object) -> uuid.UUID:
    """Return the id of something that has none of its own: the same for ever, and on every site that runs this."""
    return uuid.uuid5(_OURS, "|".join([kind, *map(str, parts)]))


def id_at_place(offer_id: uuid.UUID) -> uuid.UUID:
    """Return the id of an offer at its place. Of that id, it returns the offer's: it has to be found by it."""
    return uuid.UUID(int=offer_id.int ^ _AT_A_PLACE)
