"""How long it takes to find a place, uncached, over a mixture of what people type."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import quantiles
from time import perf_counter_ns

from marketplace.kit.gazetteer import DEFAULT_PATH, ENGLAND, endings
from marketplace.kit.places import Gazetteer, UnknownPlaceError

LOOKUPS = 20_000


def run(path: Path = DEFAULT_PATH) -> dict[str, float | int | str]:
    """Time 20,000 lookups: half whole postcodes, the rest parts, postcodes we do not know, other nations and names."""
    gazetteer = Gazetteer(path)
    asked = list(_asked(path, gazetteer))
    took, unknown = [], 0
    for text in asked:
        started = perf_counter_ns()
        try:
            gazetteer.find(text)
        except UnknownPlaceError:
            unknown += 1
        took.append((perf_counter_ns() - started) / 1000)
    gazetteer.close()
    cuts = quantiles(took, n=100)
    return {
        "lookups": len(asked),
        "of which not found": unknown,
        "p50 (microseconds)": round(cuts[49], 1),
        "p95 (microseconds)": round(cuts[94], 1),
        "p99 (microseconds)": round(cuts[98], 1),
        "max (microseconds)": round(max(took), 1),
        "slower than 1 ms": sum(one > 1000 for one in took),
        "file (MB)": round(path.stat().st_size / 1e6, 1),
    }


def _asked(path: Path, gazetteer: Gazetteer) -> Iterator[str]:
    """Yield what is asked, the same each time and in no order, so that no page of the file is warmer than another."""
    chance = random.Random(20_000)  # noqa: S311 (a sample, not a secret)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        sectors = connection.execute("SELECT name, postcodes FROM area WHERE postcodes IS NOT NULL").fetchall()
        abroad = connection.execute("SELECT name FROM area WHERE nation <> ?", [ENGLAND]).fetchall()
    councils = [council.name for council in gazetteer.councils()]
    for _ in range(LOOKUPS):
        sector, packed = chance.choice(sectors)
        what = chance.random()
        if what < 0.5:
            yield chance.choice([str, str.lower, lambda text: text.replace(" ", "")])(
                sector + chance.choice(endings(packed))
            )
        elif what < 0.7:
            yield chance.choice([sector, sector.split()[0].lower()])
        elif what < 0.8:
            yield f"{sector}{chance.choice('CIKMOV')}{chance.choice('CIKMOV')}"  # letters the post never ends with
        elif what < 0.85:
            yield chance.choice(abroad)[0]
        elif what < 0.95:
            yield chance.choice(councils)[: chance.randint(3, 20)]
        else:
            yield "".join(chance.choices("abcdefghij klmno", k=12))
