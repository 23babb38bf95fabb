"""The session, and the one place in the codebase that commits."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import Engine, create_engine, event, exc
from sqlalchemy.engine import make_url
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from marketplace.kit.errors import DomainError

log = logging.getLogger(__name__)

BUSY_MS = 15_000
"""How long a writer waits for another before the database gives up, in milliseconds."""

_BUSY = {"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"} | {"55P03", "40P01", "40001"}
"""What SQLite and PostgreSQL call it: a lock that did not come, a deadlock, two writers crossing."""


class BusyError(DomainError):
    """Others were writing for too long. Nothing was done, and the same may well work in a minute."""


class Database:
    """One engine for an application, one session for each of its contexts (a request, a command, a job)."""

    def init_app(self, app: Flask, url: str) -> None:
        """Open the engine this application will use."""
        engine = open_engine(url)
        maker = sessionmaker(engine)
        refuse_stray_writes(maker)
        app.extensions["engine"] = engine
        app.extensions["sessionmaker"] = maker
        app.teardown_appcontext(_close_session)

    @property
    def engine(self) -> Engine:
        """The engine of the current application."""
        engine: Engine = current_app.extensions["engine"]
        return engine

    @property
    def session(self) -> Session:
        """The session of this context, for reading. To write, open `transaction()`."""
        if "session" not in g:
            g.session = current_app.extensions["sessionmaker"]()
        session: Session = g.session
        return session


db = Database()


def _close_session(_error: BaseException | None) -> None:
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.close()


def stop_reading() -> None:
    """End what was read, so that nothing is held while another machine takes its time to answer."""
    db.session.rollback()


@contextmanager
def transaction() -> Iterator[Session]:
    """
    Commit everything that happens inside, or nothing.

    On SQLite the write lock is taken at once (`BEGIN IMMEDIATE`), so two writers queue instead of failing half-way.

    :raises RuntimeError: if one transaction is opened inside another.
    :raises BusyError: if others held what this needed for longer than `BUSY_MS`.
    """
    session = db.session
    if session.info.get("writing"):
        raise RuntimeError("transaction() inside transaction(): pass the session down instead")
    # What was read before must not decide what is written: end that snapshot and read again under the lock.
    session.rollback()
    session.info["writing"] = True
    try:
        session.connection(execution_options={"writing": True})
        yield session
        session.commit()
    except BaseException as error:
        session.rollback()
        if _is_busy(error):
            log.warning("the database was busy for too long")
            raise BusyError(
                "So many people are using the site now that we could not save this. Nothing is lost: wait a minute, "
                "then try again."
            ) from error
        raise
    finally:
        session.info["writing"] = False


def _is_busy(error: BaseException) -> bool:
    if not isinstance(error, exc.OperationalError):
        # Every connection of the pool is at work.
        return isinstance(error, exc.TimeoutError)
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    return code in _BUSY


def refuse_stray_writes(maker: sessionmaker[Session]) -> None:
    """Make a write outside `transaction()` fail loudly instead of vanishing quietly."""

    @event.listens_for(maker, "before_flush")
    def _guard_flush(session: Session, _context: object, _instances: object) -> None:
        if not session.info.get("writing"):
            raise RuntimeError("write outside transaction()")

    @event.listens_for(maker, "do_orm_execute")
    def _guard_statement(state: ORMExecuteState) -> None:
        changes = state.is_insert or state.is_update or state.is_delete
        if changes and not state.session.info.get("writing"):
            raise RuntimeError("write outside transaction()")


def open_engine(url: str) -> Engine:
    """
    Open an engine on SQLite or PostgreSQL, set up the way this project needs it.

    What a statement was given stays out of its errors, which are logged: it is what people wrote, and who they are.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        # Compiling a query takes longer than any of ours runs.
        options = f"-c jit=off -c lock_timeout={BUSY_MS}"
        return create_engine(parsed, pool_pre_ping=True, connect_args={"options": options}, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_MS / 1000}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late and cannot be IMMEDIATE, so we begin ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
