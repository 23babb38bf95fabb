"""What is true of prices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from marketplace.catalogue.rules.nouns import Unit
from marketplace.kit.money import Money

DEAREST = Money(10_000_00)
"""The highest price of one hour, day or item that we take for meant: more is a slip of the finger."""

MOST_IN_A_GROUP = 50


@dataclass(frozen=True, slots=True)
class Asking:
    """A price as a provider sets it: for one person and, if they say so, for each person in a group."""

    amount: Money
    unit: Unit
    begins_on: date
    group_amount: Money | None = None
    group_from: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What each person pays for one unit, from a number of people, from a day. Editions count up as prices are set."""

    amount: Money
    unit: Unit
    people_from: int
    begins_on: date
    edition: int


def price_list(prices: Iterable[Price], *, on: date) -> tuple[Price, ...]:
    """
    Return the prices in force on a day, for the fewest people first.

    Prices set together are one edition. The edition that began last is in force, whole: one without a group price
    ends the group price.
    """
    begun = [price for price in prices if price.begins_on <= on]
    if not begun:
        return ()
    in_force = max((price.begins_on, price.edition) for price in begun)
    return tuple(
        sorted(
            (price for price in begun if (price.begins_on, price.edition) == in_force),
            key=lambda price: price.people_from,
        )
    )


def price_for(prices: Iterable[Price], *, people: int, on: date) -> Price | None:
    """Return the price that each of a number of people pays on a day, or None if none is set."""
    reached = [price for price in price_list(prices, on=on) if price.people_from <= people]
    return reached[-1] if reached else None


def price_problem(amount: Money) -> str | None:
    """Return why an amount cannot be a price, as a sentence, or None if it can."""
    if amount.pence <= 0:
        return "Enter a price above nothing. If people pay nothing, say that it is free."
    if amount > DEAREST:
        return f"Enter at most {DEAREST}. Is the price for one, or for many?"
    return None


def group_price_problem(*, amount: Money, single: Money, people_from: int) -> str | None:
    """Return why a group price will not do, as a sentence, or None if it will."""
    if not 2 <= people_from <= MOST_IN_A_GROUP:  # noqa: PLR2004  (one person is no group)
        return f"A group is from 2 to {MOST_IN_A_GROUP} people."
    if amount.pence <= 0:
        return "Enter what each person in a group pays."
    if amount >= single:
        return "In a group, each person pays less than one person alone."
    return None
