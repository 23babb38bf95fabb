from datetime import date

import pytest

from marketplace.brokerage.rules import costing as rules
from marketplace.brokerage.rules.costing import PriceState, Purse, Times
from marketplace.brokerage.rules.nouns import CostedBy, HowOften
from marketplace.kit.money import ZERO, Money

WEEKLY = HowOften.WEEKLY


def known(pence, times, **more):
    return rules.cost(state=PriceState.KNOWN, unit_price=Money(pence), times=times, **more)


def test_what_a_week_and_a_year_cost():
    costs = [known(14_50, times) for times in (Times(2, WEEKLY, 40), Times(1, WEEKLY, 52), Times(3))]
    assert [it.a_week for it in costs] == [Money(29_00), Money(14_50), ZERO]
    assert [it.a_year for it in costs] == [Money(1_160_00), Money(754_00), Money(43_50)]


def test_what_some_weeks_take_is_never_counted_too_low():
    # The weeks may come first; a year, and a week of the next.
    taken = {(40, 10): 10, (40, 45): 40, (40, 53): 41, (40, 104): 80, (52, 53): 53}
    assert {(of_year, n): Times(1, WEEKLY, of_year).until(n) for of_year, n in taken} == taken
    assert Times(5).until(3) == 5


def test_lines_add_up_as_far_as_anybody_knows():
    weekly, once, promised = known(100, Times(1, WEEKLY, 50)), known(30_00, Times()), known(9, Times())
    unknown = rules.cost(state=PriceState.GONE, unit_price=Money(5), times=Times(1, WEEKLY, 52))
    free = rules.cost(state=PriceState.FREE, unit_price=None, times=Times(1, WEEKLY, 52))
    assert unknown.a_year is None
    assert free.a_year == ZERO
    found = rules.add_up([weekly, once, promised, unknown, free])
    assert (found.a_week, found.a_year, found.once, found.unknown) == (Money(100), Money(80_09), Money(30_09), 1)


@pytest.mark.parametrize(
    ("left", "over", "spare", "share"),
    [(12_00, 0, 2_00, 84), (10_00, 0, 0, 100), (9_00, 1_00, 0, 100), (0, 10_00, 0, 100)],
)
def test_a_budget_reaches_or_says_what_is_missing(left, over, spare, share):
    purse = Purse("Mine", Money(left), begins_on=date(2026, 1, 1), ends_on=date(2026, 3, 11))
    # Ten weeks from the second of January, the last of them a started one.
    reach = rules.reach([known(1_00, Times(1, WEEKLY, 52))], purse, today=date(2026, 1, 2))
    assert (reach.weeks, reach.needs) == (10, Money(10_00))
    assert (reach.over, reach.spare, reach.share) == (Money(over), Money(spare), share)


def test_what_is_promised_already_takes_nothing_more_and_a_budget_to_come_waits_for_its_first_day():
    purse = Purse("Next", Money(5_00), begins_on=date(2026, 4, 6), ends_on=date(2026, 4, 19))
    costs = [known(1_00, Times(1, WEEKLY, 52), is_promised=True), known(1_00, Times(1, WEEKLY, 52))]
    assert rules.reach(costs, purse, today=date(2026, 1, 1)).needs == Money(2_00)
    assert rules.reach(costs, purse, today=date(2026, 5, 1)).needs == ZERO


def test_budgets_together_are_one_that_lasts_as_long_as_the_longest():
    first = Purse("One", Money(1), date(2026, 1, 1), date(2026, 6, 1))
    second = Purse("Two", Money(2), date(2026, 3, 1), date(2026, 9, 1))
    whole = rules.together([first, second])
    assert (whole.left, whole.begins_on, whole.ends_on) == (Money(3), date(2026, 1, 1), date(2026, 9, 1))
    assert rules.together([first]) is None


def test_what_is_known_of_a_price():
    for costed_by, is_there, price, is_free, state in (
        (CostedBy.OFFER, True, Money(1), False, PriceState.KNOWN),
        (CostedBy.OFFER, True, None, False, PriceState.NOT_SAID),
        (CostedBy.OFFER, True, None, True, PriceState.FREE),
        (CostedBy.OFFER, False, Money(1), False, PriceState.GONE),
        (CostedBy.POOL, False, None, False, PriceState.GONE),
        (CostedBy.OWN_PRICE, True, ZERO, False, PriceState.FREE),
        (CostedBy.NOTHING_YET, False, None, False, PriceState.NOTHING_YET),
        (CostedBy.FREE, False, None, False, PriceState.FREE),
    ):
        found = rules.state_of(costed_by=costed_by, is_there=is_there, unit_price=price, is_free=is_free)
        assert found is state, costed_by


def test_each_thing_that_would_help_is_looked_for_by_itself():
    for words, found in (
        ("A café, a gym class or a tea dance.", ("café", "gym class", "tea dance")),
        ("", ("Swim",)),
        ("somebody to\nwalk with; the bus", ("somebody to", "walk with", "bus")),
        ("x" * 61, ("Swim",)),
    ):
        assert rules.things_to_look_for(words, "Swim") == found
