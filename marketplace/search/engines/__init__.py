"""
Where the words are kept and matched: SQLite's FTS5 and PostgreSQL's full text, behind one interface.

An engine only says which documents match. What they weigh, and so their order, is worked out from the same columns in
the same way on both (see `queries`).
"""

from marketplace.search.engines.engine import Engine
from marketplace.search.engines.postgresql import PostgreSQL
from marketplace.search.engines.sqlite import SQLite
from marketplace.search.engines.stored import Kept, is_name, kept_of, row_of, shelf_of

__all__ = ["Engine", "Kept", "engine_on", "is_name", "kept_of", "row_of", "shelf_of"]

_ENGINES: dict[str, Engine] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}


def engine_on(dialect: str) -> Engine:
    """Return the engine of a database, by SQLAlchemy's name for it."""
    return _ENGINES[dialect]
