"""How often something was tried, counted in the database, so that all processes and machines count together."""

import hmac
import logging
import time
from collections import deque
from typing import Any, cast

from sqlalchemy import BigInteger, CursorResult, Engine, Index, String, delete, event
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.kit.keeping import nobodys
from marketplace.kit.model import Model

log = logging.getLogger(__name__)

_PATIENCE_MS = 250
"""How long a count waits for others who write, in milliseconds. No page waits longer for being counted."""


class Tries(Model):
    """How often one thing was tried within one window of time. The key is a keyed hash: it tells of nobody."""

    __tablename__ = "tries"
    kept = nobodys("How often something was tried")
    __table_args__ = (Index(None, "ends_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    # The second of 1970 in which the window ends, and the count with it.
    ends_at: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


_ADD = """
INSERT INTO tries (key, ends_at, count) VALUES ({key}, {ends_at}, {amount})
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN tries.ends_at <= {now} THEN 0 ELSE tries.count END + excluded.count,
  ends_at = CASE WHEN tries.ends_at <= {now} THEN excluded.ends_at ELSE tries.ends_at END
RETURNING count, ends_at
"""
_SEEN = "SELECT count, ends_at FROM tries WHERE key = {key} AND ends_at > {now}"
_FORGET = "DELETE FROM tries WHERE key = {key}"


class CountError(Exception):
    """The database did not count this now. It is no reason to refuse anybody."""


class TryCounter:
    """
    Counts in one database, each time by one statement on a connection of its own, which belongs to no transaction.

    So what is counted stays counted when the page that tried is taken back, and a page that waits for others is not
    waited for. No count waits for a disk or a second server to confirm it: after a crash, the last ones may be lost.
    """

    def __init__(self, engine: Engine, key: str) -> None:
        self._engine = engine
        self._key = key.encode()
        self._is_postgresql = engine.dialect.name == "postgresql"
        self._spare: deque[Any] = deque()
        event.listen(engine, "engine_disposed", self._close)

    def add(self, name: str, *, lasts: int, amount: int = 1) -> tuple[int, int]:
        """
        Count that something was tried; return how often in its window now, and the second in which that ends.

        :param lasts: seconds from the first try until the count begins anew.
        :raises CountError: if the database is away, or busy for too long. Nothing was counted.
        """
        now = int(time.time())
        rows = self._run(_ADD, key=self._hidden(name), ends_at=now + lasts, amount=amount, now=now)
        return int(rows[0][0]), int(rows[0][1])

    def seen(self, name: str) -> tuple[int, int]:
        """
        Return how often something was tried in the window that is open, and when that ends. (0, now) if none is.

        :raises CountError: if the database is away.
        """
        now = int(time.time())
        rows = self._run(_SEEN, key=self._hidden(name), now=now)
        return (int(rows[0][0]), int(rows[0][1])) if rows else (0, now)

    def forget(self, name: str) -> None:
        """
        Begin anew with a count.

        :raises CountError: if the database is away, or busy for too long.
        """
        self._run(_FORGET, key=self._hidden(name))

    def _hidden(self, name: str) -> str:
        return hmac.digest(self._key, f"tries {name}".encode("utf-8", "surrogatepass"), "sha256").hex()

    def _run(self, statement: str, **given: str | int) -> list[Any]:
        marks = "%({})s" if self._is_postgresql else ":{}"
        sql = statement.format(**{name: marks.format(name) for name in given})
        connection = None
        try:
            connection = self._spare.pop() if self._spare else self._connect()
            cursor = connection.cursor()
            cursor.execute(sql, given)
            rows: list[Any] = cursor.fetchall() if cursor.description else []
            cursor.close()
        except Exception as error:
            # Whatever it is, the next count begins with another connection.
            if connection is not None:
                connection.close()
            log.warning("a try was not counted: %s", type(error).__name__)
            raise CountError from error
        self._spare.append(connection)
        return rows

    def _connect(self) -> Any:
        borrowed = self._engine.raw_connection()
        connection: Any = borrowed.driver_connection
        borrowed.detach()
        if self._is_postgresql:
            connection.autocommit = True
            for setting in (f"lock_timeout = {_PATIENCE_MS}", "synchronous_commit = off"):
                connection.execute(f"SET {setting}")
        else:
            connection.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
        return connection

    def _close(self, _engine: Engine) -> None:
        while self._spare:
            self._spare.pop().close()


def forget_ended(session: Session, *, now: int) -> int:
    """Delete the counts whose window is over; return how many. `now` is a second of 1970."""
    ended = session.execute(delete(Tries).where(Tries.ends_at <= now))
    return cast("CursorResult[Any]", ended).rowcount
