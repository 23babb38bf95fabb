"""Has anything changed since? A number for each kind of thing that pages show, counted up by whatever changes it."""

import os
import re
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import BigInteger, Connection, Engine, SmallInteger, String, event, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.keeping import nobodys
from marketplace.kit.model import Model

SLOTS = 4
"""How many rows each number is shared out over."""


class Stamp(Model):
    """
    One of the numbers whose sum says how often something changed. It changes with what it counts, or not at all.

    There are several for each name, so that two who change things at once seldom wait for each other.
    """

    __tablename__ = "stamp"
    kept = nobodys("Has anything changed since?")

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


_ALL = "SELECT name, sum(version) FROM stamp GROUP BY name"
_COUNT_UP = text(
    "INSERT INTO stamp (name, slot, version) VALUES (:name, :slot, 1) "
    "ON CONFLICT (name, slot) DO UPDATE SET version = stamp.version + 1"
)

_CHANGED = re.compile(r'\b(?:INTO|UPDATE|FROM|TRUNCATE|TABLE|COPY)\s+(?:ONLY\s+)?"?(\w+)', re.IGNORECASE)
_CHANGES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE|REPLACE|TRUNCATE|COPY|ALTER|DROP)\b", re.IGNORECASE)
# A name after a dot is a column's.
_NAMED = re.compile(r'(?<![.\w"])"?(\w+)')


@lru_cache(maxsize=1_000)
def changed_by(statement: str) -> frozenset[str]:
    """
    Return the tables that a statement may change: too many rather than too few.

    What it reads from, when it changes anything at all, counts as changed too: no grammar of SQL is needed to be sure.
    """
    return frozenset(_CHANGED.findall(statement)) if _CHANGES.search(statement) else frozenset()


@lru_cache(maxsize=500)
def named_in(statement: str) -> frozenset[str]:
    """Return the tables that a statement may read: every one whose name stands in it."""
    return frozenset(_NAMED.findall(statement)) & Model.metadata.tables.keys()


_reading: ContextVar[set[str] | None] = ContextVar("reading", default=None)


def note_reading() -> set[str]:
    """Note from now on which tables this thread reads, in what is returned."""
    names: set[str] = set()
    _reading.set(names)
    return names


def stop_noting(_error: BaseException | None = None) -> None:
    """Note no more."""
    _reading.set(None)


def count_up(connection: Connection, names: Iterable[str]) -> None:
    """
    Count up the numbers of what changed. The last thing a transaction does, so that it holds nobody up.

    Everybody takes them in the same order, and nothing after them: so nobody waits for each other in a circle.
    """
    slot = (os.getpid() + threading.get_native_id()) % SLOTS
    counted = [{"name": name, "slot": slot} for name in sorted(names)]
    if counted:
        connection.execute(_COUNT_UP, counted)


def _falling_with(name: str) -> set[str]:
    """Return a table and all that the database changes by itself when a row of it goes."""
    falling, seen = [name], {name}
    while falling:
        gone = falling.pop()
        for table in Model.metadata.tables.values():
            follows = any(key.ondelete and key.column.table.name == gone for key in table.foreign_keys)
            if follows and table.name not in seen:
                seen.add(table.name)
                falling.append(table.name)
    return seen


class Stamps:
    """The numbers of one database: which tables have one, who notes what is read and changed, what they are now."""

    def __init__(self, engine: Engine, counted: frozenset[str]) -> None:
        self.counted = counted
        self._engine = engine
        self._spare: deque[Any] = deque()
        event.listen(engine, "before_cursor_execute", self._note)
        event.listen(engine, "engine_disposed", self._close)

    @cached_property
    def _falls_with(self) -> dict[str, set[str]]:
        # Not before the first change, when every table is known.
        return {name: _falling_with(name) & self.counted for name in Model.metadata.tables}

    def _note(self, connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        changed = connection.get_execution_options().get("changed")
        if changed is not None:
            for name in changed_by(statement):
                changed |= self._falls_with.get(name, set())
        reading = _reading.get()
        if reading is not None:
            reading |= named_in(statement)

    def now(self) -> Mapping[str, int] | None:
        """
        Return every number as it is now, or None while the database cannot say.

        Asked before each page that is kept, so it takes the driver's shortest way, on connections of its own that are
        in no transaction: what is committed when it is asked is seen.
        """
        try:
            connection = self._spare.pop()
        except IndexError:
            connection = None
        try:
            connection = connection or self._connect()
            cursor = connection.cursor()
            numbers = {name: int(version) for name, version in cursor.execute(_ALL).fetchall()}
            cursor.close()
        except Exception:  # noqa: BLE001 - whatever it is, the page is drawn anew, and meets it there
            if connection is not None:
                connection.close()
            return None
        self._spare.append(connection)
        return numbers

    def _connect(self) -> Any:
        borrowed = self._engine.raw_connection()
        connection: Any = borrowed.driver_connection
        borrowed.detach()
        if self._engine.dialect.name == "postgresql":
            connection.autocommit = True
        return connection

    def _close(self, _engine: Engine) -> None:
        while self._spare:
            self._spare.pop().close()
