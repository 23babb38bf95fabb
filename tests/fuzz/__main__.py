"""Send requests until there were enough, and say what broke."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path
from random import Random

import sqlalchemy as sa
from flask import Response
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from marketplace.accounts.services import hashing
from tests import addresses
from tests.conftest import migrate
from tests.fuzz import site
from tests.fuzz.drawing import Drawer
from tests.stripe_fake import StripeFake

ROUND = 5_000
"""Requests to one copy of the site: what is broken, spent or closed by then is whole again in the next."""

SIGNED_IN_FOR = 250
SLOW = 5.0
"""Seconds of work, not of waiting for others on the same machine. The database's come on top, and are waited for."""


class Databases:
    """Makes copies of one mould, and throws them away."""

    def __init__(self, server, folder):
        self.server, self.folder = server and make_url(server), folder
        self.names = []

    def new(self, mould=None):
        """Return the address of one more database: empty, or a copy of another."""
        name = f"fuzz_{uuid.uuid4().hex[:8]}"
        self.names.append(name)
        if not self.server:
            if mould:
                shutil.copy(make_url(mould).database, self.folder / name)
            return f"sqlite:///{self.folder / name}"
        like = f' TEMPLATE "{make_url(mould).database}"' if mould else ""
        self._tell(f'CREATE DATABASE "{name}"{like}')
        return self.server.set(database=name).render_as_string(hide_password=False)

    def drop(self, url):
        """Delete a database."""
        name = Path(make_url(url).database).name
        self.names.remove(name)
        if self.server:
            self._tell(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        else:
            for file in self.folder.glob(f"{name}*"):
                file.unlink()

    def drop_all(self):
        """Delete whatever is left."""
        for name in list(self.names):
            self.drop(self.server.set(database=name) if self.server else f"sqlite:///{self.folder / name}")

    def settle(self, url):
        """Put all that was written to a database into its one file."""
        if not self.server:
            engine = sa.create_engine(url)
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.dispose()

    def _tell(self, statement):
        engine = sa.create_engine(self.server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


class Tally:
    """What came back, and what broke."""

    def __init__(self):
        self.statuses, self.kinds, self.endpoints = Counter(), Counter(), set()
        self.broken, self.slowest = {}, (0.0, "")
        self.unsound = set()

    def count(self, asked, response, took, faults):
        """Count an answer. One that is a fault of ours is remembered, once for each place in our code."""
        self.statuses[response.status_code] += 1
        self.kinds[asked.about.split(" ")[0]] += 1
        said = f"{asked.role} {asked.method} {asked.path[:200]}"
        self.slowest = max(self.slowest, (took, said))
        wrong = ""
        if response.status_code >= 500:
            wrong = f"{response.status_code}: {faults.newest or response.get_data(as_text=True)[:100]}"
        elif b"Traceback (most recent" in response.data:
            wrong = f"a traceback in {asked.path[:80]}"
        elif took > SLOW:
            wrong = f"{took:.1f} s of work for {asked.path[:80]}"
        if wrong and wrong not in self.broken:
            self.broken[wrong] = asked
            print(f"\nBROKEN: {wrong}\n  {said}\n  {asked.headers} {asked.kind} {asked.body[:1500]!r}", flush=True)


def send(app, asked, cookies):
    """Send one request, and return what came back, read to its end, and how many seconds of work that took."""
    client = FlaskClient(app, app.response_class, use_cookies=False)
    headers = list(asked.headers)
    if cookies[asked.role] and not any(name == "Cookie" for name, _ in headers):
        headers.append(("Cookie", f"session={cookies[asked.role]}"))
    # What a web server refuses before we see it is not tried.
    overrides = {
        "HTTP_" + name.upper().replace("-", "_"): value.encode().decode("latin-1")
        for name, value in headers
        if name != "Content-Length"
    }
    lengths = [value for name, value in headers if name == "Content-Length"]
    if lengths:
        overrides["CONTENT_LENGTH"] = lengths[-1]
    began = time.thread_time()
    try:
        response = client.open(
            asked.path, method=asked.method or "X", data=asked.body, environ_overrides=overrides,
            **({} if asked.kind is None else {"content_type": asked.kind.encode().decode("latin-1")}),
        )  # fmt: skip
        response.data  # noqa: B018  (streams are read)
    except Exception as error:  # noqa: BLE001 - what no page of ours says is worse than one that does
        return Response(f"raised {type(error).__name__}", status=599), time.thread_time() - began
    return response, time.thread_time() - began


def one_round(app, world, random, requests, tally, faults, until):
    """Send so many requests to one copy of the site, or until it is late, and ask afterwards whether it is sound."""
    before = site.complaints(app)
    drawer = Drawer(random, app, world, site.viewers_of(app, world))
    for number in range(requests):
        if time.monotonic() > until:
            break
        if number % SIGNED_IN_FOR == 0:
            cookies = site.cookies_of(app, world)
        asked = drawer.draw()
        faults.newest = ""
        response, took = send(app, asked, cookies)
        tally.count(asked, response, took, faults)
        drawer.learn(asked, response, response.data)
    tally.unsound |= site.complaints(app) - before


def run(requests, seed, databases, folder, label, minutes):
    """Send all requests, or as many as fit into so many minutes, round by round, and return what came of it."""
    tally, faults = Tally(), site.Faults()
    until = time.monotonic() + minutes * 60
    with StripeFake() as fake:
        mould = databases.new()
        migrate(mould)
        world = site.furnish(mould, fake, folder)
        databases.settle(mould)
        began, sent = time.monotonic(), 0
        while sent < requests and time.monotonic() < until:
            url = databases.new(mould)
            app = site.opened(url, fake, folder)
            app.logger.addHandler(faults)
            app.logger.propagate = False
            now = min(ROUND, requests - sent)
            try:
                one_round(app, world, Random(f"{seed} {sent}"), now, tally, faults, until)
            finally:
                app.extensions["engine"].dispose()
                databases.drop(url)
            sent = tally.statuses.total()
            rate = sent / (time.monotonic() - began)
            print(f"{label}: {sent} of {requests}, {rate:.0f} a second, {len(tally.broken)} broken", flush=True)
    return tally


def main():
    """Read what is wanted, do it, and end with 1 if anything broke."""
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--seed", default="1")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    wanted = parser.parse_args()
    server = os.environ["TEST_POSTGRESQL_URL"] if wanted.database == "postgresql" else None
    os.environ.pop("DATABASE_URL", None)
    hashing._hasher = hashing.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # noqa: SLF001
    addresses.compile_once()
    with tempfile.TemporaryDirectory(prefix="fuzz") as folder:
        databases = Databases(server, Path(folder))
        try:
            tally = run(wanted.requests, wanted.seed, databases, Path(folder), wanted.database, wanted.minutes)
        finally:
            databases.drop_all()
    print(f"\n{wanted.database}: {tally.statuses.total()} requests, seed {wanted.seed}")
    print("  statuses:", ", ".join(f"{status} {count}" for status, count in sorted(tally.statuses.items())))
    print("  kinds:", ", ".join(f"{kind} {count}" for kind, count in tally.kinds.most_common()))
    print(f"  slowest: {tally.slowest[0]:.2f} s, {tally.slowest[1]}")
    for wrong in tally.broken:
        print(f"  BROKEN {wrong}")
    for line in sorted(tally.unsound)[:50]:
        print(f"  UNSOUND {line}")
    sys.exit(1 if tally.broken or tally.unsound else 0)


if __name__ == "__main__":
    main()
