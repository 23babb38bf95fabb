"""The session, and the one place in the codebase that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import Engine, create_engine, event, exc
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from marketplace.kit.asked import ask_anew
from marketplace.kit.outages import READ_ONLY, BusyError, code_of, outage_of
from marketplace.kit.stamps import Stamps, count_up

__all__ = [
    "BUSY_MS",
    "BusyError",
    "Database",
    "db",
    "open_engine",
    "refuse_stray_writes",
    "stop_reading",
    "transaction",
]

BUSY_MS = 15_000
"""How long a writer waits for another before the database gives up, in milliseconds."""

SYNCHRONOUS = "FULL"
"""When SQLite says that something is kept: once it is on the disk, so that it is there also after a power cut."""

_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 24, "pool_timeout": 10, "pool_pre_ping": True}
"""Connections of a process: some kept, some more while many ask at once; nobody waits longer than 10 s for one."""

_REACHING = {
    "connect_timeout": 4,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""When PostgreSQL is given up on: in seconds, the last in milliseconds. Whoever asks would wait for ever otherwise."""

_OF_SERVER = {
    # Compiling a query takes longer than any of ours runs.
    "jit": "off",
    # A machine of ours that vanishes must not hold for hours what others wait for.
    "idle_in_transaction_session_timeout": 600_000,
    "tcp_keepalives_idle": 30,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 3,
}


class Database:
    """One engine for an application, one session for each of its contexts (a request, a command, a job)."""

    def init_app(self, app: Flask, url: str, *, counted: frozenset[str] = frozenset()) -> None:
        """Open the engine this application will use, and count the changes of these tables."""
        engine = open_engine(url)
        maker = sessionmaker(engine)
        refuse_stray_writes(maker)
        app.extensions["engine"] = engine
        app.extensions["sessionmaker"] = maker
        app.extensions["stamps"] = Stamps(engine, counted)
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

    @property
    def has_written(self) -> bool:
        """Whether a transaction was opened in this context, kept or not."""
        return "session" in g and "writing" in self.session.info


db = Database()


def _close_session(_error: BaseException | None) -> None:
    session: Session | None = g.pop("session", None)
    if session is None:
        return
    try:
        session.close()
    except exc.SQLAlchemyError:
        # The connection broke, and whoever asked has their answer.
        session.invalidate()


def stop_reading() -> None:
    """End what was read, so that nothing is held while another machine takes its time to answer."""
    db.session.rollback()
    ask_anew(db.session)


@contextmanager
def transaction() -> Iterator[Session]:
    """
    Commit everything that happens inside, or nothing.

    On SQLite the write lock is taken at once (`BEGIN IMMEDIATE`), so two writers queue instead of failing half-way.

    :raises RuntimeError: if one transaction is opened inside another.
    :raises BusyError: if others held what this needed for longer than `BUSY_MS`, or the database is away, keeps nothing
        more, or went away while it was told to keep this; each is an error of its own kind.
    """
    session = db.session
    if session.info.get("writing"):
        raise RuntimeError("transaction() inside transaction(): pass the session down instead")
    # What was read before must not decide what is written: end that snapshot and read again under the lock.
    _undo(session)
    ask_anew(session)
    session.info["writing"] = True
    is_saving = False
    changed: set[str] = set()
    try:
        session.connection(execution_options={"writing": True, "changed": changed})
        yield session
        # What is left to write is written before it is kept, so that only keeping it can leave us unsure.
        session.flush()
        if changed:
            count_up(session.connection(), changed)
        is_saving = True
        session.commit()
    except BaseException as error:
        _undo(session)
        outage = outage_of(error, is_saving=is_saving)
        if outage is None:
            raise
        # Whatever page comes of it says so.
        g.outage = outage
        raise outage from error
    finally:
        session.info["writing"] = False


def _undo(session: Session) -> None:
    """Roll back. A connection that is broken cannot, and is thrown away: then the database does it."""
    try:
        session.rollback()
    except exc.SQLAlchemyError:
        session.invalidate()


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
        settings = {"lock_timeout": BUSY_MS} | _OF_SERVER
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        # What the address itself says of these is worth more.
        reaching = {name: value for name, value in _REACHING.items() if name not in parsed.query}
        engine = create_engine(parsed, connect_args={"options": options} | reaching, hide_parameters=True, **_POOL)
        event.listen(engine, "handle_error", _leave_who_only_reads)
        return engine
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
    for pragma in ("journal_mode=WAL", f"synchronous={SYNCHRONOUS}", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _leave_who_only_reads(context: ExceptionContext) -> None:
    """Give up every connection to a server that is no longer the one that writes: the next ask who that is now."""
    if code_of(context.sqlalchemy_exception) == READ_ONLY:
        context.is_disconnect = True
