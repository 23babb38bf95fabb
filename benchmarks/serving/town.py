"""What is asked of a town that is served: addresses of its pages, people who are signed in, and what they pledge."""

import statistics
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode

from bs4 import BeautifulSoup
from sqlalchemy import Connection, create_engine, delete, func, select

from benchmarks.search import QUESTIONS_ASKED
from benchmarks.serving.browsing import Browser, proved, signed_in
from benchmarks.serving.dice import PLEDGERS, Size, id_of
from benchmarks.serving.servers import HOST
from benchmarks.serving.writing import say
from marketplace.kit.db import open_engine
from marketplace.pooling.models import Pledge, Pool, PoolMember
from marketplace.ratings.models import OfferRating
from marketplace.search.rules import PAGE_SIZE

PLACES = ("M33", "M41 5", "WA14", "Trafford")
PAGES = 200
"""Offers and pools that are looked at."""
NEEDED = 20
"""Addresses of full results pages that must be left, or the town is not what it should be."""
ROOM = 45
"""How many more pledge to a pool while it is measured: with fifty it would close."""

Asked = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Town:
    """A town that is served somewhere, and who is signed in there."""

    url: str
    port: int
    size: Size
    results: Sequence[str]
    offers: Sequence[str]
    pools: Sequence[str]
    people: Sequence[Browser]
    commissioner: Browser

    def asked(self, page: str) -> list[Asked]:
        """Return what visitors ask for, as often as different people would."""
        if page == "dashboard":
            return [{"path": "/demand", "cookie": self.commissioner.cookie, "times": 100}]
        paths = {"results": self.results, "offer": self.offers, "pool": self.pools}[page]
        return [{"path": path, "times": 25} for path in paths]

    def size_of(self, page: str) -> int:
        """Return the bytes of a page, on average, before anything squeezes it."""
        asked = self.asked(page)[:50]
        return round(statistics.mean(len(_get(self.port, it["path"], it.get("cookie", ""))) for it in asked))

    def pledges(self) -> int:
        """Return how many pledges there are."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            many = connection.scalar(select(func.count()).select_from(Pledge)) or 0
        engine.dispose()
        return many


@contextmanager
def _writing(url: str) -> Iterator[Connection]:
    engine = open_engine(url)
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection
    engine.dispose()


def town(url: str, port: int, size: Size) -> Town:
    """Return what can be asked of a town that is served at a port, with people signed in."""
    first = [id_of("person", n) for n in range(PLEDGERS)]
    with _writing(url) as connection:
        # An earlier run may have left something.
        for table in (Pledge, PoolMember):
            connection.execute(delete(table).where(table.person_id.in_(first)))
        told = OfferRating.ones + OfferRating.twos + OfferRating.threes + OfferRating.fours + OfferRating.fives
        rated = select(OfferRating.offer_id).where(told >= 3).order_by(OfferRating.offer_id)
        offers = [f"/offers/{it}" for it in connection.scalars(rated.limit(PAGES))]
        pools = [f"/pools/{it}" for it in connection.scalars(select(Pool.id).order_by(Pool.id).limit(PAGES))]
    with ThreadPoolExecutor(4) as several:
        people = list(several.map(partial(signed_in, port), range(PLEDGERS)))
    return Town(url, port, size, _full(port), offers, pools, people, commissioner=proved(port, size.people - 1))


def rated_offer(url: str) -> str:
    """Return the offer that most people rated."""
    engine = create_engine(url)
    told = OfferRating.ones + OfferRating.twos + OfferRating.threes + OfferRating.fours + OfferRating.fives
    with engine.connect() as connection:
        found = connection.scalars(select(OfferRating.offer_id).order_by(told.desc()).limit(1)).one()
    engine.dispose()
    return str(found)


def pledging(it: Town) -> list[Asked]:
    """Return pledges of many people to many pools: each what the form asks for, with the token of its own browser."""
    with _writing(it.url) as connection:
        pools = connection.execute(select(Pool.id, Pool.unit_price).order_by(Pool.id).limit(2_000)).all()
    pool_id, price = pools[0]
    answers = [_answers(person, _check(pool_id, price)) for person in it.people]
    pairs = [(pool, (place * 7 + turn) % len(answers)) for turn in range(ROOM) for place, pool in enumerate(pools)]
    return [
        {"path": _check(pool, price), "cookie": it.people[person].cookie, "form": answers[person]}
        for (pool, price), person in pairs
    ]


def _check(pool_id: object, price: Any) -> str:
    return f"/pools/{pool_id}/pledge/check?least=6&most=6&pence={price.pence}"


def _answers(person: Browser, path: str) -> dict[str, str]:
    """Return what a form is sent with when nothing on it is changed."""
    _path, page = person.open(path)
    form = next(it for it in BeautifulSoup(page, "lxml").select("main form") if it.select_one("input[name=called]"))
    answers = {
        it["name"]: it.get("value", "")
        for it in form.select("input[name]")
        if it.get("type") not in {"radio", "checkbox", "submit"} or it.has_attr("checked")
    }
    for select_ in form.select("select[name]"):
        chosen = select_.select_one("option[selected]") or select_.select_one("option")
        answers[select_["name"]] = chosen.get("value", "") if chosen else ""
    return answers


def _full(port: int) -> list[str]:
    """Return addresses of results, of every kind, that show a whole page of cards: the first page is the slowest."""
    asked = [
        {"q": words} | more
        for n, words in enumerate(("garden", *QUESTIONS_ASKED))
        for more in (
            {},
            {"near": PLACES[n % len(PLACES)]},
            {"near": PLACES[n % len(PLACES)], "sort": "distance", "within": "5"},
            {"near": PLACES[n % len(PLACES)], "kind": "micro_provider", "cost": "paid"},
        )
    ]
    paths = [f"/offers?{urlencode(each, quote_via=quote)}" for each in asked]
    full = [path for path in paths if _get(port, path).count(b'<article class="card">') == PAGE_SIZE]
    if len(full) < NEEDED:
        raise RuntimeError(f"Only {len(full)} of {len(paths)} questions fill a page.")
    say(f"{len(full)} questions fill a page")
    return full


def _get(port: int, path: str, cookie: str = "") -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    # So many questions at once are nothing that one person would ask.
    somebody = f"10.0.0.{sum(path.encode()) % 250}"
    headers = {"Host": HOST, "X-Forwarded-For": somebody, "X-Forwarded-Proto": "https", "Cookie": cookie}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return body
