"""Balances and quarters."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.budgets.rules import Account, Reason
from marketplace.budgets.rules.statements import (
    Balance,
    Moved,
    Quarter,
    balance_of,
    following_period,
    statement_is_sound,
)
from marketplace.kit.money import ZERO, Money


def moved(account, reason, before=0, within=0):
    return Moved(account, reason, is_in=before + within > 0, before=Money(before), within=Money(within))


def test_a_balance_tells_each_thing_by_itself():
    found = balance_of([
        moved(Account.GRANTED, Reason.ALLOCATED, within=-100),
        moved(Account.LEFT, Reason.ALLOCATED, within=100),
        moved(Account.LEFT, Reason.CARRIED_OVER, before=40),
        moved(Account.CARRIED, Reason.CARRIED_OVER, before=-40),
        moved(Account.LEFT, Reason.CARRIED_OVER, within=-7),
        moved(Account.CARRIED, Reason.CARRIED_OVER, within=7),
        moved(Account.LEFT, Reason.PROMISED, within=-60),
        moved(Account.PROMISED, Reason.PROMISED, within=60),
        moved(Account.PROMISED, Reason.SPENT, within=-50),
        moved(Account.SPENT, Reason.SPENT, within=50),
        moved(Account.SPENT, Reason.REFUNDED, within=-5),
        moved(Account.LEFT, Reason.REFUNDED, within=5),
    ])  # fmt: skip
    assert found == Balance(
        opening=Money(40),
        granted=Money(100),
        spent=Money(50),
        refunded=Money(5),
        carried=Money(7),
        promised=Money(10),
        left=Money(78),
    )
    assert found.agrees
    assert not (found + Balance(spent=Money(1))).agrees


def test_nothing_moved_is_nothing():
    assert balance_of([]) == Balance()
    assert Balance().closing == ZERO


@given(st.dates(date(2000, 1, 1), date(2098, 12, 31)))
def test_every_day_is_in_one_quarter(day):
    quarter = Quarter.holding(day)
    assert quarter.begins_on <= day <= quarter.ends_on
    assert quarter.following.before == quarter.before.following == quarter
    assert quarter.following.begins_on == quarter.ends_on + timedelta(days=1)
    assert Quarter.from_code(quarter.code) == quarter


@pytest.mark.parametrize("code", ["", "2026", "2026-q5", "2026-Q1", "1999-q1", "2026-q1 ", "٢٠٢٦-q1"])
def test_what_is_no_quarter_is_none(code):
    assert Quarter.from_code(code) is None


@pytest.mark.parametrize(("days", "sound"), [(-1, False), (0, True), (731, True), (732, False)])
def test_a_statement_is_about_at_most_two_years(days, sound):
    first = date(2026, 4, 6)
    assert statement_is_sound(begins_on=first, ends_on=first + timedelta(days=days)) is sound


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "following"),
    [
        (date(2026, 4, 6), date(2027, 4, 5), (date(2027, 4, 6), date(2028, 4, 5))),
        (date(2026, 1, 1), date(2026, 12, 31), (date(2027, 1, 1), date(2027, 12, 31))),
        (date(2026, 4, 6), date(2028, 4, 5), (date(2028, 4, 6), date(2030, 4, 5))),
        (date(2026, 4, 6), date(2027, 4, 4), (date(2027, 4, 5), date(2028, 4, 2))),
        (date(2026, 9, 1), date(2026, 9, 30), (date(2026, 10, 1), date(2026, 10, 30))),
        (date(2024, 2, 29), date(2025, 2, 28), (date(2025, 3, 1), date(2026, 3, 1))),
    ],
)
def test_the_next_period_is_as_long(begins_on, ends_on, following):
    assert following_period(begins_on=begins_on, ends_on=ends_on) == following
