"""
How many pages a second the site gives, beside a bare page of the same bytes and beside django-oscar, in the same run.

Two processes each, set up as in production, serve a made-up town of 5,000 offers and 25,000 reviews: the site; the site
that keeps no pages (KEEP_PAGES_MB=0), so that each is drawn anew; a page from plain Python data, by Flask and Jinja
alone; and a shop of django-oscar with as many products and reviews, in the same words. Visitors in another process ask
one after the other, turn by turn, so that whatever else this machine does meets all. A ratio is the middle one of those
of the turns. While a machine is busy with something else, the ratio of processor time moves less than that of requests.
PostgreSQL is measured when TEST_POSTGRESQL_URL names a server; databases are made on it, and dropped again. If it has a
database clubtogether_large (script/bench large makes it), the same pages are asked of that in the same turns.
BENCH_ROUNDS and BENCH_SECONDS say how many turns there are and how long each is; BENCH_OFFERS how large the town is;
BENCH_ON which databases are measured, if not both. With BENCH_WRITE=1 the tables in docs/performance.md are written.
"""

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from benchmarks.search import _postgresql
from benchmarks.serving.contests import Contender, contest
from benchmarks.serving.dice import LARGE, SMALL, Size
from benchmarks.serving.servers import ROOT, Server, serving
from benchmarks.serving.shop import Shop, shop
from benchmarks.serving.telling import write
from benchmarks.serving.town import Town, pledging, town
from benchmarks.serving.writing import build, say

ROUNDS, SECONDS = 5, 2.0
LARGE_NAME = "clubtogether_large"
CARDS = {"results": 20, "offer": 10, "pool": 10, "dashboard": 20}
"""Cards of the bare page that stands beside each of ours."""
PAGES = 200
RESULTS = ROOT / "var" / "bench" / "web.json"
"""The figures of the last run, for `script/bench scale`."""


def run() -> dict[str, dict[str, Any]]:
    """Measure each database there is."""
    figures = {}
    with _stopped_cleanly(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index = folder / "index of the shop"
        wanted = os.environ.get("BENCH_ON", "sqlite postgresql").split()
        if "sqlite" in wanted:
            url, shop_url = f"sqlite:///{folder}/web.sqlite", f"sqlite:///{folder}/shop.sqlite"
            figures["sqlite"] = _measure(url, shop_url, folder, index, None)
        if "postgresql" in wanted and (server := os.environ.get("TEST_POSTGRESQL_URL")):
            with _postgresql(server) as url, _postgresql(server) as shop_url:
                figures["postgresql"] = _measure(url, shop_url, folder / "on_postgresql", index, _large(server))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=1))
    if os.environ.get("BENCH_WRITE"):
        write(figures, ROOT / "docs" / "performance.md")
    return figures


def small() -> Size:
    """Return how large the town is."""
    offers = int(os.environ.get("BENCH_OFFERS", SMALL.offers))
    return Size(offers, offers * 5, max(offers * 6 // 5, 600), max(offers * 3 // 50, 60))


def _large(server: str) -> str | None:
    engine = create_engine(server)
    with engine.connect() as connection:
        is_there = connection.scalar(text("SELECT true FROM pg_database WHERE datname = :name"), {"name": LARGE_NAME})
    engine.dispose()
    return make_url(server).set(database=LARGE_NAME).render_as_string(hide_password=False) if is_there else None


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


def _measure(url: str, shop_url: str, folder: Path, index: Path, large_url: str | None) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    size = small()
    say(f"Making {size.offers:,} offers and {size.reviews:,} reviews on {url.split(':', maxsplit=1)[0]}")
    build(url, size)
    with ExitStack() as opened:
        kept, towns = _sites(opened, url, size, "")
        other = opened.enter_context(shop(shop_url, folder / "shop", index, size, PAGES))
        bare = opened.enter_context(_bare(folder, {name: towns["site"].size_of(name) for name in CARDS}))
        if large_url:
            build(large_url, LARGE)
            kept_of_large, larger = _sites(opened, large_url, LARGE, "large ")
            kept |= kept_of_large
            towns |= larger
        return _contests(kept, towns, other, bare)


def _sites(opened: ExitStack, url: str, size: Size, name: str) -> tuple[dict[str, Server], dict[str, Town]]:
    """Serve a town, with pages kept and without."""
    keeping = opened.enter_context(serving("wsgi:app", ready="/health/live", settings={"DATABASE_URL": url}))
    drawing = opened.enter_context(
        serving("wsgi:app", ready="/health/live", settings={"DATABASE_URL": url, "KEEP_PAGES_MB": "0"})
    )
    say("Letting people sign in")
    found = town(url, keeping.port, size)
    return {f"{name}site": keeping, f"{name}site, drawn anew": drawing}, {
        f"{name}site": found,
        f"{name}site, drawn anew": found,
    }


@contextmanager
def _bare(folder: Path, sizes: dict[str, int]) -> Iterator[Server]:
    pages = folder / "bare.json"
    pages.write_text(json.dumps({f"/{name}": (CARDS[name], size) for name, size in sizes.items()}))
    settings = {"BARE_PAGES": str(pages)}
    with serving("benchmarks.serving.bare:create_app()", ready="/results", settings=settings) as server:
        yield server


def _contests(servers: dict[str, Server], towns: dict[str, Town], other: Shop, bare: Server) -> dict[str, Any]:
    rounds, seconds = int(os.environ.get("BENCH_ROUNDS", ROUNDS)), float(os.environ.get("BENCH_SECONDS", SECONDS))
    beside = {
        "results": {"oscar’s search": [{"path": path} for path in other.searches], "oscar’s list": other.lists},
        "offer": {"oscar’s product": [{"path": path} for path in other.products]},
    }
    figures = {}
    for name in CARDS:
        contenders = [
            *(
                Contender(which, server, towns[which].asked(name), database=towns[which].url)
                for which, server in servers.items()
            ),
            Contender("bare", bare, [{"path": f"/{name}"}]),
            *(Contender(which, other.server, asked) for which, asked in beside.get(name, {}).items()),
        ]
        figures[name] = contest(name, contenders, rounds, seconds, warm=3)
    figures["pledge"] = _pledged(servers, towns, other, rounds, seconds)
    return figures


def _pledged(
    servers: dict[str, Server], towns: dict[str, Town], other: Shop, rounds: int, seconds: float
) -> dict[str, Any]:
    """Let people pledge to many pools at once, beside people who put things into baskets; then count what is there."""
    sites = [
        Contender(which, server, pledging(towns[which]), status="302 /pools/*", once=True, database=towns[which].url)
        for which, server in servers.items()
        if "anew" not in which
    ]
    baskets = Contender("oscar’s basket", other.server, other.adding, status="302", once=True)
    before = {each.name: towns[each.name].pledges() for each in sites}
    figures = contest("pledge", [*sites, baskets], rounds, seconds)
    for each in sites:
        stored = towns[each.name].pledges() - before[each.name]
        figures[each.name]["stored of those answered"] = f"{stored} of {each.done}"
    figures["oscar’s basket"]["stored of those answered"] = f"{other.in_baskets()} of {baskets.done}"
    return figures
