"""
Which step of a price ladder a pool reaches, with whom, and what each of them pays. Pure, and exact to the penny.

The best answer is the cheapest price for a unit; among equally cheap ones that with the most people; and then that with
the earliest pledges. Nobody is ever included above the most they said they would pay, or below the least or above the
most they said they would take [ANCHORS B16, C3].
"""

import uuid
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from marketplace.kit.money import ZERO, Money
from marketplace.pooling.rules.nouns import Counts
from marketplace.pooling.rules.pools import MOST_PEOPLE, known


@dataclass(frozen=True, slots=True)
class Step:
    """
    One step of a price ladder: from so many people, or so much together, a unit costs this.

    Either each pays `unit_price`, or all of them share `whole_price`, which is for one unit and counts people. A price
    for the whole group holds until the next step begins: a larger group may need a larger minibus.
    """

    counted_from: int
    unit_price: Money | None
    whole_price: Money | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What one pledge says to the solver. `order` is its place among the pledges: earlier ones go first."""

    pledge_key: uuid.UUID
    least: int
    most: int
    most_price: Money
    order: int


@dataclass(frozen=True, slots=True)
class Share:
    """How much one pledge gets, and what it pays for that: in each week, of weekly support."""

    pledge_key: uuid.UUID
    quantity: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Solution:
    """The step a pool reaches. `unit_price` is what a unit costs each; of a shared price, rounded up to the penny."""

    step: Step
    unit_price: Money
    included: tuple[Share, ...]

    @property
    def total(self) -> Money:
        """What they pay together."""
        return sum((share.amount for share in self.included), ZERO)


@dataclass(frozen=True, slots=True)
class _Chance:
    """A step that can be reached: with how many people, and what a unit then costs each, exactly."""

    step: Step
    people: int
    price: Fraction
    wishes: tuple[Wish, ...]

    @property
    def rank(self) -> tuple[Fraction, int]:
        return (self.price, -self.people)


def solve(
    wishes: Iterable[Wish],
    *,
    steps: Sequence[Step],
    counts: Counts,
    minimum_people: int,
    most_people: int | None,
    quantity: int,
) -> Solution | None:
    """
    Return the best a pool can have from these wishes, or None if no step can be reached with enough people.

    `quantity` is what each gets where a price is shared. `most_people` is how many the provider can take, or None.
    """
    queue = sorted(wishes, key=lambda wish: wish.order)
    room = len(queue) if most_people is None else min(most_people, len(queue))
    chances = [
        chance
        for step, before in _with_ends(steps)
        if (
            chance := _shared(step, queue, minimum_people, min(room, before - 1) if before else room, quantity)
            if step.whole_price is not None
            else _each(step, queue, counts, minimum_people, room)
        )
    ]
    if not chances:
        return None
    best = min(chance.rank for chance in chances)
    solutions = [_worked_out(chance, counts, quantity) for chance in chances if chance.rank == best]
    place = {wish.pledge_key: wish.order for wish in queue}
    return min(solutions, key=lambda one: ([place[share.pledge_key] for share in one.included], one.step.counted_from))


def _with_ends(steps: Sequence[Step]) -> list[tuple[Step, int | None]]:
    """Return each step with where the next one begins, the lowest first."""
    ordered = sorted(steps, key=lambda step: step.counted_from)
    ends: list[int | None] = [after.counted_from for _step, after in pairwise(ordered)]
    return list(zip(ordered, [*ends, None], strict=False))


def _each(step: Step, queue: list[Wish], counts: Counts, minimum_people: int, room: int) -> _Chance | None:
    """Return how a step at which each pays a price of their own can be reached, if it can."""
    price = known(step.unit_price)
    willing = [wish for wish in queue if wish.most_price >= price]
    people = min(len(willing), room)
    needed = max(minimum_people, step.counted_from if counts is Counts.PEOPLE else 1)
    if people < needed:
        return None
    if counts is Counts.QUANTITY:
        largest = sorted((wish.most for wish in willing), reverse=True)[:people]
        if sum(largest) < step.counted_from:
            return None
    return _Chance(step, people, Fraction(price.pence), tuple(willing))


def _shared(step: Step, queue: list[Wish], minimum_people: int, room: int, quantity: int) -> _Chance | None:
    """Return with how many people a price for the whole group can be shared, if it can: the most there can be."""
    whole = known(step.whole_price)
    fitting = [wish for wish in queue if wish.least <= quantity <= wish.most]
    caps = sorted((wish.most_price for wish in fitting), reverse=True)
    for people in range(min(room, len(caps)), max(minimum_people, step.counted_from, 1) - 1, -1):
        dearest = _dearest_share(whole, people)
        if caps[people - 1] >= dearest:
            willing = tuple(wish for wish in fitting if wish.most_price >= dearest)
            return _Chance(step, people, Fraction(whole.pence, people), willing)
    return None


def _dearest_share(whole: Money, people: int) -> Money:
    """Return the largest share of a price for the whole group: who pays the penny that is over must accept it too."""
    return Money(-(-whole.pence // people))


def _worked_out(chance: _Chance, counts: Counts, quantity: int) -> Solution:
    step = chance.step
    if step.whole_price is not None:
        chosen = chance.wishes[: chance.people]
        # Unit by unit, so that each has one price for a unit, as an arrangement has.
        prices = step.whole_price.split(chance.people)
        shares = tuple(
            Share(wish.pledge_key, quantity, price * quantity) for wish, price in zip(chosen, prices, strict=True)
        )
        return Solution(step, _dearest_share(step.whole_price, chance.people), shares)
    price = Money(int(chance.price))
    reach = step.counted_from if counts is Counts.QUANTITY else 0
    chosen = _earliest(chance.wishes, chance.people, reach)
    shares = tuple(
        Share(wish.pledge_key, taken, price * taken) for wish, taken in zip(chosen, _raised(chosen, reach), strict=True)
    )
    return Solution(step, price, shares)


def _earliest(willing: Sequence[Wish], people: int, reach: int) -> tuple[Wish, ...]:
    """Return the earliest so many who can take so much together. The caller knows that there are some."""
    chosen: list[Wish] = []
    later = sorted(wish.most for wish in willing)
    taken = 0
    for wish in willing:
        if len(chosen) == people:
            break
        del later[bisect_left(later, wish.most)]
        others = people - len(chosen) - 1
        # With this one, could the rest of the places be filled so that it is enough?
        if len(later) >= others and taken + wish.most + sum(later[len(later) - others :]) >= reach:
            chosen.append(wish)
            taken += wish.most
    return tuple(chosen)


def _raised(chosen: Sequence[Wish], reach: int) -> list[int]:
    """
    Return how much each takes: the least they would, and as much more as it takes to reach so much together.

    What is missing is taken in rounds of one each, the earliest pledge first, and nobody beyond their most.
    """
    missing = max(reach - sum(wish.least for wish in chosen), 0)
    extra = [0] * len(chosen)
    while missing:
        open_places = [place for place, wish in enumerate(chosen) if wish.least + extra[place] < wish.most]
        # As many whole rounds at once as everybody left can take part in.
        room = min(chosen[place].most - chosen[place].least - extra[place] for place in open_places)
        rounds = min(room, missing // len(open_places))
        for place in open_places if rounds else open_places[:missing]:
            extra[place] += rounds or 1
        missing -= rounds * len(open_places) if rounds else len(open_places[:missing])
    return [wish.least + more for wish, more in zip(chosen, extra, strict=True)]


@dataclass(frozen=True, slots=True)
class Case:
    """What one pledge pays at one step: between these two amounts, for each week of weekly support."""

    step: Step
    lowest: Money
    highest: Money
    is_within_reach: bool
    """False where the step costs more than the pledge would pay, or a shared price does not fit what it takes."""


def cases(
    wish: Wish,
    *,
    steps: Sequence[Step],
    counts: Counts,
    minimum_people: int,
    most_people: int | None,
    quantity: int,
) -> tuple[Case, ...]:
    """
    Return what this pledge would pay at each step that the pool can reach, the lowest step first.

    A step that the least number of people goes beyond anyway, and that costs more than the one they then have, is left
    out: it never comes about.
    """
    room = max(MOST_PEOPLE, minimum_people) if most_people is None else most_people
    at_once = [step.unit_price for step in steps if step.unit_price is not None and step.counted_from <= minimum_people]
    base = min(at_once, default=None)
    found: list[Case] = []
    for step, before in _with_ends(steps):
        if step.unit_price is None:
            ways = range(max(minimum_people, step.counted_from), min(room, before - 1 if before else room) + 1)
            case = _case_of_sharing(wish, step, ways, quantity)
        elif (counts is Counts.PEOPLE and step.counted_from > room) or (base is not None and step.unit_price > base):
            case = None
        else:
            case = _case_of_paying_each(wish, step, counts, minimum_people)
        if case is not None:
            found.append(case)
    return tuple(found)


def worst_case(
    wish: Wish,
    *,
    steps: Sequence[Step],
    counts: Counts,
    minimum_people: int,
    most_people: int | None,
    quantity: int,
) -> Money | None:
    """
    Return the most this pledge can come to, whatever the others do, or None if it can never be included.

    For each week, of weekly support. It is never above the most they would pay for the most they would take.
    """
    found = cases(
        wish,
        steps=steps,
        counts=counts,
        minimum_people=minimum_people,
        most_people=most_people,
        quantity=quantity,
    )
    return max((case.highest for case in found if case.is_within_reach), default=None)


def best_case(
    wish: Wish,
    *,
    steps: Sequence[Step],
    counts: Counts,
    minimum_people: int,
    most_people: int | None,
    quantity: int,
) -> Money | None:
    """Return the least this pledge can come to, for each week of weekly support, or None if it is never included."""
    found = cases(
        wish,
        steps=steps,
        counts=counts,
        minimum_people=minimum_people,
        most_people=most_people,
        quantity=quantity,
    )
    return min((case.lowest for case in found if case.is_within_reach), default=None)


def _case_of_sharing(wish: Wish, step: Step, ways: range, quantity: int) -> Case | None:
    if not ways:
        return None
    whole = known(step.whole_price)
    accepted = [people for people in ways if _dearest_share(whole, people) <= wish.most_price]
    fits = wish.least <= quantity <= wish.most
    lowest = Money(whole.pence // ways[-1]) * quantity
    fewest = accepted[0] if accepted else ways[0]
    return Case(step, lowest, _dearest_share(whole, fewest) * quantity, bool(accepted) and fits)


def _case_of_paying_each(wish: Wish, step: Step, counts: Counts, minimum_people: int) -> Case:
    taken = wish.least
    if counts is Counts.QUANTITY:
        # The others take at least one each, and nobody takes more than the step needs.
        taken = max(wish.least, min(wish.most, step.counted_from - (minimum_people - 1)))
    price = known(step.unit_price)
    return Case(step, price * wish.least, price * taken, price <= wish.most_price)
