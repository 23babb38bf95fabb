"""Two workers, one database: each job runs once in a turn, and a worker that dies keeps nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.kit.db import db, transaction
from marketplace.web.commands.working import Worker
from marketplace.web.jobs import Periodic
from marketplace.web.models import JobRun
from marketplace.web.queries import turns as asking
from marketplace.web.services import turns
from tests.races import all_at_once

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
TURN = {"name": "x", "every": timedelta(hours=1)}


@pytest.fixture
def run_of(real_app):
    def ask(name="x"):
        with real_app.app_context():
            return asking.runs(db.session)[name]

    return ask


def test_of_many_workers_one_takes_the_turn(real_app):
    def take(number):
        with transaction() as session:
            return turns.take_turn(session, by=f"worker {number}", now=NOW, **TURN)

    taken = all_at_once(real_app, [lambda n=n: take(n) for n in range(4)])
    assert sorted(taken) == [False, False, False, True]


def test_a_dead_workers_turn_is_taken_and_it_has_nothing_to_say_afterwards(real_app, run_of):
    with real_app.app_context():
        with transaction() as session:
            assert turns.take_turn(session, by="dead", now=NOW, **TURN)
        later = NOW + timedelta(seconds=50)
        with transaction() as session:
            assert turns.renew(session, names=["x"], by="dead", now=later) == 1
            assert not turns.take_turn(session, by="other", now=NOW + timedelta(seconds=70), **TURN)
        with transaction() as session:
            assert turns.take_turn(session, by="other", now=NOW + timedelta(minutes=6), **TURN)
            turns.end_turn(session, name="x", by="dead", did=5, now=NOW)
        assert run_of().taken_by == "other"


def test_a_worker_says_how_each_job_went(real_app, run_of):
    def fail(_now):
        raise ValueError("Ada Lovelace")

    ran = []
    works, fails = Periodic("works", 3600, lambda now: ran.append(now) or 7), Periodic("fails", 3600, fail)
    one, other = Worker(real_app, (works, fails)), Worker(real_app, (works, fails))
    for worker in (one, other, one):
        worker.turn(works)
        worker.turn(fails)
    assert len(ran) == 1
    assert (run_of("works").did, run_of("works").has_failed, run_of("works").taken_by) == (7, False, None)
    assert (run_of("fails").failed_with, run_of("fails").has_failed) == ("ValueError", True)


def test_a_worker_outlives_its_database(real_app):
    ran = []
    job = Periodic("works", 3600, lambda now: len(ran) or ran.append(now) or 1)
    worker, engine = Worker(real_app, (job,)), real_app.extensions["engine"]
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(sa.text("ALTER TABLE job_run RENAME TO gone"))
    worker.turn(job)
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(sa.text("ALTER TABLE gone RENAME TO job_run"))
    worker.turn(job)
    assert len(ran) == 1
    with real_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(JobRun)) == 1


def test_workers_that_begin_at_the_same_moment_share_the_jobs(real_app, run_of):
    ran, names = [], [f"job {n}" for n in range(6)]
    jobs = tuple(Periodic(name, 3600, lambda _now, name=name: ran.append(name) or 1) for name in names)
    workers = [Worker(real_app, jobs) for _ in range(3)]
    all_at_once(real_app, [lambda worker=worker: [worker.turn(job) for job in jobs] for worker in workers])
    assert sorted(ran) == names
    assert {(run_of(name).did, run_of(name).taken_by) for name in names} == {(1, None)}
