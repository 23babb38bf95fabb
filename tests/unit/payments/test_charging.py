from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.money import ZERO, Money
from marketplace.payments.rules import banking
from marketplace.payments.rules.charging import Next, after_failure, fee_of, next_reminder, wait_before_check

FAILED = datetime(2026, 5, 4, 12, tzinfo=UTC)


@given(pence=st.integers(1, 10**8), rate=st.decimals(0, 10, places=2))
def test_a_fee_is_never_more_than_said_and_less_than_a_penny_below(pence, rate):
    fee = fee_of(Money(pence), pence_per_pound=rate)
    assert ZERO <= fee <= Money(pence)
    assert 0 <= pence * rate / 100 - fee.pence < 1


def test_half_a_penny_is_left_to_the_provider():
    assert fee_of(Money(43_50), pence_per_pound=Decimal("1.5")) == Money(65)


def test_stripe_is_asked_less_and_less_often_and_every_hour_at_least():
    waits = [wait_before_check(checks) for checks in range(30)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=20)
    assert waits[-1] == timedelta(hours=1)


def test_people_are_reminded_every_two_days_and_the_provider_is_told_after_seven():
    moments = [FAILED]
    while after_failure(failed_at=FAILED, now=moments[-1]) is Next.REMIND:
        moments.append(next_reminder(failed_at=FAILED, now=moments[-1]))
    assert [(it - FAILED).days for it in moments] == [0, 2, 4, 6, 7]


@pytest.mark.parametrize("typed", ["12-34-56", "12 34 56", "123456", "12–34–56"])
def test_a_sort_code_is_written_in_many_ways(typed):
    assert banking.sort_code(typed) == "123456"
    assert banking.shown_sort_code("123456") == "12-34-56"


@pytest.mark.parametrize("typed", ["12345", "1234567", "12345a", "", "١٢٣٤٥٦"])
def test_what_is_no_sort_code_is_none(typed):
    assert banking.sort_code(typed) is None


@pytest.mark.parametrize(
    ("typed", "number"), [("12345678", "12345678"), ("1234567", "01234567"), ("1234 5678", "12345678")]
)
def test_an_account_number_has_eight_figures(typed, number):
    assert banking.account_number(typed) == number


@pytest.mark.parametrize("typed", ["123456789", "1234567x", "", "00000000"])
def test_what_is_no_account_number_is_none(typed):
    assert banking.account_number(typed) is None
