from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.days import LONDON
from marketplace.pooling import rules
from marketplace.pooling.rules import NEXT, OVER, PoolStatus

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "minutes_left", "expected"),
    [
        (PoolStatus.OPEN, 1, True),
        (PoolStatus.OPEN, 0, False),
        (PoolStatus.CONFIRMED, 60, False),
        (PoolStatus.EXPIRED, 60, False),
        (PoolStatus.WITHDRAWN, 60, False),
    ],
)
def test_a_pool_can_be_joined_only_while_forming_and_in_time(status, minutes_left, expected):
    closes_at = NOON + timedelta(minutes=minutes_left)
    assert rules.accepts_pledges(status=status, closes_at=closes_at, now=NOON) is expected


def test_a_pool_past_its_last_day_is_shown_as_ended_before_anything_closes_it():
    assert rules.status_shown(status=PoolStatus.OPEN, closes_at=NOON, now=NOON) is PoolStatus.EXPIRED
    assert rules.status_shown(status=PoolStatus.CONFIRMED, closes_at=NOON, now=NOON) is PoolStatus.CONFIRMED
    later = NOON + timedelta(seconds=1)
    assert rules.status_shown(status=PoolStatus.OPEN, closes_at=later, now=NOON) is PoolStatus.OPEN


@pytest.mark.parametrize("status", PoolStatus)
@pytest.mark.parametrize("wanted", PoolStatus)
def test_a_pool_becomes_only_what_the_table_says(status, wanted):
    if wanted in NEXT[status]:
        assert rules.next_status(status=status, wanted=wanted) is wanted
    else:
        with pytest.raises(ValueError, match="cannot become"):
            rules.next_status(status=status, wanted=wanted)


def test_a_pool_that_is_over_stays_as_it_is():
    assert set(NEXT) == set(PoolStatus)
    assert {status for status in PoolStatus if not NEXT[status]} == OVER


@given(since=st.timedeltas(timedelta(0), timedelta(days=2000)), days=st.integers(1, 90))
def test_a_pool_closes_at_midnight_in_london_after_its_last_day(since, days):
    opened_at = NOON + since
    closes_at = rules.closing_moment(opened_at=opened_at, days=days)
    in_london = closes_at.astimezone(LONDON)
    assert (in_london.hour, in_london.minute, in_london.second) == (0, 0, 0)
    assert rules.last_day(closes_at) == opened_at.astimezone(LONDON).date() + timedelta(days=days)
    assert closes_at > opened_at


@pytest.mark.parametrize(
    ("minimum_people", "people_from", "words"),
    [
        (4, None, "no price for groups"),
        (1, 2, "from 2 to 50"),
        (51, 2, "from 2 to 50"),
        (3, 4, "starts at 4"),
    ],
)
def test_a_pool_of_the_wrong_size_is_refused_in_words(minimum_people, people_from, words):
    assert words in rules.size_problem(minimum_people=minimum_people, people_from=people_from)


@pytest.mark.parametrize("minimum_people", [4, 5, 50])
def test_a_pool_that_reaches_the_group_price_will_do(minimum_people):
    assert rules.size_problem(minimum_people=minimum_people, people_from=4) is None


@pytest.mark.parametrize(("days", "will_do"), [(0, False), (1, True), (90, True), (91, False), (-1, False)])
def test_a_pool_is_open_for_one_to_ninety_days(days, will_do):
    assert (rules.deadline_problem(days) is None) is will_do


@pytest.mark.parametrize(
    ("starts_on", "will_do"),
    [
        (date(2026, 5, 11), False),
        (date(2026, 5, 12), True),
        (date(2027, 5, 11), True),
        (date(2027, 5, 12), False),
    ],
)
def test_what_a_pool_buys_begins_after_its_last_day_and_within_a_year(starts_on, will_do):
    closes_at = rules.closing_moment(opened_at=NOON, days=7)
    assert (rules.start_problem(closes_at=closes_at, starts_on=starts_on) is None) is will_do


@pytest.mark.parametrize(("quantity", "will_do"), [(0, False), (1, True), (1000, True), (1001, False)])
def test_each_person_gets_a_sensible_amount(quantity, will_do):
    assert (rules.quantity_problem(quantity) is None) is will_do


@pytest.mark.parametrize(("length", "will_do"), [(0, False), (1, True), (80, True), (81, False)])
def test_a_pool_has_a_name_that_fits(length, will_do):
    assert (rules.title_problem("x" * length) is None) is will_do


@pytest.mark.parametrize(("length", "will_do"), [(0, False), (1, True), (1000, True), (1001, False)])
def test_a_pool_says_what_it_is_for(length, will_do):
    assert (rules.purpose_problem("x" * length) is None) is will_do
