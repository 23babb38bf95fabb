import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.budgets.rules import Account, Movement, StreamId, allocation, balances, period_is_sound, weeks_in
from marketplace.kit.money import ZERO, Money

STREAM = StreamId(uuid.uuid4())


@given(pence=st.integers(1, 10**8))
def test_money_arriving_balances(pence):
    assert balances(allocation(stream_id=STREAM, amount=Money(pence)))


@pytest.mark.parametrize("amounts", [[], [0], [5], [5, -4], [0, 0], [5, -5, 0]])
def test_sides_that_do_not_sum_to_zero_are_no_transfer(amounts):
    assert not balances(Movement(STREAM, Account.LEFT, Money(pence)) for pence in amounts)


@pytest.mark.parametrize(
    ("begins", "ends", "sound"),
    [
        (date(2026, 4, 6), date(2027, 4, 5), True),
        (date(2026, 4, 6), date(2026, 4, 6), True),
        (date(2026, 4, 6), date(2026, 4, 5), False),
        (date(2026, 4, 6), date(2028, 4, 6), True),
        (date(2026, 4, 6), date(2028, 4, 8), False),
    ],
)
def test_a_period_runs_forwards_for_at_most_two_years(begins, ends, sound):
    assert period_is_sound(begins_on=begins, ends_on=ends) is sound


def test_a_started_week_counts_as_one():
    assert weeks_in(begins_on=date(2026, 4, 6), ends_on=date(2026, 4, 12)) == 1
    assert weeks_in(begins_on=date(2026, 4, 6), ends_on=date(2026, 4, 13)) == 2


def test_nothing_arriving_is_no_transfer():
    assert not balances(allocation(stream_id=STREAM, amount=ZERO))
