"""A throwaway site with the demo town in it, on this machine alone, for as long as it is scanned."""

import contextlib
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks._postgresql import server
from marketplace.kit.places import CouncilCode
from security.tools import ROOT, ToolError

DATABASES = ("sqlite", "postgresql")
HERE = "127.0.0.1"
_PASSWORD = "clubtogether-demo"  # noqa: S105  (the demo shows it to everybody)
_PATIENCE = 60
_COUNCIL = CouncilCode("E08000009")
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Scanned:
    """A site that is served, and where what it kept is."""

    database: str
    url: str
    database_url: str

    def cookie_of(self, person: str) -> str:
        """
        Return the cookie of somebody of the demo town who has signed in with a password.

        :raises ToolError: if they were not let in.
        """
        kept = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(kept), urllib.request.ProxyHandler({}))
        page = f"{self.url}/accounts/sign-in"
        token = _TOKEN.search(opener.open(page, timeout=30).read().decode())
        said = {"csrf_token": token[1] if token else "", "email": f"{person}@example.org", "password": _PASSWORD}
        with contextlib.suppress(urllib.error.HTTPError):
            opener.open(page, urllib.parse.urlencode(said).encode(), timeout=30).close()
        found = "; ".join(f"{cookie.name}={cookie.value}" for cookie in kept)
        asked = urllib.request.Request(f"{self.url}/accounts/me", headers={"Cookie": found})  # noqa: S310
        with opener.open(asked, timeout=30) as answer:
            if "/accounts/sign-in" in answer.url:
                raise ToolError(f"{person} could not sign in.")
        return found

    def token_of_commissioner(self) -> str:
        """Return a token with which the commissioner of the demo town reads figures by the API."""
        import sqlalchemy as sa

        from marketplace.accounts.models import Person
        from marketplace.accounts.rules import PersonId, Role, Viewer
        from marketplace.app import create_app
        from marketplace.config import load_config
        from marketplace.demand.services import tokens
        from marketplace.kit.db import db, transaction

        app = create_app(load_config(env="test", database_url=self.database_url))
        with app.app_context():
            catrin = db.session.scalars(sa.select(Person).where(Person.email == "catrin@example.org")).one()
            by = Viewer(PersonId(catrin.id), roles=frozenset({Role.COMMISSIONER}), council=_COUNCIL)
            with transaction() as session:
                return tokens.make_token(session, viewer=by, name="Scanning", days=30, now=datetime.now(UTC)).token


@contextmanager
def scanned_site(database: str, built: str | None = None) -> Iterator[Scanned | None]:
    """
    Build a site on one of `DATABASES`, serve it until the end of the block, and throw it away. None: no database.

    `built` is the address of a database with the demo town in it already, which may be spoilt: it is scanned as it is.
    """
    with tempfile.TemporaryDirectory(prefix="clubtogether-scan.") as folder, contextlib.ExitStack() as ending:
        url = built or f"sqlite:///{folder}/site.sqlite"
        if database == "postgresql" and not built:
            named = ending.enter_context(server())
            if named is None:
                yield None
                return
            url = ending.enter_context(_own_database(named))
        settings = _settings(url, Path(folder))
        if not built:
            print(f"== Building the demo town on {database}, which takes some minutes", flush=True)
            _build(settings)
        with _served(settings) as address:
            yield Scanned(database, address, url)


@contextmanager
def _own_database(url: str) -> Iterator[str]:
    import sqlalchemy as sa

    server_url = sa.make_url(url)
    name = f"scan_{os.getpid()}"
    engine = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    try:
        yield server_url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        engine.dispose()


def _settings(database_url: str, folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    places = os.environ.get("PLACES_PATH", str(ROOT / "var" / "places.sqlite"))
    with socket.socket() as any_port:
        any_port.bind((HERE, 0))
        port = any_port.getsockname()[1]
    return kept | {
        "DATABASE_URL": database_url,
        "PLACES_PATH": places,
        "MAIL_FOLDER": str(folder / "mail"),
        "PORT": str(port),
        "SITE_URL": f"http://{HERE}:{port}",
        "PYTHONPATH": str(ROOT),
    }


def _build(settings: dict[str, str]) -> None:
    for command in (("alembic", "upgrade", "head"), ("flask", "--app", "wsgi", "demo", "build")):
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", *command], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ToolError(f"{command[0]} failed: {done.stderr.strip()[-800:]}")


@contextmanager
def _served(settings: dict[str, str]) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "security.served:app"],
        cwd=ROOT,
        env=settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(process, settings["SITE_URL"])
        yield settings["SITE_URL"]
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + _PATIENCE
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until:
        if process.poll() is not None:
            raise ToolError("The site stopped before it answered. Start script/server to see why.")
        with contextlib.suppress(OSError):
            opener.open(f"{url}/health/live", timeout=5).close()
            return
        time.sleep(0.2)
    raise ToolError(f"The site did not answer within {_PATIENCE} seconds.")
