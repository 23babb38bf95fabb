from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.budgets.rules import Stream, carry_over_most, may_carry, share
from marketplace.kit.money import ZERO, Money

WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=8)


@given(pence=st.integers(0, 10**10), weights=WEIGHTS)
def test_shares_are_the_whole_to_the_penny_and_in_proportion(pence, weights):
    shares = share(Money(pence), weights)
    assert sum(shares, ZERO) == Money(pence)
    counted = weights if any(weights) else [1] * len(weights)
    assert all(
        abs(one.pence * sum(counted) - pence * weight) < sum(counted)
        for one, weight in zip(shares, counted, strict=True)
    )


@given(weights=WEIGHTS.filter(any), part=st.floats(0, 1))
def test_no_share_is_larger_than_its_weight(weights, part):
    amount = Money(int(sum(weights) * part))
    assert all(one.pence <= weight for one, weight in zip(share(amount, weights), weights, strict=True))


def test_the_pennies_that_are_over_go_to_the_largest_remainders():
    assert share(Money(100), [1, 1, 1]) == (Money(34), Money(33), Money(33))
    assert share(Money(10), [1, 8, 6]) == (Money(1), Money(5), Money(4))
    assert share(Money(7), [0, 0]) == (Money(4), Money(3))
    assert share(Money(7), []) == ()


@pytest.mark.parametrize(
    ("kind", "percent", "most"),
    [
        (Stream.SOCIAL_CARE, 25, Money(250)),
        (Stream.NHS, 0, ZERO),
        (Stream.HOUSING, 100, Money(1_000)),
        (Stream.OWN_MONEY, 25, None),
    ],
)
def test_what_may_be_carried_is_a_part_of_a_weeks_money(kind, percent, most):
    year = {"begins_on": date(2026, 4, 6), "ends_on": date(2027, 4, 4)}
    assert carry_over_most(kind=kind, granted=Money(52_000), percent=percent, **year) == most


def test_what_was_carried_before_counts():
    assert may_carry(left=Money(900), most=Money(250), carried_before=Money(100)) == Money(150)
    assert may_carry(left=Money(900), most=Money(250), carried_before=Money(300)) == ZERO
    assert may_carry(left=Money(90), most=Money(250), carried_before=ZERO) == Money(90)
    assert may_carry(left=Money(900), most=None, carried_before=Money(5)) == Money(900)
