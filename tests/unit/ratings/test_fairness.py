from datetime import UTC, date, datetime

import pytest

from marketplace.ratings.rules.appeals import appeal_due_at, objection_due_at, panel_says, words_problem
from marketplace.ratings.rules.nouns import AppealOutcome
from marketplace.ratings.rules.quarters import (
    Band,
    Quarter,
    at_percentile,
    quarter_coded,
    quarter_of,
    quarters_between,
)

SHOW, KEEP = AppealOutcome.OVERTURNED, AppealOutcome.UPHELD


@pytest.mark.parametrize(
    ("votes", "decided"),
    [([], None), ([SHOW, SHOW], None), ([SHOW, KEEP, SHOW], SHOW), ([KEEP, KEEP, SHOW], KEEP), ([KEEP] * 3, KEEP)],
)
def test_three_vote_and_the_majority_decides(votes, decided):
    assert panel_says(votes) is decided


def test_the_panel_has_ten_working_days():
    assert appeal_due_at(datetime(2026, 6, 1, 9, tzinfo=UTC)) == datetime(2026, 6, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("made", "due"),
    [
        ((2026, 1, 31), (2026, 2, 28)),
        ((2026, 12, 15), (2027, 1, 15)),
        ((2026, 6, 30), (2026, 7, 30)),
    ],
)
def test_an_objection_is_decided_within_a_month(made, due):
    assert objection_due_at(datetime(*made, 12, tzinfo=UTC)) == datetime(*due, 12, tzinfo=UTC)


def test_a_case_needs_words_but_not_too_many():
    assert words_problem("")
    assert words_problem("x" * 2_001)
    assert words_problem("It is true.") is None


def test_quarters_begin_and_follow_each_other():
    assert quarter_of(date(2026, 3, 31)) == Quarter(2026, 1)
    assert quarter_of(date(2026, 10, 1)) == Quarter(2026, 4)
    assert Quarter(2026, 4).next.begins_on == date(2027, 1, 1)
    assert Quarter(2026, 2).words == "April to June 2026"
    assert [one.code for one in quarters_between(Quarter(2025, 4), Quarter(2026, 2))] == [
        "2026-q2",
        "2026-q1",
        "2025-q4",
    ]


def test_only_a_quarter_is_read_as_one():
    assert quarter_coded("2026-q3") == Quarter(2026, 3)
    for wrong in ("2026-q5", "26-q1", "2026", "2026-q1x", "1999-q1"):
        assert quarter_coded(wrong) is None


def test_every_number_of_stars_is_in_one_band():
    assert sorted(stars for band in Band for stars in band.stars) == [1, 2, 3, 4, 5]


def test_percentiles_are_values_that_there_were():
    assert at_percentile([], 50) is None
    assert at_percentile([7], 90) == 7
    assert at_percentile([4, 1, 3, 2], 50) == 2
    assert at_percentile(list(range(1, 11)), 90) == 9
