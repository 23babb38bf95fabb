"""
Writing a made-up world into an empty database, fast: rows by COPY on PostgreSQL, the index in one go.

Each table is a transaction of its own, and a table of what is done says where to go on after a stop.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any, cast

from alembic import command
from alembic.config import Config
from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, Table, create_engine, func, inspect, select, text
from sqlalchemy.orm import Session

from benchmarks.serving.dice import PASSWORD, Size
from benchmarks.serving.servers import ROOT
from benchmarks.serving.world import World
from marketplace.catalogue.models import Category
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.services.indexing import documents
from marketplace.kit.days import day_of
from marketplace.kit.db import open_engine
from marketplace.kit.model import Model
from marketplace.ratings.models import Criterion, CriterionCategory, OfferRating
from marketplace.ratings.queries.scores import scores_for
from marketplace.ratings.services.ordering import work_out_means
from marketplace.search import services as search
from marketplace.search.engines import engine_on, kept_of, row_of, shelf_of
from marketplace.search.language import ENGLISH
from marketplace.search.models import Rated
from marketplace.search.rules import Document, fingerprint
from marketplace.search.services.learning import bits_of, learn, shelves_of

TOGETHER = 2_000

Row = Mapping[str, Any]


def build(url: str, size: Size) -> None:
    """Bring a database to head and fill it, or go on where the last builder stopped."""
    migrate(url)
    engine = open_engine(url)
    try:
        with _steps(engine) as step:
            world = _world(engine, size)
            for name, rows in world.tables().items():
                step(f"table {name}", lambda name=name, rows=rows: _fill(engine, Model.metadata.tables[name], rows))
            step("means", lambda: _in_transaction(engine, lambda it: work_out_means(it, now=datetime.now(UTC))))
            step("table search_rating", lambda: _fill(engine, cast("Table", Rated.__table__), _rated(engine)))
            step("index", lambda: _index(engine))
            step("settled", lambda: _settle(url))
    finally:
        engine.dispose()


def migrate(url: str) -> None:
    """Bring a database to head."""
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")


@contextmanager
def _steps(engine: Engine) -> Iterator[Callable[[str, Callable[[], object]], None]]:
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(text("CREATE TABLE IF NOT EXISTS bench_done (step varchar(80) PRIMARY KEY)"))
        done = set(connection.scalars(text("SELECT step FROM bench_done")))

    def step(name: str, do: Callable[[], object]) -> None:
        if name in done:
            return
        began = time.perf_counter()
        do()
        with engine.connect().execution_options(writing=True) as connection, connection.begin():
            connection.execute(text("INSERT INTO bench_done VALUES (:step)"), {"step": name})
        say(f"{name}: {time.perf_counter() - began:.1f} s")

    yield step


def _world(engine: Engine, size: Size) -> World:
    with Session(engine) as session:
        categories = session.scalars(select(Category.slug).order_by(Category.position)).all()
        some = select(CriterionCategory.criterion_id)
        criteria = session.scalars(select(Criterion.id).where(Criterion.id.not_in(some)).order_by(Criterion.position))
        # A hash that is quick to check: how long signing in takes is measured nowhere here.
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        return World(size, categories, criteria.all(), quick.hash(PASSWORD), day_of(datetime.now(UTC)))


def _fill(engine: Engine, table: Table, rows: Iterable[Row]) -> None:
    """Fill a table that is empty, whatever a stopped builder left of it."""
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            with _without_indexes(connection, table):
                _copy(connection, table, first, waiting)
            return
        batch = [dict(first), *map(dict, islice(waiting, TOGETHER))]
        while batch:
            connection.execute(table.insert(), batch)
            batch = [*map(dict, islice(waiting, TOGETHER))]


def _copy(connection: Connection, table: Table, first: Row, rest: Iterator[Row]) -> None:
    columns = [it for it in table.columns if it.name in first or it.default is not None]
    names = ", ".join(f'"{it.name}"' for it in columns)
    fixed = {it.name: it.default.arg for it in columns if it.default is not None and it.default.is_scalar}
    binds = {it.name: it.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for it in columns}
    # Nobody checks again what was drawn to fit: triggers and foreign keys rest until this transaction is over.
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy,
    ):
        for row in (first, *islice(rest, TOGETHER)):
            copy.write_row(_bound(row, binds, fixed))
        for row in rest:
            copy.write_row(_bound(row, binds, fixed))


def _bound(row: Row, binds: Mapping[str, Any], fixed: Row) -> list[Any]:
    values = ((row.get(name, fixed.get(name)), bind) for name, bind in binds.items())
    return [value if bind is None or value is None else bind(value) for value, bind in values]


@contextmanager
def _without_indexes(connection: Connection, table: Table) -> Iterator[None]:
    """Take away the indexes that hold no constraint, and make them anew in the end: much faster than keeping them."""
    found = connection.execute(
        text(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = CAST(:name AS regclass)"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
        ),
        {"name": f'"{table.name}"'},
    ).all()
    for name, _definition in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    for _name, definition in found:
        connection.exec_driver_sql(definition)


def _in_transaction(engine: Engine, do: Callable[[Session], object]) -> None:
    with Session(engine, info={"writing": True}) as session:
        session.connection(execution_options={"writing": True})
        do(session)
        session.commit()


def _rated(engine: Engine) -> Iterator[Row]:
    """Return how offers are found by what people give them, as the site's own rule says."""
    with Session(engine) as session:
        ids = session.scalars(select(OfferRating.offer_id).order_by(OfferRating.offer_id)).all()
        for start in range(0, len(ids), 1_000):
            scored = scores_for(session, offer_ids=cast("list[OfferId]", ids[start : start + 1_000]))
            for offer_id, it in scored.items():
                if it.is_told:
                    yield {
                        "id": offer_id,
                        "score": it.hundredths,
                        "ratings": it.summary.count,
                        "worth": it.working.worth,
                    }


def _index(engine: Engine) -> None:
    """Write the index: on PostgreSQL by COPY, because a document at a time takes it a quarter of an hour."""
    today = day_of(datetime.now(UTC))
    if engine.dialect.name != "postgresql":
        _in_transaction(engine, lambda session: search.rebuild(session, documents(session, today=today)))
        return
    table = engine_on("postgresql").documents()

    def write(session: Session) -> None:
        session.execute(text("TRUNCATE search_document, search_word, search_key, search_shelf, search_mark CASCADE"))
        ratings = {row.id: row for row in session.execute(select(Rated.id, Rated.score, Rated.ratings, Rated.worth))}
        with _without_indexes(session.connection(), table):
            number, batches = 0, _batches(documents(session, today=today))
            for batch in batches:
                rows = _rows(session, batch, ratings, number)
                number += len(rows)
                _copy(session.connection(), table, rows[0], iter(rows[1:]))
        session.execute(text("SELECT setval(pg_get_serial_sequence('search_document', 'number'), :n)"), {"n": number})
        search.count_words(session)
        engine_on("postgresql").settle(session)

    _in_transaction(engine, write)
    _check(engine)


def _rows(session: Session, batch: list[Document], ratings: Mapping[Any, Any], before: int) -> list[dict[str, Any]]:
    kept = [kept_of(it) for it in batch]
    shelves = shelves_of(session, {shelf_of(it) for it in batch})
    bits = bits_of(session, {mark for it in batch for mark in it.marks})
    learn(session, kept)
    rows = []
    for number, (it, its) in enumerate(zip(batch, kept, strict=True), start=before + 1):
        rating = ratings.get(it.id)
        rows.append(
            {
                "number": number,
                "id": it.id,
                "fingerprint": fingerprint(it, language=ENGLISH.version),
                "rating": rating.score if rating else None,
                "ratings": rating.ratings if rating else 0,
                "worth": rating.worth if rating else None,
                **row_of(it, its, shelf_id=shelves[shelf_of(it)], bits=bits),
                **engine_on("postgresql").in_its_row(its),
            }
        )
    return rows


def _batches(waiting: Iterator[Document]) -> Iterator[list[Document]]:
    while batch := list(islice(waiting, 1_000)):
        yield batch


def _check(engine: Engine) -> None:
    """Let the site look at some documents, and fail if it would write any of them otherwise."""

    def look(session: Session) -> None:
        some = list(islice(documents(session, today=day_of(datetime.now(UTC))), 500))
        if search.put_documents(session, some):
            raise RuntimeError("what was written into the index is not what the site would write.")

    _in_transaction(engine, look)


def _settle(url: str) -> None:
    """Do what each database does by itself in the hours after so much was written."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        for table in () if is_sqlite else _numbered(connection):
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
            )
        connection.execute(text("ANALYZE" if is_sqlite else "VACUUM ANALYZE"))
    engine.dispose()


def _numbered(connection: Connection) -> list[str]:
    assert "role_grant" in inspect(connection).get_table_names()
    assert connection.scalar(select(func.count()).select_from(Model.metadata.tables["role_grant"]))
    return ["role_grant"]


def say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)
