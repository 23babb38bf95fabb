"""
Make the large world: 100,000 offers, 1,000,000 reviews, 200,000 people on PostgreSQL, in a database that stays.

TEST_POSTGRESQL_URL names the server. The database is called clubtogether_large; `script/bench web` and `script/bench
scale` use it, and `dropdb clubtogether_large` removes it. Stopped half-way it goes on where it was; finished, it is
only brought to the newest tables. BENCH_LARGE, such as "2000", makes as many offers instead, and ten times as many
reviews and twice as many people.
"""

import os
import time

from sqlalchemy import create_engine, make_url, text

from benchmarks.serving.dice import LARGE, Size
from benchmarks.serving.writing import build

NAME = "clubtogether_large"


def run() -> dict[str, float | str]:
    server = os.environ.get("TEST_POSTGRESQL_URL")
    if server is None:
        raise SystemExit("TEST_POSTGRESQL_URL names no server.")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = {"name": NAME}
        if not connection.scalar(text("SELECT true FROM pg_database WHERE datname = :name"), known):
            connection.execute(text(f"CREATE DATABASE {NAME}"))
        began = time.perf_counter()
        build(make_url(server).set(database=NAME).render_as_string(hide_password=False), size())
        took = time.perf_counter() - began
        held = connection.scalar(text("SELECT pg_database_size(:name)"), known) or 0
    engine.dispose()
    return {"database": NAME, "made in, s": took, "size, MB": held / 1e6}


def size() -> Size:
    """Return how large it is made."""
    offers = int(os.environ.get("BENCH_LARGE", LARGE.offers))
    return Size(offers, offers * 10, offers * 2, max(offers * 3 // 50, 60))
