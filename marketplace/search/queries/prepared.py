"""Statements written out once and sent as they are: putting one together anew takes longer than most questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ClauseElement, Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler


@dataclass(frozen=True, slots=True)
class Prepared:
    """
    A statement as it is sent to one database.

    `places` are the names of what it is given, in order, if that database goes by the order. `fixed` are values that
    are the same whenever it is run.
    """

    sql: str
    places: tuple[str, ...] | None
    fixed: Mapping[str, Any]

    def run(self, session: Session, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows, as the database gives them."""
        if self.places is None:
            values: Any = {**given, **self.fixed}
        else:
            values = tuple(_told(self.fixed[name] if name in self.fixed else given[name]) for name in self.places)
        return [tuple(row) for row in session.connection().exec_driver_sql(self.sql, values)]


def prepare(statement: ClauseElement, dialect: Dialect) -> Prepared:
    """Return a statement written out for a database."""
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - only schemas compile to anything else
    given = compiled.params
    return Prepared(
        sql=str(compiled),
        places=tuple(compiled.positiontup or ()) if compiled.positional else None,
        fixed={name: value for name, value in given.items() if value is not None},
    )


def _told(value: Any) -> Any:
    """Return a value as a database without types of its own takes it."""
    return value.isoformat() if isinstance(value, date) else value
