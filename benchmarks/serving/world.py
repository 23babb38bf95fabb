"""
A made-up town to serve, and a made-up country of twenty such towns. The same ones every time, on either database.

What is drawn depends on nothing but its number, so each table can be drawn alone: a builder that was stopped goes on
with the next one. Nothing here is anybody: names, prices and stars are thrown by dice.
"""

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from benchmarks.serving.dice import (
    COUNCIL,
    OFFERS_OF_A_TOWN,
    PLEDGERS,
    Said,
    Size,
    chance_of,
    councils,
    documents,
    email,
    famous,
    id_of,
    months_before,
    noon,
    price_of,
    town_of,
)
from marketplace.accounts.rules import Role
from marketplace.catalogue.rules import (
    AccessFact,
    Day,
    OfferStatus,
    PartOfDay,
    ProviderKind,
    Setting,
    Unit,
    WayToPay,
)
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode
from marketplace.pooling.rules.nouns import MemberRole
from marketplace.ratings.rules.nouns import Basis, ReviewStatus, Subject
from marketplace.ratings.rules.scoring import Counted, tally_of

LISTED = datetime(2026, 1, 5, 9, tzinfo=UTC)
CLOSES = datetime(2090, 1, 5, 9, tzinfo=UTC)
"""Pools stay open however late this is run."""

BETWEEN_TOWNS = 40_000
"""Metres from one town to the next: whoever looks near one finds nothing of another."""


_KINDS = (ProviderKind.MICRO_PROVIDER, ProviderKind.USER_LED_ORGANISATION, ProviderKind.UNIVERSAL_SERVICE)
_DISTRICTS = ("M31 4", "M32 8", "M33 7", "M41 5", "WA13 9", "WA14 1", "WA15 6")
_STARS = (1, 2, 3, 4, 4, 5, 5, 5)

Row = dict[str, Any]
Rows = Iterator[Row]


@dataclass(frozen=True, slots=True)
class World:
    """Everything there is, drawn table by table. `criteria` are those that people are asked about for anything."""

    size: Size
    categories: Sequence[str]
    criteria: Sequence[uuid.UUID]
    password_hash: str
    today: date

    def tables(self) -> dict[str, Rows]:
        """Return what to write, by the names of tables, in an order in which whatever is named is there already."""
        return {
            "person": self.people(),
            "role_grant": self.roles(),
            "organisation": self.organisations(),
            "provider": self.providers(),
            "offer": self.offers(),
            "offer_access": self.access(),
            "offer_time": self.times(),
            "offer_payment": self.payments(),
            "price": self.prices(),
            "review": self.reviews(),
            "criterion_answer": self.answers(),
            "reply": self.replies(),
            "offer_rating": self.ratings(),
            "answer_rating": self.answer_ratings(),
            "pool": self.pools(),
            "pool_tier": self.tiers(),
            "pool_member": self.members(),
            "pledge": self.pledges(),
        }

    def people(self) -> Rows:
        for n in range(self.size.people):
            yield {
                "id": id_of("person", n),
                "email": email(n),
                "name": f"Person {n}",
                "password_hash": self.password_hash,
                "session_stamp": f"{n:032x}",
                "council": self._council(n),
                "confirmed_at": LISTED,
                "created_at": LISTED,
            }

    def roles(self) -> Rows:
        """Everybody buys; the last of them reads figures of Trafford instead."""
        last = self.size.people - 1
        for n in range(last):
            yield {"id": n + 1, "person_id": id_of("person", n), "role": Role.PERSON, "council": None}
        yield {"id": last + 1, "person_id": id_of("person", last), "role": Role.COMMISSIONER, "council": COUNCIL}

    def organisations(self) -> Rows:
        for n in range(self.size.providers):
            if _KINDS[n % len(_KINDS)] is not ProviderKind.UNIVERSAL_SERVICE:
                yield {"id": id_of("organisation", n), "name": "One of many", "created_at": LISTED}

    def providers(self) -> Rows:
        for n, said in enumerate(islice(documents(self.size.offers), self.size.providers)):
            kind, chance = _KINDS[n % len(_KINDS)], chance_of("provider", n)
            yield {
                "id": id_of("provider", n),
                "organisation_id": None if kind is ProviderKind.UNIVERSAL_SERVICE else id_of("organisation", n),
                "name": said.provider_name,
                "kind": kind,
                "staff_fte": 2 if kind is ProviderKind.MICRO_PROVIDER else None,
                "board_share": 80 if kind is ProviderKind.USER_LED_ORGANISATION else None,
                "about": "We all live near here.",
                "postcode": f"{chance.choice(_DISTRICTS)}AA",
                "council": self._council(n),
                "website": "https://example.org/" if kind is ProviderKind.UNIVERSAL_SERVICE else None,
                "created_at": LISTED,
            }

    def offers(self) -> Rows:
        shelves: dict[str, str] = {}
        for n, said in enumerate(documents(self.size.offers)):
            shelf = shelves.setdefault(said.category, self.categories[len(shelves) % len(self.categories)])
            setting = (
                Setting.ONLINE if said.is_everywhere else Setting.AT_HOME if said.travels_metres else Setting.AT_PLACE
            )
            chance, point = chance_of("offer", n), said.point
            yield {
                "id": id_of("offer", n),
                "provider_id": self._provider_of(n),
                "category": shelf,
                "title": said.title,
                "description": said.description,
                "status": OfferStatus.LIVE,
                "setting": setting,
                "travels_metres": said.travels_metres,
                "address": said.place if setting is Setting.AT_PLACE else "",
                "postcode": f"{chance.choice(_DISTRICTS)}AA" if point else None,
                "easting": point.easting + BETWEEN_TOWNS * (town_of(n) % 5) if point else None,
                "northing": point.northing + BETWEEN_TOWNS * (town_of(n) // 5) if point else None,
                "council": self._council(town_of(n)) if point else None,
                "is_free": said.is_free,
                "created_at": LISTED,
                "updated_at": said.updated_at,
                "listed_at": said.updated_at,
                "confirmed_at": noon(self.today - timedelta(days=chance.randint(1, 100))),
            }

    def access(self) -> Rows:
        facts = list(AccessFact)
        for n in range(self.size.offers):
            chance = chance_of("access", n)
            for fact in chance.sample(facts, chance.choice((0, 1, 2, 4, 6))):
                yield {"offer_id": id_of("offer", n), "fact": fact}

    def times(self) -> Rows:
        slots = [(day, part) for day in list(Day)[:5] for part in list(PartOfDay)[:2]]
        for n in range(self.size.offers):
            chance = chance_of("time", n)
            for day, part in chance.sample(slots, chance.choice((0, 1, 3, 5))):
                yield {"offer_id": id_of("offer", n), "day": day, "part": part}

    def payments(self) -> Rows:
        for n in range(self.size.offers):
            for way in (WayToPay.OWN_MONEY, WayToPay.DIRECT_PAYMENT):
                yield {"offer_id": id_of("offer", n), "way": way}

    def prices(self) -> Rows:
        for n, said in enumerate(documents(self.size.offers)):
            price = None if said.is_free else price_of(n)
            if price is None:
                continue
            amount, unit, people, editions = price
            for edition in range(1, editions + 1):
                for people_from in people:
                    yield {
                        "id": id_of(f"price {edition} {people_from}", n),
                        "offer_id": id_of("offer", n),
                        "amount": Money(amount + 100 * edition - (300 if people_from > 1 else 0)),
                        "unit": unit,
                        "people_from": people_from,
                        "begins_on": date(2020 + edition, 4, 1),
                        "edition": edition,
                    }

    def reviews(self) -> Rows:
        for n, (it, words) in enumerate(self.said()):
            yield {
                "id": id_of("review", n),
                "offer_id": id_of("offer", it.offer),
                "provider_id": self._provider_of(it.offer),
                "person_id": id_of("person", it.person),
                "basis": Basis.SAID_USED,
                "stars": it.stars,
                "words": words,
                "pseudonym": "Somebody near here",
                "written_at": noon(it.month),
                "status": ReviewStatus.SHOWN,
                "shown_month": it.month,
                "shuffle": it.drawn,
                "counts": True,
            }

    def said(self) -> Iterator[tuple["Said", str]]:
        """Return reviews with their words: sentences that offers say of themselves are as long as those in reviews."""
        said = [it.description for it in islice(documents(self.size.offers), 5_000)]
        for it in self._reviews():
            yield it, said[it.drawn % len(said)][: 60 + it.drawn % 440]

    def answers(self) -> Rows:
        for n, it in enumerate(self._reviews()):
            for criterion, stars in self._answers(it):
                yield {"review_id": id_of("review", n), "criterion_id": criterion, "stars": stars}

    def replies(self) -> Rows:
        for n, it in enumerate(self._reviews()):
            if it.drawn % 4 == 0:
                yield {
                    "id": id_of("reply", n),
                    "review_id": id_of("review", n),
                    "words": "Thank you for telling us. It helps us do better.",
                    "written_by": id_of("person", it.person),
                    "written_at": noon(it.month) + timedelta(days=1),
                    "status": ReviewStatus.SHOWN,
                }

    def ratings(self) -> Rows:
        """Return what is kept of each offer's reviews, added up by the site's own rule."""
        counted: dict[int, dict[tuple[int, date], int]] = {}
        for it in self._reviews():
            its = counted.setdefault(it.offer, {})
            its[it.stars, it.month] = its.get((it.stars, it.month), 0) + 1
        said = documents(self.size.offers)
        shelves: dict[str, str] = {}
        for n, document in enumerate(said):
            shelf = shelves.setdefault(document.category, self.categories[len(shelves) % len(self.categories)])
            if n not in counted:
                continue
            tally = tally_of(
                Counted(stars, Basis.SAID_USED, is_verified=False, is_set_aside=False, month=month, times=times)
                for (stars, month), times in counted[n].items()
            )
            months = [month for _stars, month in counted[n]]
            yield {
                "offer_id": id_of("offer", n),
                "provider_id": self._provider_of(n),
                "category": shelf,
                **{name: getattr(tally, name) for name in tally.__slots__},
                "first_month": min(months),
                "last_month": max(months),
            }

    def answer_ratings(self) -> Rows:
        kept: dict[tuple[int, uuid.UUID], list[int]] = {}
        for it in self._reviews():
            for criterion, stars in self._answers(it):
                kept.setdefault((it.offer, criterion), [0] * 5)[stars - 1] += 1
        for (offer, criterion), spread in kept.items():
            yield {
                "offer_id": id_of("offer", offer),
                "subject": Subject.CRITERION,
                "about": str(criterion),
                **dict(zip(("ones", "twos", "threes", "fours", "fives"), spread, strict=True)),
            }

    def pools(self) -> Rows:
        for n, (_offer, category, amount, unit) in enumerate(_pooled(self)):
            yield {
                "id": id_of("pool", n),
                "offer_id": id_of("offer", _offer),
                "opened_by": id_of("person", n % (self.size.people - 1)),
                "invite_key": id_of("invitation", n),
                "title": "Thursday mornings together",
                "purpose": "We would like to do this together, at our own pace.",
                "minimum_people": 4,
                "unit_price": Money(amount - 300),
                "price_alone": Money(amount),
                "unit": unit,
                "quantity": 6,
                "starts_on": CLOSES.date() + timedelta(days=30),
                "council": self._council(n),
                "category": category,
                "opened_at": LISTED,
                "closes_at": CLOSES,
            }

    def tiers(self) -> Rows:
        """Fifty people have it cheapest, so that none closes while it is measured."""
        for n, (_offer, _category, amount, _unit) in enumerate(_pooled(self)):
            yield {"pool_id": id_of("pool", n), "counted_from": 4, "unit_price": Money(amount - 300)}
            yield {"pool_id": id_of("pool", n), "counted_from": 50, "unit_price": Money(amount - 400)}

    def members(self) -> Rows:
        for pool, person, is_first in self._pledged():
            yield {
                "id": id_of(f"member {person}", pool),
                "pool_id": id_of("pool", pool),
                "person_id": id_of("person", person),
                "role": MemberRole.CHAMPION if is_first else MemberRole.MEMBER,
                "called": "Somebody",
                "joined_at": LISTED,
            }

    def pledges(self) -> Rows:
        amounts = [amount for _offer, _category, amount, _unit in _pooled(self)]
        for pool, person, _is_first in self._pledged():
            price = Money(amounts[pool] - 300)
            yield {
                "id": id_of(f"pledge {person}", pool),
                "pool_id": id_of("pool", pool),
                "person_id": id_of("person", person),
                "least": 6,
                "most": 6,
                "most_price": price,
                "at_worst": Money(price.pence * 6),
                "pledged_at": LISTED,
            }

    def _pledged(self) -> Iterator[tuple[int, int, bool]]:
        """Return who is in which pool: whoever opened it and two more, none of the first people, who pledge later."""
        others = self.size.people - 1 - PLEDGERS
        for pool in range(self.size.pools):
            for turn in range(3):
                yield pool, PLEDGERS + (pool * 3 + turn) % others, turn == 0

    def _reviews(self) -> Iterator["Said"]:
        """A few offers are talked about by everybody and many by nobody. The order of two numbers keeps pairs apart."""
        chance, reviews = random.Random(3), self.size.reviews  # noqa: S311 - nobody's secret
        last = date(self.today.year, self.today.month, 1)
        months = [months_before(last, n) for n in range(36)]
        given: dict[int, int] = {}
        for _ in range(reviews):
            drawn = chance.getrandbits(30)
            offer = famous(chance.random(), self.size.offers)
            turn = given[offer] = given.get(offer, -1) + 1
            # Each next one who rates an offer is another: people stand in a ring, and each offer begins elsewhere.
            person = (offer * 7_919 + turn) % (self.size.people - 1)
            yield Said(offer, person, _STARS[drawn % 8], months[drawn % 36], drawn)

    def _answers(self, it: "Said") -> Iterator[tuple[uuid.UUID, int]]:
        if it.drawn % 3 == 0:
            for place in range(2):
                yield self.criteria[(it.drawn + place) % len(self.criteria)], _STARS[(it.drawn >> place) % 8]

    def _provider_of(self, offer: int) -> uuid.UUID:
        return id_of("provider", offer % self.size.providers)

    def _council(self, n: int) -> CouncilCode:
        towns = councils()
        return COUNCIL if self.size.offers <= OFFERS_OF_A_TOWN or n == 0 else towns[n % 20]


def _pooled(world: World) -> Iterator[tuple[int, str, int, Unit]]:
    """Return the offers that pools are for, each with its shelf, its price alone and its unit."""
    found, shelves = 0, dict[str, str]()
    for n, said in enumerate(documents(world.size.offers)):
        shelf = shelves.setdefault(said.category, world.categories[len(shelves) % len(world.categories)])
        price = None if said.is_free else price_of(n)
        if price is None or len(price[2]) == 1:
            continue
        amount, unit, _people, editions = price
        yield n, shelf, amount + 100 * editions, unit
        found += 1
        if found == world.size.pools:
            return
