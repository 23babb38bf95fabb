"""What does a plan cost, and do the budgets reach? Pure: no database, no web, no clock."""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from marketplace.brokerage.rules.nouns import CostedBy, HowOften
from marketplace.kit.money import ZERO, Money

MOST_QUANTITY = 10_000
WEEKS_OF_A_YEAR = 52
DEAREST_OWN_PRICE = Money(100_000_00)
"""An own price above that is a slip of the finger."""

_WEEK = 7
_LONGEST_SEARCH = 60
_MOST_SEARCHES = 6
_PARTED = re.compile(r"[,;\n•]|\.\s|\.$|\bor\b|\band\b", re.IGNORECASE)
_LITTLE = re.compile(r"^(?:(?:an?|the|some|my|maybe|perhaps|also)\b\s*)+", re.IGNORECASE)


class PriceState(enum.StrEnum):
    """What is known of what a line of a plan costs."""

    KNOWN = "known"
    FREE = "free"
    NOTHING_YET = "nothing_yet"  # nobody has chosen what says it
    NOT_SAID = "not_said"  # an offer whose provider gives no price
    GONE = "gone"  # an offer or a pool that is no longer there to be had


@dataclass(frozen=True, slots=True)
class Times:
    """How much of something, and how often: `quantity` each time, once or weekly, and then for how many weeks."""

    quantity: int = 1
    how_often: HowOften = HowOften.ONCE
    weeks: int = 1

    @property
    def in_a_week(self) -> int:
        """How many of them a week takes. What is had once is of no week."""
        return self.quantity if self.how_often is HowOften.WEEKLY else 0

    @property
    def in_a_year(self) -> int:
        """How many of them a year takes."""
        return self.quantity * (self.weeks if self.how_often is HowOften.WEEKLY else 1)

    def until(self, weeks: int) -> int:
        """
        Return how many of them some weeks from now take, at the most.

        What is had in only some weeks of a year is counted as if those came first: nobody runs out of money because
        we counted too little.
        """
        if self.how_often is HowOften.ONCE:
            return self.quantity
        years, over = divmod(weeks, WEEKS_OF_A_YEAR)
        return self.quantity * (years * min(self.weeks, WEEKS_OF_A_YEAR) + min(self.weeks, over))


@dataclass(frozen=True, slots=True)
class Cost:
    """What one line of a plan costs. `unit_price` is None as long as nobody knows."""

    state: PriceState
    unit_price: Money | None
    times: Times
    # The money for it stands aside in a budget already: an arrangement on this very offer is under way.
    is_promised: bool = False

    @property
    def a_week(self) -> Money | None:
        """What a week costs, or None if nobody knows."""
        return None if self.unit_price is None else self.unit_price * self.times.in_a_week

    @property
    def a_year(self) -> Money | None:
        """What a year costs, or None if nobody knows."""
        return None if self.unit_price is None else self.unit_price * self.times.in_a_year

    def until(self, weeks: int) -> Money:
        """Return what some weeks from now take out of budgets, besides what is promised already."""
        if self.unit_price is None or self.is_promised:
            return ZERO
        return self.unit_price * self.times.until(weeks)


@dataclass(frozen=True, slots=True)
class Sum:
    """What all lines of a plan cost together. `unknown` counts those of which nobody knows it."""

    a_week: Money
    a_year: Money
    once: Money
    unknown: int


@dataclass(frozen=True, slots=True)
class Purse:
    """What a budget has left, neither promised nor spent, and from when until when it is there."""

    name: str
    left: Money
    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a budget reaches, if it alone paid for a plan for its `weeks` to come."""

    name: str
    left: Money
    ends_on: date
    weeks: int
    needs: Money

    @property
    def over(self) -> Money:
        """What is missing, or nothing."""
        return max(self.needs - self.left, ZERO)

    @property
    def spare(self) -> Money:
        """What would be left over, or nothing."""
        return max(self.left - self.needs, ZERO)

    @property
    def share(self) -> int:
        """How much of what is left the plan would take, in whole percent, at most a hundred."""
        if self.left.pence <= 0:
            return 100 if self.needs.pence else 0
        return min(-(-100 * self.needs.pence // self.left.pence), 100)


def state_of(*, costed_by: CostedBy, is_there: bool, unit_price: Money | None, is_free: bool) -> PriceState:
    """Return what is known of a line's cost. `is_there`: the offer or pool that says it can still be had."""
    if costed_by is CostedBy.NOTHING_YET:
        return PriceState.NOTHING_YET
    if costed_by is CostedBy.FREE:
        return PriceState.FREE
    if not is_there:
        return PriceState.GONE
    if is_free or unit_price == ZERO:
        return PriceState.FREE
    return PriceState.NOT_SAID if unit_price is None else PriceState.KNOWN


def cost(*, state: PriceState, unit_price: Money | None, times: Times, is_promised: bool = False) -> Cost:
    """Return what a line costs. What is gone costs nobody knows what, whatever it once did."""
    known = {PriceState.KNOWN: unit_price, PriceState.FREE: ZERO}.get(state)
    return Cost(state=state, unit_price=known, times=times, is_promised=is_promised)


def add_up(costs: Iterable[Cost]) -> Sum:
    """Return what all lines cost together, as far as anybody knows."""
    all_of_them = tuple(costs)
    return Sum(
        a_week=sum((it.a_week for it in all_of_them if it.a_week), ZERO),
        a_year=sum((it.a_year for it in all_of_them if it.a_year), ZERO),
        once=sum(
            (it.a_year for it in all_of_them if it.a_year and it.times.how_often is HowOften.ONCE),
            ZERO,
        ),
        unknown=sum(it.unit_price is None for it in all_of_them),
    )


def weeks_to_come(*, begins_on: date, ends_on: date, today: date) -> int:
    """Return how many weeks of a period are to come, a started one counting as one."""
    return max(-(-((ends_on - max(begins_on, today)).days + 1) // _WEEK), 0)


def reach(costs: Iterable[Cost], purse: Purse, *, today: date) -> Reach:
    """Return how far a budget reaches, if it alone paid for all these lines until its last day."""
    weeks = weeks_to_come(begins_on=purse.begins_on, ends_on=purse.ends_on, today=today)
    return Reach(
        name=purse.name,
        left=purse.left,
        ends_on=purse.ends_on,
        weeks=weeks,
        needs=sum((it.until(weeks) for it in costs), ZERO) if weeks else ZERO,
    )


def together(purses: Iterable[Purse]) -> Purse | None:
    """Return several budgets as if they were one, until the last day of the one that lasts longest."""
    every = tuple(purses)
    if len(every) < 2:  # noqa: PLR2004  (one budget is itself)
        return None
    return Purse(
        name="",
        left=sum((it.left for it in every), ZERO),
        begins_on=min(it.begins_on for it in every),
        ends_on=max(it.ends_on for it in every),
    )


def things_to_look_for(what_would_help: str, wish: str) -> tuple[str, ...]:
    """Return what to search for, one thing each: “a café, a gym class or a tea dance” are three."""
    parts = (_LITTLE.sub("", part.strip(" .!?–-")).strip() for part in _PARTED.split(what_would_help))
    wanted = [part for part in parts if part and len(part) <= _LONGEST_SEARCH]
    found = dict.fromkeys(wanted or ([wish] if len(wish) <= _LONGEST_SEARCH else []))
    return tuple(found)[:_MOST_SEARCHES]
