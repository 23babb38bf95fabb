"""Rows written many at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def run(session: Session, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement once for each row, and not at all when there is none."""
    if rows:
        session.execute(statement, [dict(row) for row in rows])


def insert_missing(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, leaving alone those that are there: somebody else may be adding the same ones just now."""
    if session.get_bind().dialect.name == "sqlite":
        run(session, sqlite.insert(table).on_conflict_do_nothing(), rows)
    else:
        run(session, postgresql.insert(table).on_conflict_do_nothing(), rows)
