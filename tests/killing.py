"""
Steps, each in a process of its own, that may be killed at any moment. For tests of crashes.

`serve` runs in a process that has read all code once and forks for each step: to begin anew with Python each time would
take the tests minutes. `Till` is the test's side of it. Nothing of the product knows of either.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import configure_mappers

from marketplace.app import create_app
from marketplace.config import load_config
from tests import addresses

ROOT = Path(__file__).parents[1]
PATIENCE = 60
"""Seconds to wait for Stripe to have been asked."""


@contextmanager
def opened_till(module):
    """Begin the process that serves the steps of a module."""
    with subprocess.Popen(  # noqa: S603  (a test says what)
        [sys.executable, "-m", module], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.stdin.close()


def killed(till, step, at, *, app, fake, now, about, wait_until_done):
    """
    Run a step in a process of its own, and kill it where it is told to. `about` is the ids that the step is told.

    `at` is `("before", 2)`, just before its second commit, `("after", 1)`, or `("stall_before", path)` and
    `("stall_after", path)`, while Stripe is asked and has not done it yet, or has.
    """
    kind, where = at
    fault = fake.fail(kind, where) if kind.startswith("stall") else None
    asked = {
        "step": step,
        "now": now.isoformat(),
        "about": [str(one) for one in about],
        "url": app.extensions["engine"].url.render_as_string(hide_password=False),
        "moment": "never" if fault else kind,
        "number": 0 if fault else where,
        "settings": {
            "stripe_secret_key": fake.secret_key,
            "stripe_webhook_secret": fake.webhook_secret,
            "stripe_api_base": fake.url,
        },
    }
    print(json.dumps(asked), file=till.stdin, flush=True)
    pid = int(till.stdout.readline())
    if fault:
        if not fault.met.wait(timeout=PATIENCE):
            os.kill(pid, signal.SIGKILL)
            till.stdout.readline()
            pytest.fail(f"Stripe was not asked for {where}")
        if kind == "stall_after":
            wait_until_done(where)
        os.kill(pid, signal.SIGKILL)
    assert int(till.stdout.readline()) == -signal.SIGKILL, "it was to be killed, and was not"
    fake.let_go()


def serve(steps):
    """For each line, begin a process that does what the line says. Say its id, and then how it ended."""
    # Some code is read only when an application is made, and tables are brought together when first asked.
    addresses.compile_once()
    _opened("sqlite:///:memory:")
    configure_mappers()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            try:
                _run(steps, **json.loads(line))
            finally:
                os._exit(0)
        print(pid, flush=True)  # noqa: T201  (the test reads it)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201


def _opened(url, **settings):
    secret = "for tests only, and long enough to pass"
    return create_app(load_config(database_url=url, env="test", demo=False, secret_key=secret, **settings))


def _run(steps, *, step, now, about, url, moment, number, settings):
    app = _opened(url, **settings)
    with app.app_context():
        _die_at(app, moment, number)
        steps[step](datetime.fromisoformat(now), *map(UUID, about))


def _die_at(app, moment, number):
    """Kill this process with signal 9 just before or just after its so-manieth commit from now."""
    seen = {"before": 0, "after": 0}

    def count(when):
        def listener(session):
            if session.in_nested_transaction():
                return
            seen[when] += 1
            if moment == when and seen[when] == number:
                os.kill(os.getpid(), signal.SIGKILL)

        return listener

    maker = app.extensions["sessionmaker"]
    sa.event.listen(maker, "before_commit", count("before"))
    sa.event.listen(maker, "after_commit", count("after"))
