"""A worker that is told to stop in the middle of a job, in a process of its own, leaves nothing half done or undone."""

import email
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.kit import outbox
from marketplace.kit.db import db, transaction
from marketplace.kit.letterhead import Letterhead
from marketplace.kit.mail import FilePostman
from marketplace.kit.outbox import Message
from marketplace.web.jobs import send_letters
from marketplace.web.queries import turns as asking
from marketplace.web.rules.turns import TRIED_AGAIN_AFTER
from marketplace.web.services import turns
from tests.conftest import ROOT

pytestmark = pytest.mark.once
EVERY = timedelta(seconds=2)


@pytest.fixture
def folder(real_app, tmp_path):
    """Where letters arrive, whoever brings them."""
    real_app.extensions["postman"] = FilePostman(
        tmp_path, Letterhead("us@example.org", "Clubtogether", "http://localhost")
    )
    return tmp_path


@pytest.fixture
def begin(real_app, folder):
    """Return a function that begins a worker in the middle of its first letter, and is left with it dead."""

    @contextmanager
    def begun(how):
        url = real_app.extensions["engine"].url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "tests.slow_post", url, str(folder), how]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            try:
                assert process.stdout.readline() == "holds a letter\n"
                yield process
            finally:
                process.kill()

    return begun


def write(arrange, *names):
    now = datetime.now(UTC)
    arrange(
        lambda session: [
            outbox.send(session, to=f"{one}@x.org", subject="Hi", body="It is done.", now=now) for one in names
        ]
    )


def arrived(folder):
    return sorted(email.message_from_bytes(path.read_bytes())["To"] for path in folder.glob("*.eml"))


def waiting(app):
    with app.extensions["engine"].connect() as connection:
        return connection.scalars(sa.select(Message.to).where(Message.sent_at.is_(None))).all()


def run_of(app):
    with app.app_context():
        return asking.runs(db.session)["send-letters"]


def take(app, *, later):
    with app.app_context(), transaction() as session:
        now = datetime.now(UTC) + later
        return turns.take_turn(session, name="send-letters", by="another", every=EVERY, now=now)


def test_what_a_worker_is_at_when_it_is_told_to_stop_comes_to_its_end(real_app, arrange, folder, begin):
    write(arrange, "ada", "ben")
    with begin("ends") as process:
        # While it is at it, nobody else is.
        assert not take(real_app, later=TRIED_AGAIN_AFTER / 10)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert arrived(folder) == ["ada@x.org", "ben@x.org"]
    assert waiting(real_app) == []
    run = run_of(real_app)
    assert (run.did, run.has_failed, run.taken_by) == (2, False, None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_is_cut_off_is_taken_up_by_another(real_app, arrange, folder, begin, number):
    write(arrange, "ada")
    with begin("stays") as process:
        process.send_signal(number)
        assert process.wait(60) == (0 if number == signal.SIGTERM else -number)
    run = run_of(real_app)
    assert (run.has_failed, run.failed_with) == (True, "stopped" if number == signal.SIGTERM else None)
    assert (run.taken_by is None) == (number == signal.SIGTERM)
    assert arrived(folder) == []
    assert take(real_app, later=TRIED_AGAIN_AFTER)
    with real_app.app_context():
        assert send_letters(datetime.now(UTC) + timedelta(hours=1)) == 1
    assert arrived(folder) == ["ada@x.org"]
    assert waiting(real_app) == []


def test_workers_as_they_are_begun_send_each_letter_once_and_stop_when_told(real_app, arrange, folder):
    settings = {
        "ENV": "development",
        "DATABASE_URL": real_app.extensions["engine"].url.render_as_string(hide_password=False),
        "DEMO": "false",
        "MAIL_FOLDER": str(folder),
        "ERASED_LIST": str(folder / "erased.txt"),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
    names = [f"somebody{n}" for n in range(20)]
    began = [
        subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stderr=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(2)
    ]
    try:
        for process in began:
            assert any("runs" in line for line in process.stderr)
        write(arrange, *names)
        until = datetime.now(UTC) + timedelta(seconds=60)
        while waiting(real_app) and datetime.now(UTC) < until:
            assert [process.poll() for process in began] == [None, None]
            time.sleep(0.1)
        for process in began:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(60) for process in began] == [0, 0]
    finally:
        for process in began:
            process.kill()
            process.communicate()
    assert arrived(folder) == sorted(f"{name}@x.org" for name in names)
    tried = arrange(lambda session: session.scalars(sa.select(Message.attempts)).all())
    assert tried == [1] * 20
    with real_app.app_context():
        assert [run.name for run in asking.runs(db.session).values() if run.taken_by] == []
