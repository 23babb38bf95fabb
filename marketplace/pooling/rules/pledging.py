"""What somebody may pledge, what it can come to, and what they save. Pure: no database, no web, no clock."""

import enum
import uuid
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from marketplace.budgets.rules import StreamId
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import pounds
from marketplace.pooling.rules.nouns import Counts
from marketplace.pooling.rules.pools import MOST_EACH
from marketplace.pooling.rules.solving import Case, Solution, Step, Wish, best_case, cases, solve, worst_case
from marketplace.purchasing.rules.nouns import PayBy

_MINE = uuid.UUID(int=0)
_ANY_PRICE = Money(10_000_000)
"""A hundred thousand pounds for a unit: more than anything costs."""


@dataclass(frozen=True, slots=True)
class NewPledge:
    """
    What somebody pledges: between a least and a most, at a price for a unit of at most, paid in this way.

    `shares` is what each of their funding streams pays of the worst case, all of it; or nothing if no budget here pays.
    """

    least: int
    most: int
    most_price: Money
    pay_by: PayBy = PayBy.BANK_TRANSFER
    shares: Mapping[StreamId, Money] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a pool asks of everybody in it: its steps, and what they hold for. `quantity` is in each of the weeks."""

    steps: tuple[Step, ...]
    counts: Counts
    minimum_people: int
    most_people: int | None
    quantity: int
    weeks: int = 1

    @property
    def is_shared(self) -> bool:
        """Whether people share one price for the whole group, and so all take the same."""
        return any(step.whole_price is not None for step in self.steps)

    @property
    def takes_a_range(self) -> bool:
        """Whether it helps the others if somebody would take more than they must: where steps count what all take."""
        return self.counts is Counts.QUANTITY and not self.is_shared

    @property
    def dearest(self) -> Money:
        """What a unit costs each at most: with the least number of people."""
        return Money(max((case.highest.pence for case in self._for_anybody()), default=0) // self.quantity)

    @property
    def cheapest(self) -> Money:
        """What a unit costs each at least: on the highest step, with as many people as there is room for."""
        return Money(min((case.lowest.pence for case in self._for_anybody()), default=0) // self.quantity)

    @property
    def usual(self) -> NewPledge:
        """What most people would pledge: what everybody gets, at any price it can come to."""
        return NewPledge(self.quantity, self.quantity, self.dearest)

    def solve(self, wishes: Iterable[Wish]) -> Solution | None:
        """Return the best these wishes can have, or None if they reach no step."""
        return solve(
            wishes,
            steps=self.steps,
            counts=self.counts,
            minimum_people=self.minimum_people,
            most_people=self.most_people,
            quantity=self.quantity,
        )

    def cases(self, wanted: NewPledge) -> tuple[Case, ...]:
        """Return what a pledge would pay at each step the pool can reach: in one week, of weekly support."""
        return cases(
            _as_wish(wanted),
            steps=self.steps,
            counts=self.counts,
            minimum_people=self.minimum_people,
            most_people=self.most_people,
            quantity=self.quantity,
        )

    def at_worst(self, wanted: NewPledge) -> Money | None:
        """Return the most a pledge can come to in all weeks together, or None if it can never be included."""
        found = worst_case(
            _as_wish(wanted),
            steps=self.steps,
            counts=self.counts,
            minimum_people=self.minimum_people,
            most_people=self.most_people,
            quantity=self.quantity,
        )
        return None if found is None else found * self.weeks

    def at_best(self, wanted: NewPledge) -> Money | None:
        """Return the least a pledge can come to in all weeks together, or None if it can never be included."""
        found = best_case(
            _as_wish(wanted),
            steps=self.steps,
            counts=self.counts,
            minimum_people=self.minimum_people,
            most_people=self.most_people,
            quantity=self.quantity,
        )
        return None if found is None else found * self.weeks

    def _for_anybody(self) -> tuple[Case, ...]:
        """Return what each step costs somebody who would pay any price for what everybody gets."""
        return self.cases(NewPledge(self.quantity, self.quantity, _ANY_PRICE))


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a pool has come: what a unit would cost each if it closed now, and what it takes to have it cheaper."""

    price: Money | None
    next_price: Money | None
    # So many more people, or so much more taken together, than there is now.
    next_needs: int | None


def reached(ladder: Ladder, wishes: Iterable[Wish]) -> Reached:
    """
    Return how far these wishes come on a ladder, in numbers. It says nothing about whose they are.

    What is needed is worked out with so many newcomers who would pay any price: of those who are in it already, some
    may have said that they would pay less.
    """
    queue = list(wishes)
    solution = ladder.solve(queue)
    now = solution.unit_price if solution else None
    most = max([ladder.minimum_people, *(step.counted_from for step in ladder.steps)])

    def with_more(number: int) -> Money | None:
        found = ladder.solve([*queue, *_newcomers(ladder, number, after=len(queue))])
        return found.unit_price if found and (now is None or found.unit_price < now) else None

    # The more there are, the lower the price: so halving finds the fewest.
    needs = bisect_left(range(1, most + 1), True, key=lambda number: with_more(number) is not None) + 1  # noqa: FBT003
    price = with_more(needs) if needs <= most else None
    return Reached(now, price, needs if price is not None else None)


class Standing(enum.StrEnum):
    """Where a pool stands beside one step of its ladder."""

    HERE = "here"
    NEXT = "next"
    PAST = "past"
    LATER = "later"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder as it is drawn: what a unit costs each at most, and where the pool stands beside it."""

    step: Step
    price: Money
    standing: Standing


def rungs(found: Sequence[Case], *, quantity: int, reached: Reached | None) -> tuple[Rung, ...]:
    """Return the steps of a ladder as they are drawn, the lowest first. `reached`: None where nobody may know."""
    here = _place(found, quantity, reached.price) if reached else None
    ahead = _place(found, quantity, reached.next_price) if reached else None
    return tuple(
        Rung(case.step, _unit_price(case, quantity), _standing(case, place, here, ahead if ahead != here else None))
        for place, case in enumerate(found)
    )


def _unit_price(case: Case, quantity: int) -> Money:
    """Return what a unit costs each at a step: of a shared price, with the fewest people."""
    return case.step.unit_price if case.step.unit_price is not None else Money(case.highest.pence // quantity)


def _place(found: Sequence[Case], quantity: int, price: Money | None) -> int | None:
    """Return which step a unit costs so much at, if one does."""
    if price is None:
        return None
    fits = (
        place
        for place, case in enumerate(found)
        if case.step.unit_price == price
        or (case.step.whole_price is not None and case.lowest <= price * quantity <= case.highest)
    )
    return next(fits, None)


def _standing(case: Case, place: int, here: int | None, ahead: int | None) -> Standing:
    if place == here:
        return Standing.HERE
    if place == ahead:
        return Standing.NEXT
    if not case.is_within_reach:
        return Standing.OUT
    return Standing.PAST if here is not None and place < here else Standing.LATER


def amount_problem(wanted: NewPledge, *, ladder: Ladder) -> tuple[str, str] | None:
    """Return which answer about how much will not do, and why, as a sentence, or None if all will."""
    if not 1 <= wanted.least <= MOST_EACH:
        return "least", f"Choose an amount from 1 to {MOST_EACH:,}."
    if not wanted.least <= wanted.most <= MOST_EACH:
        return "most", f"Choose at least {wanted.least:,} and at most {MOST_EACH:,}."
    if ladder.is_shared and (wanted.least, wanted.most) != (ladder.quantity, ladder.quantity):
        return "least", f"Everybody in this pool gets the same and shares one price, so choose {ladder.quantity:,}."
    return None


def price_problem(wanted: NewPledge, *, ladder: Ladder) -> str | None:
    """Return why the most somebody would pay will not do, as a sentence, or None if it will."""
    if wanted.most_price < ZERO or wanted.most_price > _ANY_PRICE:
        return "Enter an amount in pounds, like 14.50."
    if ladder.at_worst(wanted) is None:
        return f"The lowest price this pool can reach is {pounds(ladder.cheapest)}. Enter that much or more."
    return None


def shares_problem(wanted: NewPledge, *, at_worst: Money) -> str | None:
    """Return why what budgets would pay will not do, as a sentence, or None if it will."""
    together = sum(wanted.shares.values(), ZERO)
    if not wanted.shares or together == at_worst:
        return None
    return f"This can cost up to {at_worst}, and what you chose pays {together}. Choose again who pays."


def saved(*, price_alone: Money | None, quantity: int, weeks: int, amount: Money) -> Money:
    """Return what somebody saves who pays this for so much, instead of its price alone; never less than nothing."""
    return ZERO if price_alone is None else max(price_alone * quantity * weeks - amount, ZERO)


def _as_wish(wanted: NewPledge) -> Wish:
    return Wish(_MINE, wanted.least, wanted.most, wanted.most_price, 0)


def _newcomers(ladder: Ladder, number: int, *, after: int) -> list[Wish]:
    each = ladder.quantity if ladder.counts is Counts.PEOPLE else 1
    return [Wish(uuid.UUID(int=order + 1), each, each, _ANY_PRICE, after + order) for order in range(number)]
