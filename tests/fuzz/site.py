"""A site to be sent anything: one of everything in it, on a database of its own, and what to ask of it afterwards."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime

import sqlalchemy as sa
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.rules import ANYONE
from marketplace.app import create_app
from marketplace.config import load_config
from tests.factories.accounts import browser_of
from tests.integration.routes import conftest as one_of_everything
from tests.integration.routes.world import VISITORS

CHECKS = (["ledger", "check"], ["payments", "check"], ["search", "check"], ["ratings", "check"])


def opened(url, fake, folder):
    """Open the site as it runs: nothing of it knows that it is tried."""
    app = create_app(
        load_config(
            env="test",
            database_url=url,
            secret_key="for fuzzing only, and long enough to pass",
            mail_folder=folder / "mail",
            erased_list=folder / "erased.txt",
            demo=False,
            stripe_secret_key=fake.secret_key,
            stripe_webhook_secret=fake.webhook_secret,
            stripe_api_base=fake.url,
        )
    )
    app.testing = False
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    return app


def furnish(url, fake, folder):
    """Put one of everything into a database at head, and return what there is."""
    app = opened(url, fake, folder)
    with Session(app.extensions["engine"], info={"writing": True}) as session:
        session.connection(execution_options={"writing": True})
        world = one_of_everything._world(session, app.extensions["gazetteer"], datetime.now(UTC))  # noqa: SLF001
        session.commit()
    run = app.test_cli_runner().invoke
    for command in (["search", "rebuild"], ["ratings", "check", "--mend"], ["ratings", "index"]):
        run(args=command)
    app.extensions["engine"].dispose()
    return world


def viewers_of(app, world):
    """Return who each visitor is to us."""
    with Session(app.extensions["engine"]) as session:
        return {name: _viewer(session, world.visitors[name]) for name in VISITORS}


def _viewer(session, person_id):
    if person_id is None:
        return ANYONE
    stamp = accounts.session_stamp(session, person_id=person_id)
    return accounts.viewer_with_id(session, person_id=person_id, stamp=stamp)


def cookies_of(app, world):
    """Sign every visitor in anew, and return their cookies."""
    cookies = {}
    for name in VISITORS:
        person_id = world.visitors[name]
        try:
            client = browser_of(app, person_id) if person_id else app.test_client()
        except sa.exc.NoResultFound:
            client = app.test_client()
        with client.session_transaction() as kept:
            # So that a form that was shown once can be sent by this visitor for as long as the site stands.
            kept["csrf_token"] = "fuzz"
        cookies[name] = client.get_cookie("session").value
    return cookies


def complaints(app):
    """Return every line that says that something in the database is amiss."""
    said = set()
    for command in CHECKS:
        result = app.test_cli_runner().invoke(args=command)
        if result.exit_code:
            said |= {f"{command[0]}: {line}" for line in result.output.splitlines() if not line.startswith("WAITS")}
            if result.exception and not isinstance(result.exception, SystemExit):
                said.add(f"{command[0]}: {result.exception!r}")
    engine = app.extensions["engine"]
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            said |= {f"foreign key: {row}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
            said |= {row[0] for row in connection.exec_driver_sql("PRAGMA quick_check") if row[0] != "ok"}
    return said


class Faults(logging.Handler):
    """Hears every fault that the site writes down, and remembers the newest."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.newest = ""

    def emit(self, record):
        """Remember a fault by its kind and where in our code it was raised."""
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/marketplace/" in frame.filename]
            where = " < ".join(
                f"{frame.filename.rpartition('/marketplace/')[2]}:{frame.lineno}" for frame in ours[:-4:-1]
            )
            self.newest = f"{type(error).__name__} at {where}: {str(error)[:300]}"
        else:
            self.newest = record.getMessage()[:300]
