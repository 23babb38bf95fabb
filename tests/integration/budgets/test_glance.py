"""What a person, or whoever they let, sees of a budget."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.accounts.rules import Scope
from marketplace.accounts.services import delegations
from marketplace.budgets.queries import budgets as queries
from marketplace.budgets.queries import export, history, paying
from marketplace.budgets.rules import Holding, Purpose, Reason, Stream
from marketplace.budgets.services.budgets import (
    BudgetNotFoundError,
    HeldBy,
    HolderUnnamedError,
    change_budget,
    set_up_budget,
)
from marketplace.kit.money import ZERO, Money
from tests.factories import accounts as make
from tests.factories import budgets as given

TODAY = date(2026, 7, 1)


def seen(session, person, budget_id=None, on=TODAY):
    return queries.seen_budgets(session, viewer=make.as_viewer(person), on=on, budget_id=budget_id)


def test_allocated_is_promised_spent_and_left(session, lively, count_queries):
    count_queries.clear()
    [page] = seen(session, lively.ada, lively.id)
    assert len(count_queries) == 1
    assert (page.allocated, page.promised, page.spent, page.left) == (
        Money(78_000),
        Money(4_000 + 4_000),
        Money(5_000 + 1_500),
        Money(78_000 - 8_000 - 6_500),
    )
    assert {line.kind: line.spent for line in page.streams} == {
        Stream.SOCIAL_CARE: Money(4_500),
        Stream.NHS: Money(500 + 1_500),
    }
    for line in page.streams:
        assert line.allocated == line.left + line.promised + line.spent + line.returned


def test_what_was_carried_over_counts_where_it_is(session, followed):
    old, new = (seen(session, followed.ada, budget_id)[0] for budget_id in (followed.id, followed.following))
    # A week is £10 and £5: a quarter of each.
    assert -old.brought == new.brought == Money(250 + 125)
    assert old.left == ZERO
    assert old.allocated == old.promised + old.spent + old.returned
    assert new.allocated == new.left == Money(1_375)
    assert old.closed_at is not None


def test_a_friend_with_live_consent_sees_the_same_and_whose_it_is(session, lively, now):
    friend, consent_id = make.friend(session, of=lively.ada, now=now)
    on = now.date()
    [page] = seen(session, friend, on=on)
    assert (page.is_own, page.person_name, page.left) == (False, "Ada", Money(63_500))
    assert seen(session, friend, on=date(2027, 5, 5)) == ()
    delegations.end_consent(session, delegation_id=consent_id, by=lively.ada.id, link="/", now=now)
    assert seen(session, friend, on=on) == ()


@pytest.mark.parametrize("who", ["stranger", "helper with visits"])
def test_nobody_else_sees_anything(session, lively, now, who):
    if who == "stranger":
        person = make.person(session)
    else:
        person, _ = make.friend(session, of=lively.ada, scopes={Scope.CONFIRM_VISITS}, now=now)
    asked = {"viewer": make.as_viewer(person), "on": now.date()}
    assert queries.seen_budgets(session, **asked) == ()
    assert queries.spent_by_day(session, **asked, budget_id=lively.id) == {}
    assert queries.promises_of(session, **asked, budget_id=lively.id) == ()
    assert queries.may_be_carried(session, **asked, budget_id=lively.id) == {}
    assert history.history(session, **asked, budget_id=lively.id)[0] == ()
    assert paying.payable_streams(session, viewer=asked["viewer"]) == ()
    assert all(rows == [] for _header, rows in export.everything(session, viewer=asked["viewer"]).values())


def test_days_are_days_in_england(session, lively):
    days = queries.spent_by_day(session, viewer=make.as_viewer(lively.ada), on=TODAY, budget_id=lively.id)
    assert days == {
        date(2026, 6, 1): Money(5_000),
        date(2026, 6, 15): Money(2_000),
        date(2026, 6, 20): Money(-500),
    }


def test_each_promise_says_what_it_is_for_and_which_stream_pays(session, lively):
    viewer = make.as_viewer(lively.ada)
    swimming, gardening = queries.promises_of(session, viewer=viewer, on=TODAY, budget_id=lively.id)
    assert (swimming.what, swimming.promised, swimming.spent) == ("Swimming on Saturdays", Money(4_000), Money(1_500))
    assert gardening.purpose == lively.gardening
    assert {kind for kind, _promised, _spent in gardening.shares} == {Stream.SOCIAL_CARE, Stream.NHS}
    assert (gardening.promised, gardening.spent) == (Money(4_000), Money(5_000))


def test_what_would_be_carried_over_is_said_before(session, lively):
    viewer = make.as_viewer(lively.ada)
    assert queries.may_be_carried(session, viewer=viewer, on=TODAY, budget_id=lively.id) == {
        Stream.SOCIAL_CARE: (Money(250), Money(52_000 - 3_600 - 4_500 - 250)),
        Stream.NHS: (Money(125), Money(26_000 - 4_400 - 2_000 - 125)),
    }


def test_everything_that_happened_stands_there_a_page_at_a_time(session, lively, count_queries):
    viewer = make.as_viewer(lively.ada)
    count_queries.clear()
    lines, part = history.history(session, viewer=viewer, on=TODAY, budget_id=lively.id, page=1, size=4)
    assert len(count_queries) == 2
    assert (part.total, part.pages, len(lines)) == (11, 3, 4)
    assert [(line.reason, line.kind) for line in lines] == [
        (Reason.RELEASED, Stream.NHS),
        (Reason.RELEASED, Stream.SOCIAL_CARE),
        (Reason.REFUNDED, Stream.NHS),
        (Reason.SPENT, Stream.NHS),
    ]
    assert (lines[2].what, lines[2].note, lines[2].to_unspent) == ("Swimming on Saturdays", "Pool was shut", Money(500))
    assert lines[0].to_unspent == ZERO, "what was let go was unspent before, and is"
    everything = [
        line
        for page in (1, 2, 3)
        for line in history.history(session, viewer=viewer, on=TODAY, budget_id=lively.id, page=page, size=4)[0]
    ]
    assert len(everything) == 11
    assert sum((line.to_unspent for line in everything), ZERO) == Money(78_000 - 6_500)


def test_a_budget_says_who_holds_it(session, lively, now):
    council = HeldBy(Holding.COUNCIL_MANAGED, "Trafford Council", "budgets@trafford.example", "C-1042", 25)
    change_budget(session, budget_id=lively.id, by=lively.ada.id, name="New name", held_by=council, now=now)
    [page] = seen(session, lively.ada, lively.id)
    assert (page.name, page.holding, page.holder_name, page.reference) == (
        "New name",
        Holding.COUNCIL_MANAGED,
        "Trafford Council",
        "C-1042",
    )
    assert paying.bill_to(session, purpose=lively.gardening) == ("Trafford Council", "budgets@trafford.example")
    assert paying.bill_to(session, purpose=Purpose(lively.ada.id)) is None


def test_an_address_of_nobody_is_refused(session, lively, now):
    held_by = HeldBy(Holding.TRUST, "", "trust@example.org")
    with pytest.raises(HolderUnnamedError):
        change_budget(session, budget_id=lively.id, by=lively.ada.id, name="X", held_by=held_by, now=now)


def test_nobody_changes_somebody_elses_budget(session, lively, now):
    friend, _ = make.friend(session, of=lively.ada, now=now)
    with pytest.raises(BudgetNotFoundError):
        change_budget(session, budget_id=lively.id, by=friend.id, name="X", held_by=HeldBy(Holding.OWN_MONEY), now=now)


def test_who_holds_ones_own_money_gets_no_bill(session, lively):
    assert paying.bill_to(session, purpose=lively.gardening) is None


@pytest.mark.parametrize("holding", Holding)
def test_every_way_of_holding_gives_the_same_choices(session, now, holding):
    person = make.person(session)
    budget_id = set_up_budget(
        session,
        by=person.id,
        name="Mine",
        holding=holding,
        amounts={stream: Money(100) for stream in Stream},
        now=now,
        **given.YEAR,
    )
    payable = paying.payable_streams(session, viewer=make.as_viewer(person))
    assert {(one.budget_id, one.kind, one.left) for one in payable} == {
        (budget_id, kind, Money(100)) for kind in Stream
    }


def test_a_closed_budget_pays_for_nothing_new(session, followed):
    payable = paying.payable_streams(session, viewer=make.as_viewer(followed.ada))
    assert {one.budget_id for one in payable} == {followed.following}


def test_all_of_ones_data_comes_out(session, lively):
    tables = export.everything(session, viewer=make.as_viewer(lively.ada))
    assert {name: len(rows) for name, (_header, rows) in tables.items()} == {
        "budgets": 1,
        "funding_streams": 2,
        "promises": 3,
        "entries": 22,
    }
    header, rows = tables["entries"]
    assert sum((row[header.index("amount")] for row in rows), ZERO) == ZERO
