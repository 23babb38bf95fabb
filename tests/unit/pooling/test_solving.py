"""The best a pool can have is what trying everything finds, for every small pool there can be."""

import uuid
from fractions import Fraction
from itertools import combinations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from marketplace.kit.money import Money
from marketplace.pooling.rules.nouns import Counts
from marketplace.pooling.rules.solving import Share, Step, Wish, best_case, cases, solve, worst_case


def wish(order, *, least=1, most=None, at_most=1000):
    return Wish(uuid.UUID(int=order + 1), least, most or least, Money(at_most), order)


@st.composite
def wishes(draw):
    """Up to eight pledges: the numbers are small, so that they meet."""
    made = []
    for order in range(draw(st.integers(0, 8))):
        least = draw(st.integers(1, 4))
        made.append(wish(order, least=least, most=least + draw(st.integers(0, 4)), at_most=draw(st.integers(0, 12))))
    return draw(st.permutations(made))


@st.composite
def ladders(draw):
    froms = draw(st.lists(st.integers(1, 20), min_size=1, max_size=4, unique=True))
    return tuple(
        Step(at, Money(draw(st.integers(0, 12))))
        if draw(st.booleans())
        else Step(at, None, Money(draw(st.integers(0, 50))))
        for at in froms
    )


def raised_slowly(chosen, reach):
    taken = [one.least for one in chosen]
    while sum(taken) < reach:
        for place, one in enumerate(chosen):
            if taken[place] < one.most and sum(taken) < reach:
                taken[place] += 1
    return taken


def shares_of(chosen, step, ends, counts, quantity):
    """Return what a step would ask of exactly these people, or None if it is not theirs to have."""
    if step.whole_price is not None:
        if not step.counted_from <= len(chosen) < ends or any(not one.least <= quantity <= one.most for one in chosen):
            return None
        prices = step.whole_price.split(len(chosen))
        # Whoever might have to pay the penny that is over accepts it.
        if any(one.most_price < max(prices) for one in chosen):
            return None
        amounts = [price * quantity for price in prices]
        return Fraction(step.whole_price.pence, len(chosen)), list(zip([quantity] * len(chosen), amounts, strict=True))
    if any(one.most_price < step.unit_price for one in chosen):
        return None
    most = len(chosen) if counts is Counts.PEOPLE else sum(one.most for one in chosen)
    if most < step.counted_from:
        return None
    taken = raised_slowly(chosen, step.counted_from if counts is Counts.QUANTITY else 0)
    return Fraction(step.unit_price.pence), [(one, step.unit_price * one) for one in taken]


def tried_everything(pledges, steps, counts, minimum_people, most_people, quantity):
    queue = sorted(pledges, key=lambda one: one.order)
    best = None
    for size in range(max(minimum_people, 1), min(len(queue), most_people or len(queue)) + 1):
        for chosen in combinations(queue, size):
            for step in steps:
                ends = min(
                    (other.counted_from for other in steps if other.counted_from > step.counted_from), default=99
                )
                found = shares_of(chosen, step, ends, counts, quantity)
                if found is None:
                    continue
                price, parts = found
                shares = tuple(Share(one.pledge_key, *part) for one, part in zip(chosen, parts, strict=True))
                rank = (price, -size, [one.order for one in chosen], step.counted_from)
                if best is None or rank < best[0]:
                    best = (rank, step, shares)
    return best and best[1:]


@settings(max_examples=1000)
@given(
    pledges=wishes(),
    steps=ladders(),
    counts=st.sampled_from(Counts),
    minimum_people=st.integers(1, 5),
    most_people=st.none() | st.integers(1, 8),
    quantity=st.integers(1, 4),
)
@example(
    # The earliest three take too little together for the cheaper step: the third place goes to a larger pledge.
    pledges=[wish(0, most=2), wish(1, most=1), wish(2, most=1), wish(3, most=3)],
    steps=(Step(2, Money(9)), Step(6, Money(5))),
    counts=Counts.QUANTITY,
    minimum_people=2,
    most_people=3,
    quantity=1,
)
def test_the_best_is_what_trying_everything_finds(pledges, steps, counts, minimum_people, most_people, quantity):
    solution = solve(
        pledges,
        steps=steps,
        counts=counts,
        minimum_people=minimum_people,
        most_people=most_people,
        quantity=quantity,
    )
    expected = tried_everything(pledges, steps, counts, minimum_people, most_people, quantity)
    assert (solution and (solution.step, solution.included)) == expected
    if solution is None:
        return
    by_key = {one.pledge_key: one for one in pledges}
    for share in solution.included:
        asked = by_key[share.pledge_key]
        assert asked.least <= share.quantity <= asked.most
        assert share.amount <= asked.most_price * share.quantity
        assert share.amount <= solution.unit_price * share.quantity
        told = {
            "steps": steps,
            "counts": counts,
            "minimum_people": minimum_people,
            "most_people": most_people,
            "quantity": quantity,
        }
        assert best_case(asked, **told) <= share.amount <= worst_case(asked, **told)
    if solution.step.whole_price is not None:
        assert solution.total == solution.step.whole_price * quantity


STEPS = (Step(2, Money(1600)), Step(4, Money(1400)), Step(8, Money(1100)))
PLAIN = {"steps": STEPS, "minimum_people": 4, "most_people": 10, "quantity": 2}


def test_the_worst_case_is_the_price_at_the_least_number_of_people():
    asked = wish(0, least=2, at_most=1500)
    assert worst_case(asked, counts=Counts.PEOPLE, **PLAIN) == Money(2800)
    assert best_case(asked, counts=Counts.PEOPLE, **PLAIN) == Money(2200)
    assert [case.step.counted_from for case in cases(asked, counts=Counts.PEOPLE, **PLAIN)] == [4, 8]


def test_who_accepts_only_the_cheapest_step_pays_that_or_nothing():
    asked = wish(0, least=2, at_most=1100)
    assert worst_case(asked, counts=Counts.PEOPLE, **PLAIN) == Money(2200)
    assert worst_case(wish(0, at_most=1000), counts=Counts.PEOPLE, **PLAIN) is None


def test_where_a_step_counts_what_all_take_the_worst_case_is_taking_more_for_it():
    asked = wish(0, least=1, most=7, at_most=1600)
    # Three others take at least one hour each, so the eighth hour can make it five: at £11, more than one at £14.
    assert worst_case(asked, counts=Counts.QUANTITY, **PLAIN) == Money(5500)
    assert best_case(asked, counts=Counts.QUANTITY, **PLAIN) == Money(1100)


def test_a_price_for_the_whole_group_is_dearest_with_the_fewest_who_would_pay_it():
    told = {"steps": (Step(3, None, Money(10_000)),), "counts": Counts.PEOPLE, "minimum_people": 3, "quantity": 1}
    assert worst_case(wish(0, at_most=5_000), most_people=6, **told) == Money(3_334)
    assert worst_case(wish(0, at_most=3_000), most_people=6, **told) == Money(2_500)
    assert best_case(wish(0, at_most=3_000), most_people=6, **told) == Money(1_666)
    assert worst_case(wish(0, at_most=1_600), most_people=6, **told) is None
