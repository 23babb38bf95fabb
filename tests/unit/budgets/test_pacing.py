"""This week's pace, and whether the money lasts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.budgets.rules.pacing import Outlook, months_spent, pace, picture
from marketplace.kit.money import ZERO, Money

FIRST, LAST = date(2026, 4, 6), date(2027, 4, 4)
TODAY = date(2026, 8, 2)  # a Sunday, 245 days before the last


def paced(*, to_spend=520_000, spent=(), today=TODAY):
    return pace(
        to_spend=Money(to_spend),
        spent={on: Money(amount) for on, amount in spent},
        begins_on=FIRST,
        ends_on=LAST,
        today=today,
    )


def test_four_weeks_make_the_pace_of_a_week():
    found = paced(
        to_spend=350_000, spent=[(TODAY, 20_000), (TODAY - timedelta(27), 20_000), (TODAY - timedelta(28), 9)]
    )
    assert found.weekly == Money(10_000)
    assert found.lasts_until == TODAY + timedelta(days=245) == LAST
    assert (found.outlook, found.over_at_end, found.days_short(LAST)) == (Outlook.LASTS, ZERO, 0)


def test_a_penny_less_runs_out_a_day_early():
    found = paced(to_spend=349_999, spent=[(TODAY, 40_000)])
    assert found.outlook is Outlook.RUNS_OUT
    assert found.lasts_until == LAST - timedelta(days=1)
    assert found.days_short(LAST) == 1
    assert found.affordable == Money(349_999 * 7 // 245)


def test_money_that_is_left_over_is_said():
    found = paced(to_spend=400_000, spent=[(TODAY, 40_000)])
    assert (found.outlook, found.over_at_end) == (Outlook.LASTS, Money(50_000))


def test_a_young_period_counts_only_its_own_days():
    today = FIRST + timedelta(days=13)
    assert paced(spent=[(today, 20_000)], today=today).weekly == Money(10_000)


@pytest.mark.parametrize(
    ("changes", "outlook"),
    [
        ({"today": FIRST - timedelta(1)}, Outlook.NOT_BEGUN),
        ({"today": FIRST + timedelta(5), "spent": [(FIRST, 100)]}, Outlook.TOO_EARLY),
        ({}, Outlook.NOTHING_SPENT),
        ({"spent": [(TODAY, 5_000), (TODAY - timedelta(1), -5_000)]}, Outlook.NOTHING_SPENT),
        ({"spent": [(TODAY, -5_000)]}, Outlook.NOTHING_SPENT),
        ({"to_spend": 0, "spent": [(TODAY, 5_000)]}, Outlook.ALL_SPENT),
        ({"today": LAST + timedelta(1)}, Outlook.OVER),
    ],
)
def test_what_there_is_to_say_besides(changes, outlook):
    assert paced(**changes).outlook is outlook


@given(
    st.integers(0, 10**8),
    st.dictionaries(st.integers(0, 363), st.integers(-(10**6), 10**6), max_size=20),
    st.integers(-10, 400),
)
def test_the_pace_never_says_what_cannot_be(to_spend, spent, day):
    today = FIRST + timedelta(days=day)
    found = paced(to_spend=to_spend, spent=[(FIRST + timedelta(n), amount) for n, amount in spent.items()], today=today)
    assert found.weekly >= ZERO
    assert ZERO <= found.over_at_end <= Money(to_spend)
    if found.outlook is Outlook.LASTS:
        assert found.lasts_until >= LAST
    if found.outlook is Outlook.RUNS_OUT:
        assert today <= found.lasts_until < LAST
        assert found.over_at_end == ZERO


@given(st.dictionaries(st.integers(-30, 420), st.integers(-(10**6), 10**6), max_size=30), st.integers(1, 10**8))
def test_months_add_up_to_all_that_was_spent(spent, available):
    days = {FIRST + timedelta(n): Money(amount) for n, amount in spent.items()}
    months = months_spent(spent=days, available=Money(available), begins_on=FIRST, ends_on=LAST, today=LAST)
    assert len(months) == 13
    assert months[-1].so_far == sum(days.values(), ZERO) == sum((month.spent for month in months), ZERO)
    assert months[-1].even == Money(available)


def test_no_month_is_shown_before_it_comes():
    months = months_spent(spent={}, available=Money(364), begins_on=FIRST, ends_on=LAST, today=date(2026, 5, 1))
    assert [(month.month, month.even) for month in months] == [(FIRST, Money(25)), (date(2026, 5, 1), Money(26))]


def drawn(found, spent, available=520_000):
    spent = {on: Money(amount) for on, amount in spent}
    return picture(found, spent=spent, available=Money(available), begins_on=FIRST, ends_on=LAST)


def test_the_picture_steps_up_with_what_was_spent_and_leads_to_the_end():
    spent = [(FIRST, 52_000), (TODAY, 26_000)]
    found = drawn(paced(to_spend=442_000, spent=spent), spent)
    assert found.steps[0] == (0.0, 0.0)
    assert found.steps[-1] == (119 / 364, 0.15)
    assert found.today == 119 / 364
    assert found.ahead == (1.0, 0.5875)  # £65 a week for 35 weeks: £2,275 more of £5,200
    assert found.top == Money(520_000)


def test_the_picture_ends_where_the_money_does():
    spent = [(TODAY, 260_000)]
    found = drawn(paced(to_spend=260_000, spent=spent), spent)
    assert found.ahead == ((119 + 28) / 364, 1.0)


@given(
    st.dictionaries(st.integers(-30, 420), st.integers(-(10**6), 10**6), max_size=20),
    st.integers(1, 10**8),
    st.integers(-10, 400),
)
def test_nothing_is_drawn_outside_the_picture(days, available, day):
    spent = [(FIRST + timedelta(n), amount) for n, amount in days.items()]
    today = FIRST + timedelta(days=day)
    gone = sum(amount for on, amount in spent)
    found = drawn(paced(to_spend=max(available - gone, 0), spent=spent, today=today), spent, available)
    for across, up in [*found.steps, found.ahead or (0, 0)]:
        assert 0 <= across <= 1
        assert up >= 0


def test_nothing_to_spend_is_nothing_to_draw():
    assert drawn(paced(to_spend=0), [], available=0) is None
