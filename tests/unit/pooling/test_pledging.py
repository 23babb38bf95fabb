import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.budgets.rules import StreamId
from marketplace.kit.money import ZERO, Money
from marketplace.pooling.rules.nouns import Counts
from marketplace.pooling.rules.pledging import (
    Ladder,
    NewPledge,
    amount_problem,
    price_problem,
    reached,
    rungs,
    saved,
    shares_problem,
)
from marketplace.pooling.rules.solving import Step, Wish

ONE, OTHER = StreamId(uuid.UUID(int=1)), StreamId(uuid.UUID(int=2))


def a_ladder(*prices, counts=Counts.PEOPLE, minimum=3, room=None, weeks=1, quantity=2):
    steps = tuple(Step(people, Money(price)) for people, price in prices)
    return Ladder(steps, counts, minimum, room, quantity, weeks)


LADDER = a_ladder((3, 1600), (5, 1400), (8, 1100), weeks=12)
BUS = Ladder((Step(3, None, Money(100_00)),), Counts.PEOPLE, 3, 8, 2)
TICKETS = a_ladder((4, 1000), (10, 800), counts=Counts.QUANTITY, minimum=2)


def wishes(*pledges):
    return [Wish(uuid.UUID(int=n), *said, n) for n, said in enumerate(pledges, start=1)]


def test_the_usual_pledge_takes_what_everybody_gets_at_any_price_it_can_come_to():
    assert LADDER.usual == NewPledge(2, 2, Money(16_00))
    assert (LADDER.at_worst(LADDER.usual), LADDER.at_best(LADDER.usual)) == (Money(384_00), Money(264_00))
    assert BUS.usual == NewPledge(2, 2, Money(33_34))
    assert (BUS.dearest, BUS.cheapest) == (Money(33_34), Money(12_50))


def test_a_step_for_which_there_is_no_room_is_no_chance():
    ladder = a_ladder((3, 1600), (8, 1100), room=6)
    assert ladder.cheapest == Money(16_00)
    assert price_problem(NewPledge(2, 2, Money(12_00)), ladder=ladder)


@pytest.mark.parametrize(
    ("ladder", "least", "most", "field"),
    [
        (LADDER, 0, 1, "least"),
        (LADDER, 1001, 1001, "least"),
        (TICKETS, 3, 2, "most"),
        (TICKETS, 1, 1001, "most"),
        (BUS, 1, 1, "least"),
    ],
)
def test_an_amount_that_cannot_be_had_is_said_at_its_question(ladder, least, most, field):
    problem = amount_problem(NewPledge(least, most, Money(50_00)), ladder=ladder)
    assert problem[0] == field
    assert problem[1].endswith(".")
    assert amount_problem(ladder.usual, ladder=ladder) is None


def test_a_price_below_every_step_is_refused_with_the_lowest_there_is():
    assert "£11" in price_problem(NewPledge(2, 2, Money(10_99)), ladder=LADDER)
    assert price_problem(NewPledge(2, 2, Money(11_00)), ladder=LADDER) is None
    assert price_problem(NewPledge(2, 2, Money(-1)), ladder=LADDER).startswith("Enter")


def test_budgets_pay_the_whole_worst_case_or_nothing():
    wanted = NewPledge(2, 2, Money(16_00), shares={ONE: Money(300_00), OTHER: Money(84_00)})
    assert shares_problem(wanted, at_worst=Money(384_00)) is None
    assert shares_problem(wanted, at_worst=Money(384_01)).endswith(".")
    assert shares_problem(NewPledge(2, 2, Money(16_00)), at_worst=Money(384_00)) is None


def test_how_far_a_pool_has_come_and_what_makes_it_cheaper():
    three = wishes(*[(2, 2, Money(16_00))] * 3)
    assert (reached(LADDER, three[:2]).price, reached(LADDER, three[:2]).next_needs) == (None, 1)
    now = reached(LADDER, three)
    assert (now.price, now.next_price, now.next_needs) == (Money(16_00), Money(14_00), 2)
    nine = reached(LADDER, wishes(*[(2, 2, Money(16_00))] * 9))
    assert (nine.price, nine.next_price) == (Money(11_00), None)


def test_who_would_pay_less_is_not_counted_on():
    four = wishes((2, 2, Money(12_00)), *[(2, 2, Money(16_00))] * 3)
    # Five people are four for £14: one of them would pay £12 at most. It takes two more.
    assert (reached(LADDER, four).price, reached(LADDER, four).next_needs) == (Money(16_00), 2)
    assert reached(a_ladder((3, 1600)), wishes(*[(2, 2, Money(12_00))] * 5)).next_needs == 3


def test_how_much_is_taken_counts_where_steps_say_so():
    now = reached(TICKETS, wishes((2, 2, Money(10_00)), (4, 4, Money(10_00))))
    assert (now.price, now.next_price, now.next_needs) == (Money(10_00), Money(8_00), 4)


def test_a_shared_price_falls_with_each_person():
    now = reached(BUS, wishes(*[(2, 2, Money(40_00))] * 4))
    assert (now.price, now.next_price, now.next_needs) == (Money(25_00), Money(20_00), 1)
    full = reached(BUS, wishes(*[(2, 2, Money(40_00))] * 8))
    assert (full.price, full.next_price) == (Money(12_50), None)


@settings(max_examples=200)
@given(
    least=st.integers(1, 5),
    more=st.integers(0, 5),
    at_most=st.integers(0, 20_00),
    counts=st.sampled_from(Counts),
    weeks=st.integers(1, 4),
)
def test_nobody_is_told_less_than_it_can_come_to_or_asked_above_their_most(least, more, at_most, counts, weeks):
    ladder = a_ladder((3, 16_00), (5, 14_00), (8, 11_00), counts=counts, weeks=weeks)
    wanted = NewPledge(least, least + more, Money(at_most))
    worst, best = ladder.at_worst(wanted), ladder.at_best(wanted)
    assert (worst is None) is (at_most < 11_00)
    if worst is not None:
        assert best <= worst <= Money(at_most) * (least + more) * weeks


@given(alone=st.integers(0, 10**6), quantity=st.integers(1, 100), weeks=st.integers(1, 50), pays=st.integers(0, 10**8))
def test_going_together_never_saves_less_than_nothing(alone, quantity, weeks, pays):
    found = saved(price_alone=Money(alone), quantity=quantity, weeks=weeks, amount=Money(pays))
    assert found == max(Money(alone * quantity * weeks - pays), ZERO)
    assert saved(price_alone=None, quantity=quantity, weeks=weeks, amount=Money(pays)) == ZERO


def stairs(ladder, *pledges):
    """Return how the ladder is drawn for what these have pledged: the price of each step, and where it stands."""
    far = reached(ladder, wishes(*pledges))
    drawn = rungs(ladder.cases(ladder.usual), quantity=ladder.quantity, reached=far)
    return [(rung.price, rung.standing.value) for rung in drawn]


def test_a_stair_says_where_one_is_and_which_step_is_next():
    five = [(2, 2, Money(16_00))] * 5
    assert stairs(LADDER, *five) == [(Money(16_00), "past"), (Money(14_00), "here"), (Money(11_00), "next")]
    assert stairs(LADDER, *five[:2]) == [(Money(16_00), "next"), (Money(14_00), "later"), (Money(11_00), "later")]


def test_a_price_that_is_shared_is_drawn_at_its_dearest_and_is_here_once_there_are_enough():
    assert stairs(BUS, *[(2, 2, Money(40_00))] * 4) == [(Money(33_34), "here")]


def test_a_stair_says_nothing_of_where_it_is_to_whoever_may_not_know():
    drawn = rungs(LADDER.cases(LADDER.usual), quantity=LADDER.quantity, reached=None)
    assert [rung.standing.value for rung in drawn] == ["later", "later", "later"]


def test_a_step_that_costs_more_than_somebody_would_pay_leaves_them_out():
    drawn = rungs(LADDER.cases(NewPledge(2, 2, Money(14_00))), quantity=2, reached=None)
    assert [rung.standing.value for rung in drawn] == ["out", "later", "later"]
