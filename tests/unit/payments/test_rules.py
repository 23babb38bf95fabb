from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.money import ZERO, Money
from marketplace.payments.rules import day_is_sound, fits

PENCE = st.integers(0, 10**8)


@given(most=PENCE, amount=PENCE)
def test_a_payment_that_fits_is_something_and_never_more_than_is_owed(most, amount):
    assert fits(amount=Money(amount), most=Money(most)) is (ZERO < Money(amount) <= Money(most))


@pytest.mark.parametrize(
    ("paid_on", "sound"),
    [(date(2026, 5, 4), True), (date(2026, 5, 5), False), (date(2025, 5, 2), True), (date(2025, 5, 1), False)],
)
def test_a_day_of_payment_is_not_to_come_and_not_a_year_before(paid_on, sound):
    invoiced, today = date(2026, 5, 2), date(2026, 5, 4)
    assert day_is_sound(paid_on=paid_on, invoiced_on=invoiced, today=today) is sound
