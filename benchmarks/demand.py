"""
How long the figures of a quarter take to build from very many facts, and how much memory our process needs.

Facts are drawn at random and always the same, skewed like life: few councils and kinds of support are large, few people
and providers do much. The process that builds is one of its own, and its peak memory is what the system says of it. It
drafts the release BENCH_ROUNDS times (counts, attacks, writes its files), and the middle one counts; then the job does
it all, and removes the facts. BENCH_FACTS, such as "200000 10000000", says how many facts there are on SQLite and on
PostgreSQL. A PostgreSQL server is started for it, unless TEST_POSTGRESQL_URL names one.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from benchmarks._postgresql import server
from benchmarks.search import _empty, _postgresql
from marketplace.catalogue.models import Category
from marketplace.demand.rules.shapes import DECISIONS, FRESHNESS, NO_BIDS, POOL_ENDINGS, PRICED_UNITS, SPACE, STREAMS
from marketplace.kit.facts import Fact, FactKind, number_of
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import region_of_councils
from marketplace.ratings.queries import criteria as criteria_of

FACTS = "200000 10000000"
ROUNDS = 3
COUNCILS, CATEGORIES = 150, 60
QUARTER = Quarter(2026, 1)
FACTS_OF_ONE = 7
"""How many facts there are about somebody, on average."""
PROVIDERS_OF_A_COUNCIL = 150
AT_ONCE = 200_000
KINDS = {
    FactKind.ASKED: 10, FactKind.AGREED: 9, FactKind.PRICED: 9, FactKind.BOUGHT: 24, FactKind.VISITED: 14,
    FactKind.SEARCHED_IN_VAIN: 8, FactKind.SHORTLISTED: 6, FactKind.WAITING: 2, FactKind.POOL_OPENED: 2,
    FactKind.POOL_MET: 1.2, FactKind.POOL_FAILED: 0.8, FactKind.BRIEF_OPENED: 1, FactKind.BRIEF_AWARDED: 0.6,
    FactKind.BRIEF_UNANSWERED: 0.2, FactKind.RATED: 3, FactKind.CRITERION_SCORED: 4, FactKind.OUTCOME_SCORED: 4,
    FactKind.MODERATED: 1, FactKind.NO_QUOTE: 0.1, FactKind.OFFERED: 0.08, FactKind.CONFIRMED: 0.02,
}  # fmt: skip
"""How often each kind of fact is among a hundred."""
BY_PROVIDERS = (FactKind.NO_QUOTE, FactKind.OFFERED, FactKind.CONFIRMED)
COLUMNS = ("quarter", "kind", "council", "category", "facet", "who", "provider", "amount")

Row = tuple[int, str, str, str, str, int, int, int]


def run() -> dict[str, Any]:
    """Measure each database there is."""
    on_sqlite, on_postgresql = (int(many) for many in os.environ.get("BENCH_FACTS", FACTS).split())
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        figures[f"sqlite, {on_sqlite:,} facts"] = _measure(f"sqlite:///{folder}/demand.sqlite", on_sqlite)
    with server() as address:
        if address:
            with _postgresql(address) as url:
                figures[f"postgresql, {on_postgresql:,} facts"] = _measure(url, on_postgresql)
    return figures


def _measure(url: str, many: int) -> dict[str, Any]:
    print(f"Drawing {many:,} facts")
    engine = _empty(url)
    try:
        _shelve(engine)
        _fill(engine, many)
    finally:
        engine.dispose()
    print("Building")
    environment = os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(Path(__file__).parents[1])}
    built = subprocess.run([sys.executable, "-m", __name__], env=environment, stdout=subprocess.PIPE, check=True)  # noqa: S603
    figures: dict[str, Any] = json.loads(built.stdout)
    return figures


def _shelve(engine: Engine) -> None:
    """Bring the catalogue to as many kinds of support as are counted."""
    with Session(engine, info={"writing": True}) as session:
        have, last = session.execute(select(func.count(), func.max(Category.position)).select_from(Category)).one()
        for number in range(have, CATEGORIES - 1):
            session.add(Category(slug=f"kind-{number}", name=f"Kind {number}", parent=None, position=last + number))
        session.commit()


def _fill(engine: Engine, many: int) -> None:
    with Session(engine) as session:
        categories = session.scalars(select(Category.slug).order_by(Category.position)).all()
        criteria = [str(one.id) for one in criteria_of.adopted_criteria(session)]
        outcomes = [str(one.id) for one in criteria_of.outcomes_for(session, None)]
    rows = _facts(many, [*categories, "none"], criteria, outcomes)
    if engine.dialect.name == "postgresql":
        _copy(engine, rows)
    else:
        with engine.connect().execution_options(writing=True) as connection, connection.begin():
            while some := list(islice(rows, AT_ONCE)):
                connection.execute(insert(Fact), [dict(zip(COLUMNS, row, strict=True)) for row in some])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE fact" if engine.dialect.name == "postgresql" else "ANALYZE"))


def _copy(engine: Engine, rows: Iterator[Row]) -> None:
    with (
        engine.begin() as connection,
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY fact ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        while some := list(islice(rows, AT_ONCE)):
            copy.write("".join("\t".join(map(str, row)) + "\n" for row in some))


def _facts(many: int, categories: list[str], criteria: list[str], outcomes: list[str]) -> Iterator[Row]:
    draw = np.random.default_rng(8)
    facets = {
        FactKind.BOUGHT: [one for one, _ in STREAMS],
        FactKind.PRICED: [one for one, _ in PRICED_UNITS],
        FactKind.POOL_FAILED: [one for one, _ in POOL_ENDINGS],
        FactKind.NO_QUOTE: [one for one, _ in NO_BIDS],
        FactKind.OFFERED: [one for one, _ in SPACE],
        FactKind.CONFIRMED: [one for one, _ in FRESHNESS],
        FactKind.MODERATED: [one for one, _ in DECISIONS],
        FactKind.CRITERION_SCORED: criteria,
        FactKind.OUTCOME_SCORED: outcomes,
    }
    councils, kinds = list(region_of_councils())[:COUNCILS], list(KINDS)
    # The largest council has some ten times the people of the smallest.
    of_council = _shares(draw.lognormal(0, 0.6, COUNCILS))
    of_category = _shares(1 / (np.arange(len(categories)) + 1.5))
    of_kind = _shares(np.array(list(KINDS.values())))
    people = max(many // FACTS_OF_ONE, 1)
    lives = draw.choice(COUNCILS, people, p=of_council)
    keys = draw.integers(1, 2**62, people)
    for begun in range(0, many, AT_ONCE):
        size = min(AT_ONCE, many - begun)
        # A few do much: the square draws them to the front.
        who = (draw.random(size) ** 2 * people).astype(int)
        kind = draw.choice(len(kinds), size, p=of_kind)
        category = draw.choice(len(categories), size, p=of_category)
        turn = (draw.random(size) ** 3 * PROVIDERS_OF_A_COUNCIL).astype(int)
        amount = (draw.lognormal(7.4, 0.5, size) // 25 * 25).astype(int)
        facet = draw.integers(0, 10**6, size)
        yield from _rows(
            zip(kind.tolist(), lives[who].tolist(), category.tolist(), keys[who].tolist(), turn.tolist(),
                amount.tolist(), facet.tolist(), strict=True),
            councils, categories, kinds, facets,
        )  # fmt: skip


def _rows(
    drawn: Iterable[tuple[int, ...]],
    councils: list[Any],
    categories: list[str],
    kinds: list[FactKind],
    facets: dict[FactKind, list[str]],
) -> Iterator[Row]:
    number = number_of(QUARTER)
    for kind, council, category, who, turn, amount, facet in drawn:
        said = kinds[kind]
        among = facets.get(said, ("",))
        provider = (council * PROVIDERS_OF_A_COUNCIL + turn + 1) * 2_147_483_647
        yield (
            number, said, councils[council], categories[category], among[facet % len(among)],
            provider if said in BY_PROVIDERS else who, 0 if said in BY_PROVIDERS else provider, amount,
        )  # fmt: skip


def _shares(weights: Any) -> Any:
    return weights / weights.sum()


def _build(out: TextIO) -> None:
    """Build what is due, in a process that does nothing else, and say how long each step took."""
    from marketplace.app import create_app  # this process alone is a site
    from marketplace.config import load_config
    from marketplace.demand import jobs
    from marketplace.demand.queries.drafts import draft_release
    from marketplace.kit.db import db, stop_reading
    from marketplace.kit.gazetteers import gazetteer

    steps: list[tuple[str, float]] = []

    def tell(what: str, _share: float) -> None:
        said = what.rpartition(": ")[2]
        if not steps or steps[-1][0] != said:
            print(f"  {said}", file=sys.stderr)
            steps.append((said, time.perf_counter()))

    times, worked = [], []
    with create_app(load_config(env="development", demo=False)).app_context():
        before = _peak()
        for _ in range(max(int(os.environ.get("BENCH_ROUNDS", ROUNDS)) - 1, 1)):
            began, processor = time.perf_counter(), time.process_time()
            draft_release(db.session, councils=gazetteer().councils(), quarter=QUARTER, tell=tell)
            times.append(time.perf_counter() - began)
            worked.append(time.process_time() - processor)
            stop_reading()
        steps.clear()
        began = time.perf_counter()
        jobs.build_releases(QUARTER.ends_at + timedelta(hours=1), tell)
        ended = time.perf_counter()
    steps.append(("", ended))
    taken = {said: after - at for (said, at), (_, after) in pairwise(steps)}
    removing = taken.pop("Removing what was counted")
    times.append(ended - began - removing)
    json.dump(
        {
            "build a release, s": statistics.median(times),
            "slowest, s": max(times),
            "our own processor time, s": statistics.median(worked),
            **{f"{said.lower()}, s": seconds for said, seconds in taken.items()},
            "remove the facts afterwards, s": removing,
            "peak memory of the process, MB": _peak(),
            "of it before the build, MB": before,
        },
        out,
    )


def _peak() -> float:
    # What the system says of a process that another began is the larger of the two, so it is asked of this one.
    said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(said["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    _build(sys.stdout)
