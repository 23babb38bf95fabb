"""Whose turn is it, when workers die, clocks jump and jobs fail?"""

from datetime import UTC, datetime, timedelta

from marketplace.web.rules.turns import LEASE, Run, is_due, is_late, is_silent

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def begun(ago, *, ended=True, held=False):
    at = NOW - ago
    return Run("x", began_at=at, ended_at=at if ended else None, taken_until=NOW + LEASE if held else None)


def test_a_job_is_due_once_in_its_turn():
    assert is_due(Run("x"), every=HOUR, now=NOW)
    assert is_due(begun(HOUR), every=HOUR, now=NOW)
    assert not is_due(begun(HOUR / 2), every=HOUR, now=NOW)


def test_what_a_living_worker_is_at_is_nobody_elses():
    assert not is_due(begun(HOUR * 2, ended=False, held=True), every=HOUR, now=NOW)
    assert is_due(begun(HOUR * 2, ended=False), every=HOUR, now=NOW)


def test_what_failed_is_tried_again_soon_and_not_at_once():
    assert not is_due(begun(timedelta(minutes=1), ended=False), every=HOUR, now=NOW)
    assert is_due(begun(timedelta(minutes=5), ended=False), every=HOUR, now=NOW)


def test_a_clock_that_was_put_back_keeps_nobody_waiting():
    future = NOW + timedelta(days=1)
    run = Run("x", began_at=future, ended_at=future, taken_until=future + LEASE)
    assert is_due(run, every=HOUR, now=NOW)


def test_what_is_late_and_who_is_silent():
    assert is_late(begun(HOUR * 3), every=HOUR, now=NOW)
    assert not is_late(begun(HOUR), every=HOUR, now=NOW)
    assert is_silent(NOW - HOUR, now=NOW)
    assert not is_silent(None, now=NOW)
