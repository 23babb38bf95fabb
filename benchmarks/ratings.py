"""
How long it takes to read how an offer is rated, and to count one more review, on each database.

Makes a site of few reviews and one of very many, by made-up people, a tenth of them of one offer. Reads what is kept of
that offer and of others, in turn; beside it, the same counted from the reviews, as it would be if nothing were kept.
Then one review after another comes in, is counted and committed. The middle and the slowest of twenty count, in
milliseconds; beside them our own processor time, which hardly depends on what else the machine does. At the end
everything is compared with counting anew, in seconds. PostgreSQL is measured when TEST_POSTGRESQL_URL names a server; a
database is made on it, and dropped again. BENCH_REVIEWS, such as "1000 1000000", says how many reviews there are.
"""

import os
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from benchmarks.search import _empty, _postgresql
from marketplace.accounts.models import Person
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus, ProviderId, ProviderKind, Setting
from marketplace.ratings.models import OfferRating, Review
from marketplace.ratings.queries import summaries_for
from marketplace.ratings.queries.checking import wrong_of
from marketplace.ratings.queries.tallies import counted_of_offers, next_rated
from marketplace.ratings.rules.nouns import Basis, Help, Release, ReviewStatus, Telling, WriterRole
from marketplace.ratings.services import ordering
from marketplace.ratings.services.counting import counted_anew

REVIEWS = "1000 1000000"
OFFERS = 5_000
READS = 400
WRITES = 200
TOGETHER = 10_000
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Made(NamedTuple):
    """A made-up offer."""

    id: OfferId
    provider_id: ProviderId


def run() -> dict[str, dict[str, Any]]:
    """Measure each database there is."""
    sizes = [int(size) for size in os.environ.get("BENCH_REVIEWS", REVIEWS).split()]
    figures: dict[str, dict[str, Any]] = {"sqlite": {}}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            figures["sqlite"][f"{size:,} reviews"] = _measure(f"sqlite:///{folder}/ratings.sqlite", size)
    if server := os.environ.get("TEST_POSTGRESQL_URL"):
        figures["postgresql"] = {}
        for size in sizes:
            with _postgresql(server) as url:
                figures["postgresql"][f"{size:,} reviews"] = _measure(url, size)
    return figures


def _measure(url: str, size: int) -> dict[str, Any]:
    engine = _empty(url)
    try:
        with Session(engine, info={"writing": True}) as session:
            offers = _town(session)
            _make_room(session)
            people = _people(session, max(2_000, size // 10) + WRITES)
            _write(session, _reviews(size, offers, people))
            _analyse(engine)
            counting = _seconds(lambda: _count_all(session))
            big, others = offers[0], offers[1:]
            figures = {
                "of one offer": session.scalar(select(func.count()).where(Review.offer_id == big.id)),
                "counting all the first time, s": counting,
                "read, ms": _times(session, [(lambda o=o: summaries_for(session, offer_ids=[o.id])) for o in others]),
                "read the big one, ms": _times(session, [lambda: summaries_for(session, offer_ids=[big.id])] * READS),
                "count the big one instead, ms": _times(
                    session, [lambda: counted_of_offers(session, offer_ids=[big.id])] * 5
                ),
                "one more review, ms": _writing(session, others[0], people),
                "one more of the big one, ms": _writing(session, big, people),
                "compare everything, s": _seconds(lambda: _compare(session)),
            }
            kept = session.scalar(select(func.count()).select_from(OfferRating))
            return figures | {"rows kept": kept}
    finally:
        engine.dispose()


def _make_room(session: Session) -> None:
    """Let SQLite build a big table without reading its indexes again and again. Nothing is measured meanwhile."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA cache_size = -400000"))


def _town(session: Session) -> list[Made]:
    chance = random.Random(3)  # noqa: S311 - nobody's secret
    offers = []
    for n in range(OFFERS):
        provider = Provider(
            id=ProviderId(uuid.UUID(int=chance.getrandbits(128))),
            name=f"Made-up {n}",
            kind=ProviderKind.UNIVERSAL_SERVICE,
            about="",
            website="",
            created_at=START,
        )
        session.add(provider)
        offers.append(
            Offer(
                id=OfferId(uuid.UUID(int=chance.getrandbits(128))),
                provider_id=provider.id,
                category="home-and-garden",
                title=f"Made-up {n}",
                description="Made up.",
                status=OfferStatus.LIVE,
                setting=Setting.AT_HOME,
                address="",
                is_free=True,
                created_at=START,
                updated_at=START,
                listed_at=START,
                confirmed_at=START,
            )
        )
    session.flush()
    session.add_all(offers)
    session.flush()
    made = [Made(offer.id, offer.provider_id) for offer in offers]
    session.expunge_all()
    return made


def _people(session: Session, how_many: int) -> list[uuid.UUID]:
    people = [uuid.UUID(int=n + 1) for n in range(how_many)]
    for start in range(0, how_many, TOGETHER):
        session.execute(
            insert(Person),
            [
                {
                    "id": each, "email": f"{each.int}@example.org", "name": "Sam", "session_stamp": "",
                    "confirmed_at": START, "created_at": START,
                }
                for each in people[start : start + TOGETHER]
            ],
        )  # fmt: skip
    return people


def _reviews(size: int, offers: list[Made], people: list[uuid.UUID]) -> Iterator[dict[str, Any]]:
    chance = random.Random(5)  # noqa: S311 - nobody's secret
    for n in range(size):
        # A tenth is of the first offer; of the others each person says something once.
        offer = offers[0] if n % 10 == 0 else offers[1 + n % (OFFERS - 1)]
        month = date(2021 + n % 5, 1 + n % 12, 1)
        is_verified = chance.random() < 0.6
        yield {
            "id": uuid.UUID(int=n), "offer_id": offer.id, "provider_id": offer.provider_id,
            "person_id": people[(n // 10) % len(people) if n % 10 == 0 else n // (OFFERS - 1)],
            "basis": Basis.INVOICE if is_verified else Basis.SAID_USED, "is_verified": is_verified,
            "stars": chance.choice((1, 2, 3, 4, 4, 5, 5, 5)), "words": "They came when they said they would.",
            "role": WriterRole.USED_IT, "help": Help.NOBODY, "told": Telling.WORDS, "release": Release.NOW,
            "written_at": START, "status": ReviewStatus.SHOWN, "shown_month": month,
            "shuffle": chance.randrange(10**9), "counts": True,
        }  # fmt: skip


def _write(session: Session, reviews: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(reviews, TOGETHER)):
        session.execute(insert(Review.__table__), some)
        session.commit()


def _analyse(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _batches(session: Session) -> Iterator[list[OfferId]]:
    offer_ids = next_rated(session, after=None, most=200)
    while offer_ids:
        yield list(offer_ids)
        offer_ids = next_rated(session, after=offer_ids[-1], most=200)


def _count_all(session: Session) -> None:
    for offer_ids in _batches(session):
        ordering.mend(session, offer_ids=offer_ids)
    ordering.work_out_means(session, now=START)
    session.commit()


def _compare(session: Session) -> None:
    for offer_ids in _batches(session):
        wrong = wrong_of(session, offer_ids=offer_ids)
        if any(not words[0].startswith("search") for words in wrong.values()):
            raise RuntimeError("what is kept is not what was counted.")


def _writing(session: Session, offer: Made, people: list[uuid.UUID]) -> dict[str, float]:
    def write(person_id: uuid.UUID) -> None:
        session.info["writing"] = True
        review = Review(
            id=uuid.uuid4(), offer_id=offer.id, provider_id=offer.provider_id, person_id=person_id,
            basis=Basis.SAID_USED, stars=4, words="They came when they said they would.", written_at=START,
            status=ReviewStatus.UNREAD,
        )  # fmt: skip
        session.add(review)
        with counted_anew(session, offer_id=offer.id, person_id=person_id):
            review.status, review.shown_month = ReviewStatus.SHOWN, date(2026, 1, 1)
        session.commit()

    newcomers = people[-WRITES:]
    return _times(session, [lambda p=p: write(p) for p in newcomers])


def _times(session: Session, doings: list[Callable[[], object]]) -> dict[str, float]:
    times, processor = [], time.process_time()
    for do in doings[:READS]:
        session.expunge_all()
        times.append(_seconds(do) * 1000)
    return {
        "middle": statistics.median(times),
        "slowest of twenty": sorted(times)[len(times) * 19 // 20],
        "processor": (time.process_time() - processor) * 1000 / len(times),
    }


def _seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start
