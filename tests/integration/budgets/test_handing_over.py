import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.budgets.queries.checking import broken_rows
from marketplace.budgets.queries.paying import set_aside
from marketplace.budgets.rules import Purpose, Stream, TransferId
from marketplace.budgets.services import closing, promising
from marketplace.kit.money import ZERO, Money
from tests.factories import accounts as make
from tests.factories import budgets

KEY = TransferId(uuid.UUID(int=7))
PLEDGE, ARRANGEMENT = Purpose(uuid.UUID(int=1)), Purpose(uuid.UUID(int=2))


@pytest.fixture
def ada(session):
    return make.person(session, name="Ada")


@pytest.fixture
def budget(session, ada):
    return budgets.budget(session, ada, social_care=10_000, nhs=5_000)


def promise(session, ada, budget, social_care, nhs, now):
    ids = budgets.streams(session, budget)
    shares = {ids[Stream.SOCIAL_CARE]: Money(social_care), ids[Stream.NHS]: Money(nhs)}
    promising.promise(session, by=ada.id, purpose=PLEDGE, shares=shares, what="A pool", key=budgets.key(), now=now)


def hand_over(session, ada, pence, now, key=KEY):
    return promising.hand_over(
        session, purpose=PLEDGE, to=ARRANGEMENT, amount=Money(pence), what="Swimming", key=key, now=now, by=ada.id
    )


def test_a_promise_is_handed_over_and_the_rest_is_free_again(session, ada, budget, now):
    promise(session, ada, budget, 3_000, 1_000, now)
    assert hand_over(session, ada, 3_001, now) == Money(3_001)
    assert set_aside(session, purpose=PLEDGE) == (ZERO, ZERO)
    assert set_aside(session, purpose=ARRANGEMENT) == (Money(3_001), ZERO)
    standing = budgets.standing(session, budget)
    assert (standing["promised"], standing["left"]) == (3_001, 11_999)
    assert broken_rows(session) == ()


def test_handing_over_twice_hands_over_once(session, ada, budget, now):
    promise(session, ada, budget, 3_000, 1_000, now)
    hand_over(session, ada, 2_500, now)
    assert hand_over(session, ada, 2_500, now) == Money(2_500)
    assert set_aside(session, purpose=ARRANGEMENT) == (Money(2_500), ZERO)


def test_no_more_is_handed_over_than_was_promised(session, ada, budget, now):
    promise(session, ada, budget, 1_000, 0, now)
    assert hand_over(session, ada, 2_500, now) == Money(1_000)


def test_what_no_budget_pays_for_is_left_alone(session, ada, now):
    assert hand_over(session, ada, 2_500, now) == ZERO
    assert set_aside(session, purpose=ARRANGEMENT) == (ZERO, ZERO)


def test_what_a_closed_budget_promised_stays_promised(session, ada, budget, now):
    promise(session, ada, budget, 3_000, 1_000, now)
    closing.close_budget(session, by=ada.id, budget_id=budget, now=now)
    hand_over(session, ada, 2_000, now)
    assert set_aside(session, purpose=ARRANGEMENT) == (Money(2_000), ZERO)
    standing = budgets.standing(session, budget)
    assert (standing["left"], standing["promised"], standing["returned"]) == (0, 2_000, 13_000)
    assert broken_rows(session) == ()


def test_the_key_of_something_else_hands_nothing_over(session, ada, budget, now):
    promise(session, ada, budget, 3_000, 0, now)
    promising.release(session, purpose=PLEDGE, amount=Money(100), key=KEY, now=now, by=ada.id)
    # The same key, for letting some of it go: nothing moves, and nothing was handed over.
    assert hand_over(session, ada, 500, now) == ZERO
    assert set_aside(session, purpose=PLEDGE) == (Money(2_900), ZERO)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(social_care=st.integers(0, 9), nhs=st.integers(0, 9), pence=st.integers(0, 20))
def test_not_a_penny_is_lost_or_made(session, ada, now, social_care, nhs, pence):
    budget = budgets.budget(session, ada, social_care=10, nhs=10)
    ids = budgets.streams(session, budget)
    one, other = budgets.purpose(), budgets.purpose()
    promising.promise(
        session,
        by=ada.id,
        purpose=one,
        shares={ids[Stream.SOCIAL_CARE]: Money(social_care), ids[Stream.NHS]: Money(nhs)},
        what="A pool",
        key=budgets.key(),
        now=now,
    )
    given_on = promising.hand_over(
        session, purpose=one, to=other, amount=Money(pence), what="It", key=budgets.key(), now=now, by=None
    )
    assert given_on == Money(min(pence, social_care + nhs))
    standing = budgets.standing(session, budget)
    assert (standing["left"], standing["promised"]) == (20 - given_on.pence, given_on.pence)
    assert broken_rows(session) == ()
