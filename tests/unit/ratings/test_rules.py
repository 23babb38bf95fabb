from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.ratings import rules
from marketplace.ratings.rules import Act, ReviewStatus

COUNTS = st.tuples(*[st.integers(0, 500)] * 5)


@pytest.mark.parametrize(
    ("status", "act", "after"),
    [
        (ReviewStatus.SHOWN, Act.HOLD, ReviewStatus.HELD),
        (ReviewStatus.SHOWN, Act.RELEASE, None),
        (ReviewStatus.HELD, Act.HOLD, None),
        (ReviewStatus.HELD, Act.RELEASE, ReviewStatus.SHOWN),
    ],
)
def test_what_is_shown_can_be_held_and_what_is_held_released(status, act, after):
    assert rules.next_status(status=status, act=act) is after


@pytest.mark.parametrize("spread", [(0, 0, 0, 0, 0), (0, 0, 0, 0, 1), (1, 0, 0, 0, 1)])
def test_fewer_than_three_people_have_no_average(spread):
    summary = rules.summary_of(spread)
    assert (summary.count, summary.average) == (sum(spread), None)


@pytest.mark.parametrize(
    ("spread", "average"),
    [((0, 0, 0, 0, 3), "5.0"), ((1, 0, 0, 0, 2), "3.7"), ((0, 0, 0, 3, 1), "4.3"), ((0, 0, 0, 17, 3), "4.2")],
)
def test_an_average_has_one_decimal_and_halves_go_up(spread, average):
    assert rules.summary_of(spread).average == Decimal(average)


@given(COUNTS)
def test_an_average_lies_among_the_stars_and_counts_everybody(spread):
    summary = rules.summary_of(spread)
    assert summary.count == sum(spread)
    assert summary.spread == spread
    if summary.count >= rules.FEWEST_RATERS:
        given_stars = [n for n, number in enumerate(spread, start=1) if number]
        assert min(given_stars) <= summary.average <= max(given_stars)


@pytest.mark.parametrize(("stars", "is_fine"), [(0, False), (1, True), (5, True), (6, False), (-1, False)])
def test_stars_go_from_one_to_five(stars, is_fine):
    assert (rules.stars_problem(stars) is None) is is_fine


@pytest.mark.parametrize(("length", "is_fine"), [(0, False), (9, False), (10, True), (3_000, True), (3_001, False)])
def test_words_have_bounds(length, is_fine):
    assert (rules.words_problem("x" * length) is None) is is_fine


@pytest.mark.parametrize(("length", "is_fine"), [(0, False), (1, True), (2_000, True), (2_001, False)])
def test_replies_have_bounds(length, is_fine):
    assert (rules.reply_problem("x" * length) is None) is is_fine
