"""A row in every table for each of some people, with words in every column that nobody else has."""

import enum
import itertools
import json
import uuid
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib import import_module

import sqlalchemy as sa
from sqlalchemy import JSON, LargeBinary, String

from marketplace.kit.keeping import is_text, kept_in
from marketplace.kit.model import Model, Pence, UtcDateTime
from marketplace.kit.money import Money
from tests.conftest import ROOT

for _models in sorted((ROOT / "marketplace").glob("*/models*")):
    import_module(f"marketplace.{_models.parent.name}.models")
for _tables in ("audit", "facts", "outbox", "stamps", "tries"):
    import_module(f"marketplace.kit.{_tables}")

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
_LETTERS = "ghjkmnpqrstvwxyz"


class Planted:
    """Who has which mark in which column, and how to find what is left of them."""

    def __init__(self, session):
        self.session = session
        self.marks = {}
        self.rows = {}
        self._next = itertools.product(_LETTERS, repeat=4)
        self._number = itertools.count(1)

    def mark(self, owner, column):
        """Return four letters that stand nowhere else, and note whose they are and where."""
        mark = "".join(next(self._next))
        self.marks[mark] = (owner, column.table.name, column.name)
        return mark

    def plant(self, owner, *, done_by):
        """Plant a row in every table, each leading to the owner; whoever did something to it is somebody else."""
        # People first: what is known by their address alone refers to nothing.
        for table in sorted(Model.metadata.sorted_tables, key=lambda table: table.name != "person"):
            kept = kept_in(table)
            values = {}
            for column in table.columns:
                if column.name in {kept.spares, "erased_at"} or self._is_of_itself(column):
                    values[column.name] = None
                elif column.name == kept.by_email:
                    values[column.name] = self.rows[owner, "person"]["email"]
                elif self._names_a_person(column) and table.name != "person":
                    whose = owner if column.name in {kept.whose, *self._keys(table)} else done_by
                    values[column.name] = self.rows[whose, "person"]["id"]
                elif column.foreign_keys:
                    (key,) = column.foreign_keys
                    values[column.name] = self.rows[owner, key.column.table.name][key.column.name]
                else:
                    values[column.name] = self._value(owner, column)
            self.rows[owner, table.name] = values
            self.session.execute(sa.insert(table).values(values))

    def left(self):
        """Return the marks that are still somewhere in the database, whatever the column."""
        text = []
        for table in Model.metadata.sorted_tables:
            for row in self.session.execute(sa.select(table)):
                text += [as_text(value) for value in row]
        return found_in("\n".join(text), self.marks)

    def _value(self, owner, column):
        kind = column.type
        if is_text(column):
            mark = self.mark(owner, column)
            if isinstance(kind, LargeBinary):
                return mark.encode()
            return [mark] if isinstance(kind, JSON) else mark
        if isinstance(kind, String) and hasattr(kind, "enums"):
            return self._choice(kind)
        number = next(self._number)
        return {
            Pence: lambda: Money(number),
            UtcDateTime: lambda: NOW,
            sa.Date: lambda: date(2026, 5, 4),
            sa.Time: lambda: time(9),
            sa.Boolean: lambda: False,
            sa.Numeric: lambda: Decimal(number),
            sa.Uuid: uuid.uuid4,
        }.get(type(kind), lambda: number * 10 + 1 if column.name == "quarter" else number)()

    @staticmethod
    def _choice(kind):
        if kind.enum_class is not None and issubclass(kind.enum_class, enum.Enum):
            return next(iter(kind.enum_class))
        return kind.enums[0]

    @staticmethod
    def _keys(table):
        return {column.name for column in table.primary_key.columns}

    @staticmethod
    def _is_of_itself(column):
        return any(key.column.table is column.table for key in column.foreign_keys)

    @staticmethod
    def _names_a_person(column):
        if column.name.endswith("person_id") and not column.foreign_keys:
            return True
        return any(key.column.table.name == "person" for key in column.foreign_keys)


def as_text(value):
    """Return what a value says, however it is kept."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


def found_in(text, marks):
    """Return those of the marks that stand in a text."""
    return {mark for mark in marks if mark in text}
