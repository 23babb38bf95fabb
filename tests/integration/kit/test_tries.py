"""Whatever process counts, and however many at once: a try counts once, and no page waits for being counted."""

import time

import pytest
import sqlalchemy as sa

from marketplace.kit.db import transaction
from marketplace.kit.limits import DatabaseStorage
from marketplace.kit.tries import CountError, Tries, TryCounter, forget_ended
from tests.races import all_at_once


@pytest.fixture
def tries(real_app):
    return real_app.extensions["tries"]


def test_all_processes_count_together_and_no_try_is_lost(real_app, tries):
    other = TryCounter(real_app.extensions["engine"], "for tests only, and long enough to pass")
    counts = all_at_once(
        real_app, [lambda one=one: one.add("sign-in ada@example.org", lasts=60)[0] for one in [tries, other] * 4]
    )
    assert sorted(counts) == list(range(1, 9))
    assert tries.seen("sign-in ada@example.org")[0] == 8
    assert tries.seen("sign-in bob@example.org")[0] == 0
    tries.forget("sign-in ada@example.org")
    assert other.seen("sign-in ada@example.org")[0] == 0


def test_a_window_ends_and_the_count_begins_anew(real_app, tries, monkeypatch):
    began = time.time()
    tries.add("x", lasts=60)
    assert tries.add("x", lasts=60)[0] == 2
    monkeypatch.setattr("marketplace.kit.tries.time.time", lambda: began + 61)
    assert tries.seen("x")[0] == 0
    assert tries.add("x", lasts=60) == (1, int(began + 61) + 60)
    with real_app.app_context():
        for later, gone in ((100, 0), (122, 1), (122, 0)):
            with transaction() as session:
                assert forget_ended(session, now=int(began) + later) == gone


def test_what_is_kept_names_nobody(real_app, tries):
    tries.add("sign-in ada@example.org 192.0.2.7", lasts=60)
    with real_app.extensions["engine"].connect() as connection:
        (key,) = connection.scalars(sa.select(Tries.key)).all()
    assert len(key) == 64
    assert "ada" not in key


def test_a_page_does_not_wait_for_being_counted_and_the_process_counts_meanwhile(real_app, tries):
    tries.add("busy", lasts=60)
    with real_app.app_context(), transaction() as session:
        # On SQLite that holds everything up, on PostgreSQL this one row.
        session.execute(sa.update(Tries).values(count=5))
        began = time.monotonic()
        with pytest.raises(CountError):
            tries.add("busy", lasts=60)
        assert time.monotonic() - began < 2
        storage = DatabaseStorage()
        assert [storage.incr("busy", 60) for _ in range(3)] == [1, 2, 3]
    with real_app.app_context():
        assert storage.incr("busy", 60) == 6
