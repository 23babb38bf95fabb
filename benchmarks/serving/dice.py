"""The dice that a made-up world is thrown with: the n-th of anything is always the same, whoever asks for it."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import blake2b

from benchmarks.search import offers as drawn_offers
from marketplace.catalogue.rules import Unit
from marketplace.kit.places import CouncilCode
from marketplace.kit.regions import region_of_councils
from marketplace.search.rules import Document

COUNCIL = CouncilCode("E08000009")

OFFERS_OF_A_TOWN = 5_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of what matters most. The rest follows."""

    offers: int
    reviews: int
    people: int
    pools: int

    @property
    def providers(self) -> int:
        return max(self.offers // 3, 1)


SMALL = Size(offers=5_000, reviews=25_000, people=6_000, pools=300)
LARGE = Size(offers=100_000, reviews=1_000_000, people=200_000, pools=6_000)

PASSWORD = "only for measuring"  # noqa: S105 - of people who are drawn by dice

PLEDGERS = 300
"""The first so many people are in no pool: they join while it is measured."""


@dataclass(frozen=True, slots=True)
class Said:
    """A review as it was drawn: numbers of offer and person, and a number that decides everything else."""

    offer: int
    person: int
    stars: int
    month: date
    drawn: int


def id_of(kind: str, n: int) -> uuid.UUID:
    """Return the id of the n-th of a kind."""
    return uuid.UUID(bytes=blake2b(f"{kind} {n}".encode(), digest_size=16).digest(), version=4)


def email(n: int) -> str:
    return f"person-{n}@example.org"


def town_of(offer: int) -> int:
    return offer // OFFERS_OF_A_TOWN


@cache
def _drawn(how_many: int) -> list[Document]:
    return list(drawn_offers(how_many))


def documents(how_many: int) -> Iterator[Document]:
    """Return what offers say of themselves."""
    return iter(_drawn(how_many))


@cache
def councils() -> list[CouncilCode]:
    return [COUNCIL, *(code for code in region_of_councils() if code != COUNCIL)]


def famous(at: float, offers: int) -> int:
    """Return which offer is talked about: the number drawn from 0 to 1 falls on few of them most of the time."""
    rank = int(40 * ((offers / 40 + 1) ** at - 1))
    # Fame has nothing to do with when an offer came.
    return rank * 7_919 % offers


def price_of(offer: int) -> tuple[int, Unit, tuple[int, ...], int] | None:
    """Return an amount, a unit, from how many people on, and how often it was changed. Some say: ask for a price."""
    chance = chance_of("price", offer)
    if chance.random() < 0.1:
        return None
    unit = chance.choice((Unit.HOUR, Unit.HOUR, Unit.SESSION, Unit.DAY, Unit.ITEM))
    people = (1, chance.randint(3, 8)) if chance.random() < 0.4 else (1,)
    return chance.randint(800, 4_000), unit, people, chance.choice((1, 1, 2, 3))


def chance_of(kind: str, n: int) -> random.Random:
    return random.Random(f"{kind} {n}")  # noqa: S311 - nobody's secret


def noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC)


def months_before(month: date, n: int) -> date:
    months = month.year * 12 + month.month - 1 - n
    return date(months // 12, months % 12 + 1, 1)
