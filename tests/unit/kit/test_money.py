from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.money import ZERO, Money


@given(pence=st.integers(0, 10**9), ways=st.integers(1, 500))
def test_a_split_never_loses_or_makes_a_penny(pence, ways):
    shares = Money(pence).split(ways)
    assert sum(shares, ZERO) == Money(pence)
    assert max(shares).pence - min(shares).pence <= 1


@given(pence=st.integers(-(10**12), 10**12))
def test_pounds_and_pence_are_the_same_amount(pence):
    assert Money.from_pounds(Money(pence).pounds) == Money(pence)


def test_part_of_a_penny_is_refused():
    with pytest.raises(ValueError, match="pounds and pence"):
        Money.from_pounds(Decimal("1.005"))


@pytest.mark.parametrize(
    ("pence", "said"), [(0, "£0.00"), (5, "£0.05"), (1450, "£14.50"), (123456789, "£1,234,567.89"), (-250, "-£2.50")]
)
def test_an_amount_is_said_in_pounds_and_pence(pence, said):
    assert str(Money(pence)) == said


def test_amounts_add_take_away_and_multiply():
    assert Money(250) + Money(50) - Money(100) == Money(200)
    assert -(Money(250) * 2) == Money(-500)
