"""How migrations run: one at a time, on either database, giving up soon rather than blocking the site."""

from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import context
from sqlalchemy import Connection, text

import marketplace
from marketplace.config import load_config
from marketplace.kit.db import open_engine
from marketplace.kit.model import Model

ADVISORY_LOCK = 4_270_001

for models in sorted(Path(marketplace.__file__).parent.glob("*/models*")):
    import_module(f"marketplace.{models.parent.name}.models")
for kit_tables in ("audit", "facts", "outbox", "stamps", "tries"):
    import_module(f"marketplace.kit.{kit_tables}")


def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001
    """Leave alone what the engines keep themselves: tables on SQLite, a column and its index on PostgreSQL."""
    return not (name or "").startswith("search_words")


def run(connection: Connection) -> None:
    """Bring one database to where it is asked to be."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET lock_timeout = '4s'"))
        connection.execute(text("SET statement_timeout = '60s'"))
        connection.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))
        connection.commit()
    else:
        # SQLite changes a table by making it anew: what refers to it must not mind while it is away.
        driver(connection).execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        include_object=is_ours,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        lost = driver(connection).execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"rows that refer to nothing: {lost[:10]}")
        driver(connection).execute("PRAGMA foreign_keys=ON")


def driver(connection: Connection) -> Any:
    """Return the driver's own connection: a pragma does nothing once SQLAlchemy has begun a transaction."""
    return connection.connection.dbapi_connection


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = open_engine(context.config.attributes.get("url") or load_config().database_url)
    with engine.connect() as opened:
        run(opened)
    engine.dispose()
