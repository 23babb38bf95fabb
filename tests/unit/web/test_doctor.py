import secrets
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.config import DEVELOPMENT_SECRET
from marketplace.web.rules import doctor
from marketplace.web.rules.doctor import MEGA, Finding, State

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_random_keys_are_strong():
    for _ in range(50):
        assert not doctor.is_weak(secrets.token_hex(32))
        assert not doctor.is_weak(secrets.token_urlsafe(32) + "7")


@pytest.mark.parametrize(
    "secret", ["", "short1", "0" * 64, "ab12" * 16, DEVELOPMENT_SECRET, "put-the-output-of-the-command-below-here"]
)
def test_what_somebody_thought_up_is_weak(secret):
    assert doctor.is_weak(secret)


@pytest.mark.parametrize(("free", "state"), [(100, State.WRONG), (1000, State.LOOK), (9000, State.WELL)])
def test_a_disk_fills(free, state):
    assert doctor.state_of_disk(free * MEGA) is state


@pytest.mark.parametrize(("hours", "state"), [(1, State.WELL), (27, State.LOOK), (24 * 9, State.WRONG)])
def test_a_backup_grows_old(hours, state):
    assert doctor.state_of_backup(NOW - timedelta(hours=hours), now=NOW) is state
    assert doctor.state_of_backup(None, now=NOW) is State.WRONG


@pytest.mark.parametrize(("seconds", "state"), [(-1, State.WELL), (-9, State.LOOK), (31, State.WRONG)])
def test_a_clock_differs(seconds, state):
    assert doctor.state_of_clock(seconds) is state


def test_a_job_is_late_after_three_turns_and_not_before_ten_minutes():
    for every, minutes in ((2, 10), (3600, 180)):
        assert not doctor.is_late(NOW - timedelta(minutes=minutes), every_seconds=every, now=NOW)
        assert doctor.is_late(NOW - timedelta(minutes=minutes + 1), every_seconds=every, now=NOW)
    assert doctor.is_late(None, every_seconds=2, now=NOW)


def test_only_what_is_wrong_ends_with_one():
    findings = [Finding("it", state, "") for state in State]
    assert doctor.exit_code(findings) == 1
    assert doctor.exit_code(one for one in findings if one.state is not State.WRONG) == 0


def test_how_long_ago_is_said_roughly():
    said = [doctor.ago(NOW - timedelta(minutes=minutes), now=NOW) for minutes in (0, 1, 119, 3000)]
    assert said == ["just now", "1 minute ago", "1 hour ago", "2 days ago"]
