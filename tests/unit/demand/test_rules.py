import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.brokerage.rules.nouns import NoBid
from marketplace.demand import rules
from marketplace.demand.rules import NOT_SHOWN, CategoryCounts, Counted, Quarter, closed_quarters, shown
from marketplace.kit.money import Money

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


@given(since=days, later=st.integers(0, 2000))
def test_closed_quarters_leave_none_out(since, later):
    today = since + timedelta(days=later)
    found = closed_quarters(since=since, today=today)
    assert all(quarter.is_closed(today) for quarter in found)
    assert all(earlier.next == later_one for earlier, later_one in itertools.pairwise(found))
    if found:
        assert found[0] == Quarter.of(since)
        assert found[-1] == Quarter.of(today).previous


@given(st.integers(0, 9))
def test_nothing_under_ten_is_shown_and_zero_looks_the_same(number):
    assert shown(number) is None
    assert Counted(number).shown == Counted(0).shown == NOT_SHOWN


@given(st.integers(10, 10**6))
def test_what_is_shown_is_a_multiple_of_five_within_two_of_the_truth(number):
    figure = shown(number)
    assert figure % 5 == 0
    assert abs(figure - number) <= 2
    assert figure >= 10


@given(number=st.integers(0, 10**6), people=st.integers(0, 9))
def test_what_fewer_than_ten_people_did_is_never_shown_however_often_they_did_it(number, people):
    assert shown(number, people=people) is None
    assert Counted(number, people).shown == NOT_SHOWN


@given(number=st.integers(0, 1000), people=st.integers(0, 1000))
def test_one_person_more_moves_a_figure_by_five_at_most(number, people):
    before, after = shown(number, people=people), shown(number + 1, people=people)
    if before is not None:
        assert after - before in {0, 5}


def test_a_row_has_a_cell_for_each_column_and_no_true_small_count():
    counts = CategoryCounts(
        category="meals",
        name="Meals",
        people=Counted(9),
        arrangements=Counted(40, 9),
        pools_opened=Counted(3, 3),
        pools_met=Counted(0, 0),
        searches=Counted(13),
        briefs=Counted(21, 18),
        awards=Counted(12, 9),
        hourly_price="17.50",
        no_bids={NoBid.TIMES: Counted(14, 12), NoBid.NO_SPACE: Counted(14, 9)},
    )
    row = rules.release_row(counts, council_code="E08000009", council="Trafford", quarter=Quarter(2026, 1))
    assert dict(zip(rules.COLUMNS, row, strict=True)) == {
        "council_code": "E08000009",
        "council": "Trafford",
        "quarter": "2026-q1",
        "first_day": "2026-01-01",
        "last_day": "2026-03-31",
        "category_code": "meals",
        "category": "Meals",
        "people": NOT_SHOWN,
        "arrangements": NOT_SHOWN,
        "pools_opened": NOT_SHOWN,
        "pools_met": NOT_SHOWN,
        "searches_with_no_result": "15",
        "briefs_opened": "20",
        "quotes_chosen": NOT_SHOWN,
        "price_of_an_hour": "17.50",
    } | {f"no_quote_{reason}": "15" if reason is NoBid.TIMES else NOT_SHOWN for reason in NoBid}


@pytest.mark.parametrize(
    ("number", "people", "providers", "said"),
    [(10, 10, 3, "17.50"), (9, 9, 3, NOT_SHOWN), (10, 9, 3, NOT_SHOWN), (10, 10, 2, NOT_SHOWN)],
)
def test_a_price_is_the_middle_of_enough_peoples_and_providers(number, people, providers, said):
    prices = [Money(16_00)] * (number // 2 - 1) + [Money(17_40)] * 2 + [Money(99_00)] * (number - number // 2 - 1)
    assert rules.shown_price(prices, people=people, providers=providers) == said
