"""Statements for any time, and the quarterly return of each account."""

from __future__ import annotations

from datetime import date

from marketplace.budgets.queries import history as queries
from marketplace.budgets.rules import Reason, Stream
from marketplace.budgets.rules.statements import Balance, Quarter
from marketplace.kit.money import ZERO, Money
from tests.factories import accounts as make

TODAY = date(2027, 6, 1)


def stated(session, lively, begins_on, ends_on, viewer=None):
    return queries.statement(
        session,
        viewer=viewer or make.as_viewer(lively.ada),
        on=TODAY,
        budget_id=lively.id,
        begins_on=begins_on,
        ends_on=ends_on,
    )


def test_a_statement_of_the_first_quarter(session, lively, count_queries):
    count_queries.clear()
    said = stated(session, lively, date(2026, 4, 1), date(2026, 6, 30))
    assert len(count_queries) == 3
    assert dict(said.streams)[Stream.NHS] == Balance(
        granted=Money(26_000),
        spent=Money(2_500),
        refunded=Money(500),
        promised=Money(4_400),
        left=Money(26_000 - 4_400 - 2_000),
    )
    assert said.balance.closing == Money(71_500)
    # What is set aside or let go is unspent before and after.
    assert {line.line.reason for line in said.lines} == {Reason.ALLOCATED, Reason.SPENT, Reason.REFUNDED}
    assert [line.unspent.pence for line in said.lines][-1] == 71_500
    assert said.lines[-1].came == Money(500)
    assert said.lines[-2].went == Money(2_000)


def test_a_day_ends_at_midnight_in_england(session, lively):
    may, june = (stated(session, lively, date(2026, m, 1), date(2026, m, d)) for m, d in ((5, 31), (6, 30)))
    assert may.lines == ()
    assert may.balance.closing == june.balance.opening == Money(78_000)
    assert june.balance.spent == Money(7_000)


def test_every_statement_agrees_with_the_books(session, followed):
    months = [(date(2026, month, 1), date(2026, month, 28)) for month in range(4, 13)]
    for begins_on, ends_on in [*months, (date(2026, 4, 6), date(2027, 4, 4)), (date(2027, 4, 4), date(2027, 4, 4))]:
        said = stated(session, followed, begins_on, ends_on)
        assert said.balance.agrees
        assert all(balance.agrees for _kind, balance in said.streams)
        if said.lines:
            assert said.lines[-1].unspent == said.balance.closing


def test_the_last_statement_says_what_was_carried_and_what_went_back(session, followed):
    said = stated(session, followed, date(2027, 4, 1), date(2027, 4, 30))
    assert said.balance.carried == Money(375)
    assert said.balance.returned == Money(63_500 - 375)
    assert said.balance.closing == said.balance.promised == Money(8_000)


def test_before_there_was_a_budget_there_is_nothing_to_state(session, lively):
    said = stated(session, lively, date(2026, 1, 1), date(2026, 1, 31))
    assert (said.streams, said.lines, said.balance) == ((), (), Balance())


def test_a_statement_is_for_those_who_may_see_it(session, lively, now):
    stranger = make.as_viewer(make.person(session))
    assert stated(session, lively, date(2026, 4, 1), date(2026, 6, 30), viewer=stranger) is None


def test_the_quarterly_return_has_a_line_for_each_account(session, followed, count_queries):
    viewer = make.as_viewer(followed.ada)
    count_queries.clear()
    lines = queries.quarterly_return(session, viewer=viewer, on=TODAY, quarter=Quarter(2026, 2))
    assert len(count_queries) == 2
    assert [(line.kind, line.balance.closing.pence, line.carry_over_most.pence) for line in lines] == [
        (Stream.NHS, 24_000, 125),
        (Stream.SOCIAL_CARE, 47_500, 250),
    ]
    assert all(line.balance.agrees for line in lines)


def test_two_budgets_meet_in_the_quarter_of_the_change(session, followed):
    lines = queries.quarterly_return(session, viewer=make.as_viewer(followed.ada), on=TODAY, quarter=Quarter(2027, 2))
    assert len(lines) == 4
    assert sum((line.balance.brought for line in lines), ZERO) == Money(375)
    assert sum((line.balance.carried for line in lines), ZERO) == Money(375)
    later = queries.quarterly_return(session, viewer=make.as_viewer(followed.ada), on=TODAY, quarter=Quarter(2027, 3))
    assert {line.budget_id for line in later} == {followed.following}


def test_whoever_holds_budgets_returns_those_they_may_see(session, lively, now):
    holder, _ = make.friend(session, of=lively.ada, now=now)
    lines = queries.quarterly_return(session, viewer=make.as_viewer(holder), on=now.date(), quarter=Quarter(2026, 2))
    assert {(line.person_name, line.is_own) for line in lines} == {("Ada", False)}
