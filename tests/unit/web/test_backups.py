from datetime import UTC, datetime, timedelta

import pytest

from marketplace.web.rules import backups
from marketplace.web.rules.backups import Manifest, TableState
from marketplace.web.rules.summing import sum_of_rows

NOW = datetime(2026, 5, 4, 12, 30, 5, tzinfo=UTC)


def manifest(counters=None, **tables):
    states = {name: TableState(*state) for name, state in tables.items()}
    return Manifest("sqlite", "0060", NOW, states, counters or {})


def test_a_manifest_is_read_as_it_was_written():
    it = manifest(person=(3, "a1"), offer=(0, "00"), counters={"grant_id_seq": 7})
    assert backups.from_json(backups.to_json(it)) == it
    assert it.rows == 3


@pytest.mark.parametrize("words", ["", "{}", "[]", '{"format": 2}', '{"format": 1, "tables": 3}', "not JSON"])
def test_what_is_no_manifest_is_refused(words):
    with pytest.raises(ValueError, match=r"\w"):
        backups.from_json(words)


def test_every_kind_of_difference_is_named():
    told = manifest(one=(3, "a"), two=(3, "a"), three=(3, "a"), same=(1, "x"), counters={"up": 5, "down": 5})
    found = manifest(one=(2, "a"), two=(3, "b"), four=(1, "c"), same=(1, "x"), counters={"up": 6, "down": 4})
    assert backups.differences(told, found) == (
        "four: it is there, and the backup has none",
        "one: 2 rows, and the backup has 3",
        "three: it is missing",
        "two: some row differs",
        "down: it counts from too low",
    )
    assert backups.differences(told, told) == ()


def test_a_name_says_when_and_other_names_say_nothing():
    for is_encrypted in (True, False):
        assert backups.made_at(backups.name_for(NOW, is_encrypted=is_encrypted)) == NOW
    for name in ("erased.txt", ".clubtogether-20260504T123005Z.zip", "clubtogether-20260504T123005Z.zip.part"):
        assert backups.made_at(name) is None


def test_old_backups_go_and_never_the_newest():
    names = [backups.name_for(NOW - timedelta(days=days), is_encrypted=True) for days in (0, 34, 36, 400)]
    assert backups.outlived([*names, "erased.txt"], keep_days=35, now=NOW) == (names[3], names[2])
    assert backups.outlived(names[3:], keep_days=35, now=NOW) == ()


def test_a_sum_depends_on_every_value_and_on_no_order():
    rows = [(1, b"one", None, 2.5), (2, b"two", b"", -1), (3, bytes(100_000), None, 0)]
    assert sum_of_rows(rows) == sum_of_rows(reversed(rows))
    assert sum_of_rows(rows)[0] == 3
    others = [
        [*rows[:2], (3, bytes(99_999) + b"\1", None, 0)],
        [(1, b"one", b"", 2.5), *rows[1:]],
        [(2, b"one", None, 2.5), (1, b"two", b"", -1), rows[2]],
        [*rows, rows[0]],
    ]
    assert len({sum_of_rows(each) for each in [rows, *others]}) == 5
