"""Many at the same moment, on one budget: real threads, and nothing rolled back."""

from collections import Counter

import pytest

from marketplace.accounts.models import Person
from marketplace.budgets import queries
from marketplace.budgets.rules import BudgetId
from marketplace.budgets.services import closing, promising
from marketplace.kit.db import db, transaction
from marketplace.kit.money import ZERO, Money
from tests.factories import accounts as make
from tests.factories import budgets as given
from tests.races import in_transactions

MANY = 200


@pytest.fixture
def town(new_app):
    """An application of its own, with one person and one budget of £100 in it."""
    app = new_app()
    with app.app_context():
        with transaction() as session:
            ada = make.person(session, name="Ada")
            this = given.budget(session, ada, carry_over_percent=5_200, social_care=10_000)
            [stream] = given.streams(session, this).values()
            ids = (ada.id, this, stream)
        yield app, ids


def test_two_hundred_at_once_never_promise_more_than_there_is(town):
    app, (ada, budget, stream) = town

    def promise(session):
        promising.promise(
            session, by=ada, purpose=given.purpose(), shares={stream: Money(130)}, what="Help", key=given.key(),
            now=given.NOW,
        )  # fmt: skip

    outcomes = Counter(type(outcome) for outcome in in_transactions(app, [promise] * MANY))
    # 76 times £1.30 is £98.80; the 77th would be £100.10.
    assert outcomes == {type(None): 76, promising.NotEnoughLeftError: MANY - 76}
    assert given.standing(db.session, budget) | {"granted": 0} == {
        "granted": 0, "left": 120, "promised": 9_880, "spent": 0, "carried": 0, "returned": 0,
    }  # fmt: skip
    assert queries.broken_rows(db.session) == ()


def test_one_key_pressed_two_hundred_times_promises_once(town):
    app, (ada, budget, stream) = town
    purpose, key = given.purpose(), given.key()

    def promise(session):
        promising.promise(
            session, by=ada, purpose=purpose, shares={stream: Money(100)}, what="Help", key=key, now=given.NOW
        )

    assert in_transactions(app, [promise] * MANY) == [None] * MANY
    assert given.standing(db.session, budget)["promised"] == 100


def test_everything_at_once_on_one_budget_leaves_clean_books(town):
    app, (ada, budget, stream) = town
    with transaction() as session:
        following = given.budget(session, session.get_one(Person, ada), period=given.NEXT_YEAR, nhs=1)
        purposes = [given.purpose() for _each in range(20)]
        for purpose in purposes:
            promising.promise(
                session, by=ada, purpose=purpose, shares={stream: Money(300)}, what="Help", key=given.key(),
                now=given.NOW,
            )  # fmt: skip

    def doing(number):
        said = {"purpose": purposes[number % 20], "key": given.key(), "now": given.NOW, "by": ada}
        noted = said | {"note": "", "amount": Money(37)}
        return [
            lambda session: promising.spend(session, **noted),
            lambda session: promising.give_back(session, **noted),
            lambda session: promising.promise_more(session, amount=Money(41), **said),
            lambda session: promising.release(session, amount=Money(29), **said),
            lambda session: closing.carry_over(
                session, from_budget=BudgetId(budget), to_budget=BudgetId(following), by=ada, now=given.NOW
            ),
        ][number // 20 % 5]

    outcomes = in_transactions(app, [doing(number) for number in range(MANY)])
    assert all(isinstance(it, Money | promising.NotEnoughLeftError) for it in outcomes)
    assert queries.broken_rows(db.session) == ()
    sums = given.standing(db.session, budget)
    assert sum(sums.values()) == 0
    assert sums["carried"] == -given.standing(db.session, following)["carried"]


def test_two_budgets_are_locked_in_one_order(town):
    app, (ada, _budget, stream) = town
    with transaction() as session:
        second = given.budget(session, session.get_one(Person, ada), nhs=10_000)
        [other] = given.streams(session, second).values()

    def both_ways(first, then):
        def promise(session):
            promising.promise(
                session, by=ada, purpose=given.purpose(), shares={first: Money(10), then: Money(10)}, what="Help",
                key=given.key(), now=given.NOW,
            )  # fmt: skip

        return promise

    assert in_transactions(app, [both_ways(stream, other), both_ways(other, stream)] * 20) == [None] * 40
    assert queries.broken_rows(db.session) == ()


def test_a_budget_is_closed_once_and_keeps_nothing(town):
    app, (ada, budget, stream) = town

    def promise(session):
        promising.promise(
            session, by=ada, purpose=given.purpose(), shares={stream: Money(100)}, what="Help", key=given.key(),
            now=given.NOW,
        )  # fmt: skip

    def close(session):
        return closing.close_budget(session, budget_id=budget, by=ada, now=given.NOW)

    outcomes = in_transactions(app, ([promise] * 4 + [close]) * 10)
    assert sum(isinstance(it, Money) and it > ZERO for it in outcomes) == 1
    assert given.standing(db.session, budget)["left"] == 0
    assert queries.broken_rows(db.session) == ()
