from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.quarters import Quarter

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
moments = st.timedeltas(timedelta(0), timedelta(days=36_000)).map(
    lambda since: datetime(2000, 1, 1, tzinfo=UTC) + since
)
quarters = st.builds(Quarter, st.integers(2000, 2099), st.integers(1, 4))


@pytest.mark.parametrize(
    ("number", "label", "starts_on", "ends_on"),
    [
        (1, "January to March 2026", date(2026, 1, 1), date(2026, 4, 1)),
        (2, "April to June 2026", date(2026, 4, 1), date(2026, 7, 1)),
        (3, "July to September 2026", date(2026, 7, 1), date(2026, 10, 1)),
        (4, "October to December 2026", date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_a_quarter_is_three_months(number, label, starts_on, ends_on):
    quarter = Quarter(2026, number)
    assert (quarter.label, quarter.starts_on, quarter.ends_on) == (label, starts_on, ends_on)


@given(quarters)
def test_quarters_follow_each_other_without_gap_or_overlap(quarter):
    assert quarter.ends_on == quarter.next.starts_on
    assert quarter.ends_at == quarter.next.starts_at
    assert quarter.next.previous == quarter
    assert quarter < quarter.next


@given(days)
def test_every_day_is_in_exactly_one_quarter(day):
    quarter = Quarter.of(day)
    assert quarter.starts_on <= day < quarter.ends_on
    assert day <= quarter.last_day


@given(moments)
def test_every_moment_is_in_the_quarter_that_london_is_in(moment):
    quarter = Quarter.of(moment)
    assert quarter.starts_at <= moment < quarter.ends_at


def test_a_summer_quarter_begins_at_midnight_in_london_not_in_greenwich():
    assert Quarter(2026, 2).starts_at == datetime(2026, 3, 31, 23, tzinfo=UTC)
    assert Quarter.of(datetime(2026, 3, 31, 23, 30, tzinfo=UTC)) == Quarter(2026, 2)


@given(quarters)
def test_a_quarter_is_found_again_by_its_address(quarter):
    assert Quarter.from_slug(quarter.slug) == quarter


@pytest.mark.parametrize(
    "slug", ["", "2026", "2026-q0", "2026-q5", "26-q1", "2026-Q1", "2026-q1 ", "0000-q1", "9999-q1"]
)
def test_what_is_not_a_quarter_is_refused(slug):
    with pytest.raises(ValueError, match="quarter"):
        Quarter.from_slug(slug)


@given(days)
def test_the_quarter_before_this_one_is_over_and_this_one_is_not(today):
    quarter = Quarter.of(today).previous
    assert quarter.is_closed(today)
    assert not quarter.next.is_closed(today)
