"""The fixtures every test may ask for."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from argon2 import PasswordHasher
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from marketplace.accounts.services import hashing
from marketplace.app import create_app
from marketplace.config import load_config
from marketplace.kit.db import open_engine
from tests import addresses
from tests.careful import CarefulClient
from tests.factories.accounts import cookie_of

ROOT = Path(__file__).parents[1]


def pytest_addoption(parser):
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="which database to test on")


def pytest_configure(config):
    addresses.compile_once()
    # How long an example takes tells how busy the machine is: nothing is timed by a test.
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
    CarefulClient.reads_strictly = config.getoption("--database") == "sqlite"


def pytest_collection_modifyitems(config, items):
    """Leave out on PostgreSQL what would only be said a second time, and on SQLite what it has no server for."""
    left_out = "once" if config.getoption("--database") == "postgresql" else "server"
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker(left_out)])
    items[:] = [item for item in items if not item.get_closest_marker(left_out)]


def pytest_collection_finish():
    """What is loaded by now stays: looking through it again and again for rubbish takes a sixth of the whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(autouse=True, scope="session")
def _network_is_closed():
    """Nothing in a test may reach beyond this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise RuntimeError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    socket.socket.connect = guarded
    yield
    socket.socket.connect = connect


@pytest.fixture(autouse=True, scope="session")
def _passwords_are_quick_to_guess():
    """Making that slow is the whole point of a hash, and here nobody guesses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashing, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(autouse=True, scope="session")
def _nothing_waits_for_the_disk():
    """What a test keeps need not outlast a power cut."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("marketplace.kit.db.SYNCHRONOUS", "OFF")
        yield


def migrate(url, revision="head"):
    """Bring a database to a revision, as an operator would."""
    config = AlembicConfig(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, revision)


def _postgresql_server():
    url = os.environ.get("TEST_POSTGRESQL_URL")
    if not url:
        pytest.exit("TEST_POSTGRESQL_URL is not set: script/test starts a server and sets it", returncode=3)
    return make_url(url)


def _create_postgresql_database(name, template=None):
    server = _postgresql_server()
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def worker(request):
    """The name of this test process, so that each has databases of its own."""
    return os.environ.get("PYTEST_XDIST_WORKER", "gw0") + uuid.uuid4().hex[:6]


@pytest.fixture(scope="session")
def migrated_url(request, tmp_path_factory, worker):
    """A database brought to head by the migrations themselves, never touched by a test: a mould for copies."""
    if request.config.getoption("--database") == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('mould') / 'mould.sqlite'}"
    else:
        url = _create_postgresql_database(f"mould_{worker}")
    migrate(url)
    return url


@pytest.fixture(scope="session")
def new_database(request, tmp_path_factory, migrated_url, worker):
    """Return a function that makes one more empty database at head, and gives its URL."""

    def make():
        if migrated_url.startswith("sqlite"):
            copy = tmp_path_factory.mktemp("database") / "test.sqlite"
            engine = open_engine(migrated_url)
            with engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.dispose()
            shutil.copy(make_url(migrated_url).database, copy)
            return f"sqlite:///{copy}"
        return _create_postgresql_database(f"test_{worker}_{uuid.uuid4().hex[:8]}", make_url(migrated_url).database)

    return make


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    """A folder that all test processes of a run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def drawn(shared_folder):
    """Templates as code. Each is read once in a run, not by every application of every test process."""
    folder = shared_folder / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture(scope="session")
def new_app(new_database, tmp_path_factory, drawn):
    """Return a function that makes an application on a database of its own. For races, jobs and journeys."""
    made = []

    def make(**changes):
        settings = {
            "env": "test",
            "database_url": new_database(),
            "secret_key": "for tests only, and long enough to pass",
            "mail_folder": tmp_path_factory.mktemp("mail"),
            "erased_list": tmp_path_factory.mktemp("left") / "erased.txt",
            "demo": False,
            # What a test arranges and takes back is not counted, so nothing is kept but where a test asks for it.
            "keep_pages_mb": 0,
        }
        app = create_app(load_config(**settings | changes))
        app.jinja_env.bytecode_cache = drawn
        app.test_client_class = CarefulClient
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["engine"].dispose()


@pytest.fixture(scope="session")
def app(new_app):
    """One application for all tests that are rolled back."""
    return new_app()


@pytest.fixture
def connection(app):
    """One connection, one outer transaction, rolled back whatever the test did."""
    engine, maker = app.extensions["engine"], app.extensions["sessionmaker"]
    with engine.connect().execution_options(writing=True) as connection:
        outer = connection.begin()
        before = maker.kw.copy()
        maker.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield connection
        maker.kw.clear()
        maker.kw.update(before)
        outer.rollback()


@pytest.fixture
def session(connection):
    """A session for arranging and asserting, separate from the request's own. Commit what the request must see."""
    with Session(bind=connection, join_transaction_mode="create_savepoint", info={"writing": True}) as session:
        yield session


@pytest.fixture
def client(app, connection):
    """A careful browser that has not signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(client, session):
    """Return a function that signs the client in as a person, by id: with a code from their phone, unless told not."""

    def as_person(person_id, into=None, with_code=True):
        cookie_of_person = cookie_of(session, person_id, with_code=with_code)
        session.commit()
        with (into or client).session_transaction() as cookie:
            cookie.update(cookie_of_person)
        return into or client

    return as_person


@pytest.fixture(scope="session")
def gazetteer(app):
    """Every postcode in England."""
    return app.extensions["gazetteer"]


@pytest.fixture
def now():
    """A moment in the middle of a working day."""
    return datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def count_queries(connection):
    """Every statement sent since the list was last cleared."""
    statements = []

    def record(_connection, _cursor, statement, *_rest):
        if "SAVEPOINT" not in statement:
            statements.append(statement)

    sa.event.listen(connection, "before_cursor_execute", record)
    yield statements
    sa.event.remove(connection, "before_cursor_execute", record)
