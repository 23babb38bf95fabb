"""A made-up town to serve: 5,000 offers by 1,700 providers, 25,000 reviews. The same one every time, in seconds."""

import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks.search import offers
from marketplace.accounts.models import Organisation, Person
from marketplace.catalogue.models import Category, Offer, OfferAccess, OfferPrice, Provider
from marketplace.catalogue.rules import AccessFact, OfferStatus, ProviderKind, Setting, Unit
from marketplace.catalogue.services.indexing import documents
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode
from marketplace.pooling.models import Pledge, Pool
from marketplace.ratings.models import Reply, Review
from marketplace.ratings.rules import Basis, ReviewStatus
from marketplace.search import services as search
from marketplace.search.rules import Document

OFFERS, PROVIDERS, REVIEWS, PEOPLE, POOLS = 5_000, 1_700, 25_000, 6_000, 300
COUNCIL = CouncilCode("E08000009")
LISTED = datetime(2026, 1, 5, 9, tzinfo=UTC)
CLOSES = datetime(2090, 1, 5, 9, tzinfo=UTC)
"""Pools stay open however late this is run."""

_KINDS = (ProviderKind.MICRO_PROVIDER, ProviderKind.USER_LED_ORGANISATION, ProviderKind.UNIVERSAL_SERVICE)
_DISTRICTS = ("M31 4", "M32 8", "M33 7", "M41 5", "WA13 9", "WA14 1", "WA15 6")
_TOGETHER = 2_000

Rows = Iterable[dict[str, Any]]


def build(session: Session) -> None:
    """Fill an empty database at head. The caller commits."""
    chance = random.Random(20_260)  # noqa: S311 - nobody's secret
    people = [_id(chance) for _ in range(PEOPLE)]
    _add(session, Person, _people(people))
    said = list(offers(OFFERS))
    providers = list(_providers(chance, said))
    _add(session, Organisation, _organisations(providers))
    _add(session, Provider, providers)
    categories = list(session.scalars(select(Category.slug).order_by(Category.position)))
    listed = list(_offers(chance, said, providers, categories))
    _add(session, Offer, listed)
    _add(session, OfferAccess, _access(chance, listed))
    prices = list(_prices(chance, listed))
    _add(session, OfferPrice, prices)
    reviews = list(_reviews(chance, said, listed, people))
    _add(session, Review, reviews)
    _add(session, Reply, _replies(chance, reviews))
    pools = list(_pools(chance, listed, prices, people))
    _add(session, Pool, pools)
    _add(session, Pledge, _pledges(chance, pools, people))
    search.rebuild(session, documents(session))


def _id(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


def _add(session: Session, model: type[Model], rows: Rows) -> None:
    waiting = iter(rows)
    while batch := list(islice(waiting, _TOGETHER)):
        session.execute(insert(model), batch)


def _people(ids: Sequence[uuid.UUID]) -> Rows:
    for n, person in enumerate(ids):
        yield {
            "id": person,
            "email": f"person-{n}@example.org",
            "name": f"Person {n}",
            "session_stamp": f"{n:032x}",
            "created_at": LISTED,
        }


def _providers(chance: random.Random, said: Sequence[Document]) -> Rows:
    for n in range(PROVIDERS):
        kind = _KINDS[n % len(_KINDS)]
        yield {
            "id": _id(chance),
            "organisation_id": None if kind is ProviderKind.UNIVERSAL_SERVICE else _id(chance),
            "name": said[n].provider_name,
            "kind": kind,
            "staff_fte": 2 if kind is ProviderKind.MICRO_PROVIDER else None,
            "board_share": 80 if kind is ProviderKind.USER_LED_ORGANISATION else None,
            "about": "We all live near here.",
            "postcode": f"{chance.choice(_DISTRICTS)}AA",
            "council": COUNCIL,
            "website": "https://example.org/" if kind is ProviderKind.UNIVERSAL_SERVICE else None,
            "created_at": LISTED,
        }


def _organisations(providers: Sequence[dict[str, Any]]) -> Rows:
    for each in providers:
        if each["organisation_id"]:
            yield {"id": each["organisation_id"], "name": "One of many", "created_at": LISTED}


def _offers(
    chance: random.Random, said: Sequence[Document], providers: Sequence[dict[str, Any]], categories: Sequence[str]
) -> Rows:
    shelves = {name: categories[n % len(categories)] for n, name in enumerate(sorted({each.category for each in said}))}
    for n, each in enumerate(said):
        setting = Setting.ONLINE if each.is_everywhere else Setting.AT_HOME if each.travels_metres else Setting.AT_PLACE
        yield {
            "id": each.id,
            "provider_id": providers[n % len(providers)]["id"],
            "category": shelves[each.category],
            "title": each.title,
            "description": each.description,
            "status": OfferStatus.LIVE,
            "setting": setting,
            "travels_metres": each.travels_metres,
            "address": each.place if setting is Setting.AT_PLACE else "",
            "postcode": f"{chance.choice(_DISTRICTS)}AA" if each.point else None,
            "easting": each.point.easting if each.point else None,
            "northing": each.point.northing if each.point else None,
            "council": COUNCIL if each.point else None,
            "is_free": each.is_free,
            "created_at": each.updated_at,
            "updated_at": each.updated_at,
        }


def _access(chance: random.Random, listed: Sequence[dict[str, Any]]) -> Rows:
    facts = list(AccessFact)
    for each in listed:
        for fact in chance.sample(facts, chance.choice((0, 1, 2, 4, 6))):
            yield {"offer_id": each["id"], "fact": fact}


def _prices(chance: random.Random, listed: Sequence[dict[str, Any]]) -> Rows:
    for each in listed:
        if each["is_free"] or chance.random() < 0.1:  # Some say: ask for a price.
            continue
        amount = chance.randint(800, 4_000)
        unit = chance.choice((Unit.HOUR, Unit.HOUR, Unit.SESSION, Unit.DAY, Unit.ITEM))
        people = (1, chance.randint(3, 8)) if chance.random() < 0.4 else (1,)
        for edition in range(1, chance.choice((1, 1, 2, 3)) + 1):
            for people_from in people:
                yield {
                    "id": _id(chance),
                    "offer_id": each["id"],
                    "amount": Money(amount + 100 * edition - (300 if people_from > 1 else 0)),
                    "unit": unit,
                    "people_from": people_from,
                    "begins_on": date(2020 + edition, 4, 1),
                    "edition": edition,
                }


def _reviews(
    chance: random.Random, said: Sequence[Document], listed: Sequence[dict[str, Any]], people: Sequence[uuid.UUID]
) -> Rows:
    # A few offers are talked about by everybody and many by nobody.
    fame = [1 / (rank + 40) for rank in range(len(listed))]
    chance.shuffle(fame)
    about = chance.choices(range(len(listed)), weights=fame, k=REVIEWS)
    seen = set()
    for n in about:
        person = chance.choice(people)
        while (n, person) in seen:
            person = chance.choice(people)
        seen.add((n, person))
        yield {
            "id": _id(chance),
            "offer_id": listed[n]["id"],
            "provider_id": listed[n]["provider_id"],
            "person_id": person,
            "basis": Basis.SAID_USED,
            "stars": chance.choice((1, 2, 3, 4, 4, 5, 5, 5)),
            # In other people's words: sentences that offers say of themselves are as long as those in reviews.
            "words": chance.choice(said).description[: chance.randint(60, 500)],
            "written_at": LISTED + timedelta(minutes=chance.randint(0, 200_000)),
            "status": ReviewStatus.SHOWN if chance.random() < 0.99 else ReviewStatus.HELD,
        }


def _replies(chance: random.Random, reviews: Sequence[dict[str, Any]]) -> Rows:
    for each in reviews:
        if chance.random() < 0.25:
            yield {
                "id": _id(chance),
                "review_id": each["id"],
                "words": "Thank you for telling us. It helps us do better.",
                "written_by": each["person_id"],
                "written_at": each["written_at"] + timedelta(days=1),
                "status": ReviewStatus.SHOWN,
            }


def _pools(
    chance: random.Random,
    listed: Sequence[dict[str, Any]],
    prices: Sequence[dict[str, Any]],
    people: Sequence[uuid.UUID],
) -> Iterator[dict[str, Any]]:
    offer = {each["id"]: each for each in listed}
    grouped = [each for each in prices if each["people_from"] > 1 and each["edition"] == 1]
    for each in chance.sample(grouped, POOLS):
        yield {
            "id": _id(chance),
            "offer_id": each["offer_id"],
            "opened_by": chance.choice(people),
            "title": "Thursday mornings together",
            "purpose": "We would like to do this together, at our own pace.",
            "minimum_people": each["people_from"],
            "unit_price": each["amount"],
            "price_alone": each["amount"] + Money(300),
            "unit": each["unit"],
            "quantity": 6,
            "starts_on": CLOSES.date() + timedelta(days=30),
            "council": COUNCIL,
            "category": offer[each["offer_id"]]["category"],
            "opened_at": LISTED,
            "closes_at": CLOSES,
        }


def _pledges(chance: random.Random, pools: Sequence[dict[str, Any]], people: Sequence[uuid.UUID]) -> Rows:
    for each in pools:
        for person in chance.sample(people, each["minimum_people"] - 1):
            yield {"id": _id(chance), "pool_id": each["id"], "person_id": person, "pledged_at": LISTED}
