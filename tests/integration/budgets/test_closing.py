import uuid

import pytest

from marketplace.budgets import queries
from marketplace.budgets.rules import Stream
from marketplace.budgets.services import closing, promising
from marketplace.budgets.services.budgets import BudgetClosedError, BudgetNotFoundError, top_up
from marketplace.kit.audit import AuditEvent
from marketplace.kit.money import ZERO, Money
from tests.factories import accounts as make
from tests.factories import budgets as given


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def before(session, ada):
    return given.budget(session, ada, carry_over_percent=25, social_care=52_000, nhs=26_026)


@pytest.fixture
def after(session, ada):
    return given.budget(session, ada, period=given.NEXT_YEAR, social_care=1_000)


@pytest.fixture
def carry(session, ada, now):
    def carried(from_budget, to_budget, by=ada):
        return closing.carry_over(session, from_budget=from_budget, to_budget=to_budget, by=by.id, now=now).pence

    return carried


def test_a_quarter_of_a_weeks_money_is_carried_over(session, before, after, carry):
    # A week is £10 of social care and £5.005 of NHS money: a quarter is £2.50 and £1.25, rounded down.
    assert carry(before, after) == 250 + 125
    assert given.standing(session, before)["carried"] == 375
    assert given.standing(session, after) == {
        "granted": -1_000, "left": 1_375, "promised": 0, "spent": 0, "carried": -375, "returned": 0,
    }  # fmt: skip
    assert set(given.streams(session, after)) == {Stream.SOCIAL_CARE, Stream.NHS}
    assert queries.broken_rows(session) == ()


def test_carrying_over_twice_carries_no_more(before, after, carry):
    assert [carry(before, after), carry(before, after)] == [375, 0]


def test_no_more_is_carried_than_is_left(session, ada, before, after, carry, now):
    shares = {given.streams(session, before)[Stream.SOCIAL_CARE]: Money(51_990)}
    promising.promise(session, by=ada.id, purpose=given.purpose(), shares=shares, what="Help", key=given.key(), now=now)
    assert carry(before, after) == 10 + 125


def test_ones_own_money_is_carried_whole_and_other_money_not_without_a_rule(session, ada, after, carry):
    mixed = given.budget(session, ada, own_money=700, housing=5_200)
    assert carry(mixed, after) == 700


def test_money_carried_in_does_not_raise_what_may_be_carried_out(session, ada, before, after, carry):
    carry(before, after)
    third = given.budget(
        session, ada, period={"begins_on": given.NEXT_YEAR["ends_on"], "ends_on": given.NEXT_YEAR["ends_on"]}, nhs=100
    )
    # The next year has no rule, so nothing is carried on, not even what came in.
    assert carry(after, third) == 0


def test_what_is_not_carried_goes_back_when_the_period_is_closed(session, ada, before, after, carry, now):
    carry(before, after)
    assert closing.close_budget(session, budget_id=before, by=ada.id, now=now) == Money(78_026 - 375)
    assert given.standing(session, before) == {
        "granted": -78_026, "left": 0, "promised": 0, "spent": 0, "carried": 375, "returned": 77_651,
    }  # fmt: skip
    assert queries.broken_rows(session) == ()
    session.flush()
    done = session.query(AuditEvent.did).filter(AuditEvent.to_id == before).order_by(AuditEvent.did).all()
    assert [did for (did,) in done] == ["carried over", "closed", "set up"]


def test_a_closed_budget_takes_no_more_money(session, ada, before, now):
    closing.close_budget(session, budget_id=before, by=ada.id, now=now)
    with pytest.raises(BudgetClosedError):
        top_up(session, budget_id=before, by=ada.id, stream=Stream.NHS, amount=Money(1), now=now)


def test_an_empty_budget_can_be_closed(session, ada, before, now):
    shares = {stream: Money(pence) for stream, pence in zip(
        (given.streams(session, before)[kind] for kind in (Stream.SOCIAL_CARE, Stream.NHS)), (52_000, 26_026),
        strict=True,
    )}  # fmt: skip
    promising.promise(session, by=ada.id, purpose=given.purpose(), shares=shares, what="Help", key=given.key(), now=now)
    assert closing.close_budget(session, budget_id=before, by=ada.id, now=now) == ZERO


def test_money_is_carried_forwards_between_open_budgets(session, ada, before, after, carry, now):
    for pair in ((after, before), (before, before)):
        with pytest.raises(closing.BudgetsDoNotFollowError):
            carry(*pair)
    closing.close_budget(session, budget_id=after, by=ada.id, now=now)
    with pytest.raises(closing.BudgetsDoNotFollowError):
        carry(before, after)


def test_nobody_closes_or_carries_somebody_elses_money(session, before, after, carry, now):
    bob = make.person(session, name="Bob")
    with pytest.raises(BudgetNotFoundError):
        carry(before, after, by=bob)
    with pytest.raises(BudgetNotFoundError):
        closing.close_budget(session, budget_id=before, by=bob.id, now=now)
    with pytest.raises(BudgetNotFoundError):
        carry(before, uuid.uuid4())
