"""
How many pages a second the site gives, beside a bare page of the same size in the same run, on each database.

Two processes serve a made-up town of 5,000 offers and 25,000 reviews, set up as in production; two more serve a page
from plain Python data, by Flask and Jinja alone. Visitors in another process ask one and then the other, turn by turn,
so that whatever else this machine does meets both. A ratio is the middle one of the pairs, not that of the middles.
The ratio of processor time moves less than that of requests while a machine is busy with something else.
PostgreSQL is measured when TEST_POSTGRESQL_URL names a server; a database is made on it, and dropped again.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from benchmarks.search import QUESTIONS_ASKED, _postgresql
from benchmarks.serving import world
from benchmarks.serving.servers import ROOT, Server, serving
from marketplace.kit.db import open_engine
from marketplace.ratings.models import Review
from marketplace.search.rules import PAGE_SIZE

VISITORS = 8
ROUNDS = 7
SECONDS = 2.0
MOST = 20_000
"""Requests in one turn, at most."""

PLACES = ("M33", "M41 5", "WA14", "Trafford")
OFFER_PAGES = 200
REVIEWS_ON_A_PAGE = 10
NEEDED = 20
"""Addresses of full results pages that must be left, or the town is not what it should be."""


def run(rounds: int = ROUNDS, seconds: float = SECONDS) -> dict[str, dict[str, Any]]:
    """Measure each database there is."""
    with _stopped_cleanly(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = {"sqlite": _measure(f"sqlite:///{folder}/web.sqlite", folder, rounds, seconds)}
        if server := os.environ.get("TEST_POSTGRESQL_URL"):
            with _postgresql(server) as url:
                figures["postgresql"] = _measure(url, folder, rounds, seconds)
    return figures


@contextmanager
def _stopped_cleanly() -> Iterator[None]:
    """Make a polite kill end like Ctrl-C: servers stopped, files gone."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _measure(url: str, folder: Path, rounds: int, seconds: float) -> dict[str, Any]:
    _say(f"Making {world.OFFERS:,} offers and {world.REVIEWS:,} reviews on {url.split(':', maxsplit=1)[0]}")
    offers = _prepared(url)
    settings = {"DATABASE_URL": url}
    with serving("wsgi:app", ready="/health/live", settings=settings) as site:
        pages = {"results": _full(site.port), "offer": [f"/offers/{offer}" for offer in offers]}
        sizes = {name: _size(site.port, paths) for name, paths in pages.items()}
        bare_pages = folder / "bare.json"
        bare_pages.write_text(
            json.dumps({"/results": (PAGE_SIZE, sizes["results"]), "/offer": (REVIEWS_ON_A_PAGE, sizes["offer"])})
        )
        settings = {"BARE_PAGES": str(bare_pages)}
        with serving("benchmarks.serving.bare:create_app()", ready="/results", settings=settings) as bare:
            return {
                name: {"bytes": sizes[name]} | _compared(name, (site, paths), (bare, [f"/{name}"]), rounds, seconds)
                for name, paths in pages.items()
            }


def _prepared(url: str) -> list[str]:
    """Return the ids of some offers with reviews, from a database that was empty and now holds a town."""
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")
    engine = open_engine(url)
    with Session(engine, info={"writing": True}) as session:
        world.build(session)
        session.commit()
        reviewed = select(Review.offer_id).group_by(Review.offer_id).having(func.count() >= 3)
        offers = session.scalars(reviewed.order_by(Review.offer_id).limit(OFFER_PAGES)).all()
    engine.dispose()
    settled = create_engine(url, isolation_level="AUTOCOMMIT")
    with settled.connect() as connection:
        # What each database does by itself in the hours after so much was written.
        connection.execute(text("PRAGMA optimize" if settled.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    settled.dispose()
    return [str(offer) for offer in offers]


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
    _say(f"{len(full)} questions fill a page")
    return full


def _size(port: int, paths: Sequence[str]) -> int:
    return round(statistics.mean(len(_get(port, path)) for path in paths))


def _get(port: int, path: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    # So many questions at once are nothing that one person would ask.
    somebody = f"10.0.0.{sum(path.encode()) % 250}"
    connection.request("GET", path, headers={"X-Forwarded-For": somebody, "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return body


def _compared(
    name: str, site: tuple[Server, list[str]], bare: tuple[Server, list[str]], rounds: int, seconds: float
) -> dict[str, Any]:
    """Return the figures of both, asked turn by turn; which of them goes first changes each time."""
    turns: dict[str, list[dict[str, Any]]] = {"site": [], "bare": []}
    both = {"site": site, "bare": bare}
    for number in range(-1, rounds):  # The first is to warm up.
        for which in ("site", "bare") if number % 2 else ("bare", "site"):
            server, paths = both[which]
            turn = _visited(server, paths, seconds)
            if number >= 0:
                turns[which].append(turn)
        _say(f"{name} {max(number + 1, 0)}/{rounds}")
    rates = {which: [len(turn["took"]) / turn["seconds"] for turn in taken] for which, taken in turns.items()}
    slow = {which: [_p95(turn) for turn in taken] for which, taken in turns.items()}
    ratios = [of_site / of_bare for of_site, of_bare in zip(rates["site"], rates["bare"], strict=True)]
    return {
        "ratio": round(statistics.median(ratios), 3),
        "ratio least": round(min(ratios), 3),
        "ratio most": round(max(ratios), 3),
        "processor ratio": _rounded(_middle(turns["bare"]), by=_middle(turns["site"])),
        "p95 ratio": round(statistics.median(s / b for s, b in zip(slow["site"], slow["bare"], strict=True)), 2),
        **{which: _figures(turns[which], rates[which], slow[which]) for which in both},
    }


def _visited(server: Server, paths: list[str], seconds: float) -> dict[str, Any]:
    asked = {"port": server.port, "paths": paths, "visitors": VISITORS, "seconds": seconds, "most": MOST}
    before = server.worked()
    answered = subprocess.run(
        [sys.executable, "-m", "benchmarks.serving.visitors"],
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
        timeout=seconds + 60,
    )
    turn: dict[str, Any] = json.loads(answered.stdout)
    if turn["refused"]:
        raise RuntimeError(f"{turn['refused']} of {len(turn['took'])} answers were refusals: no figures from that.")
    after = server.worked()
    turn["worked"] = None if before is None or after is None else (after - before) / len(turn["took"])
    return turn


def _figures(turns: Sequence[dict[str, Any]], rates: Sequence[float], slow: Sequence[float]) -> dict[str, float | None]:
    return {
        "requests a second": round(statistics.median(rates), 1),
        "p50 ms": round(statistics.median(statistics.median(turn["took"]) for turn in turns) * 1e3, 2),
        "p95 ms": round(statistics.median(slow), 2),
        "processor ms a request": _rounded(_middle(turns), by=1e-3),
        "bytes an answer": round(sum(turn["bytes"] for turn in turns) / sum(len(turn["took"]) for turn in turns)),
        "client's share of a processor": round(statistics.median(turn["client"] for turn in turns), 3),
    }


def _middle(turns: Sequence[dict[str, Any]]) -> float | None:
    """Return the middle of the seconds of a processor that a request took, or None where the system does not say."""
    return None if turns[0]["worked"] is None else statistics.median(turn["worked"] for turn in turns)


def _rounded(figure: float | None, *, by: float | None) -> float | None:
    return round(figure / by, 3) if figure and by else None


def _p95(turn: dict[str, Any]) -> float:
    return float(statistics.quantiles(turn["took"], n=20)[18] * 1e3)


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)
