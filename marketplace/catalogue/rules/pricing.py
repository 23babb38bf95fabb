"""What is true of prices: which one holds, and which amounts will do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from marketplace.catalogue.rules.nouns import PartOfDay, Rate, Unit
from marketplace.kit.days import is_bank_holiday
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import count, pounds
from marketplace.kit.sentences import worded

DEAREST = Money(10_000_00)
"""The highest price of one hour, day or item that we take for meant: more is a slip of the finger."""

DEAREST_MILE = Money(5_00)
MOST_IN_A_GROUP = 50
MOST_STEPS = 6
"""The most steps a price for groups may have: more is a table nobody reads."""

LONGEST_NOTICE = 28 * 24
"""The most hours of notice a provider can ask for: four weeks."""

LONGEST_INCLUDED = 1000

MOST_HOURS: Mapping[Unit, int] = {Unit.SESSION: 24, Unit.DAY: 24, Unit.NIGHT: 24, Unit.WEEK: 168, Unit.PACKAGE: 999}
"""How many hours one of a unit can hold. What is not here is no time, or is an hour."""

RATES_FOR: Mapping[Unit, tuple[Rate, ...]] = {
    Unit.HOUR: (Rate.EVENING, Rate.WEEKEND, Rate.BANK_HOLIDAY),
    Unit.SESSION: (Rate.EVENING, Rate.WEEKEND, Rate.BANK_HOLIDAY),
    Unit.DAY: (Rate.WEEKEND, Rate.BANK_HOLIDAY),
    Unit.NIGHT: (Rate.WEEKEND, Rate.BANK_HOLIDAY),
}
"""The rates besides the usual one that a unit can have. A mile costs the same at any time."""

_SATURDAY = 6
_DAY_HOURS = 24
_POUND = Money(1_00)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a price for groups: from so many people, each pays this."""

    people_from: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Asking:
    """
    A price as a provider sets it: for one person, at other times, and for each person in groups.

    `hours` is how many hours one unit holds. `admin` and `overhead` are parts of the amount.
    """

    amount: Money
    unit: Unit
    begins_on: date
    rates: Mapping[Rate, Money] = field(default_factory=dict)
    hours: Decimal | None = None
    admin: Money | None = None
    overhead: Money | None = None
    ladder: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Price:
    """
    What each person pays for one unit, from a number of people, at a rate, from a day.

    Editions count up as prices are set. `admin` and `overhead` are how much of the amount goes on running the business.
    """

    amount: Money
    unit: Unit
    people_from: int
    begins_on: date
    edition: int
    rate: Rate = Rate.STANDARD
    hours: Decimal | None = None
    admin: Money | None = None
    overhead: Money | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Where an amount goes: to the person who helps, to admin, to overheads. The three are the whole."""

    helper: Money
    admin: Money
    overhead: Money


_ORDER = tuple(Rate)


def price_list(prices: Iterable[Price], *, on: date) -> tuple[Price, ...]:
    """
    Return the prices in force on a day: for one person at the usual rate, at the others, then for more people.

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
            key=lambda price: (price.people_from, _ORDER.index(price.rate)),
        )
    )


def price_for(prices: Iterable[Price], *, people: int, on: date, rate: Rate = Rate.STANDARD) -> Price | None:
    """
    Return the price that each of a number of people pays on a day, or None if none is set.

    A rate that is not set is the usual one. A group pays one price at all times.
    """
    reached = [
        price
        for price in price_list(prices, on=on)
        if price.people_from <= people and price.rate in {Rate.STANDARD, rate}
    ]
    return reached[-1] if reached else None


def ladder_of(prices: Iterable[Price], *, on: date) -> tuple[Price, ...]:
    """Return the steps of the price for groups on a day, for the fewest people first."""
    return tuple(price for price in price_list(prices, on=on) if price.people_from > 1)


def rate_on(day: date, part: PartOfDay | None = None) -> Rate:
    """Return the rate that holds on a day, in a part of it: a bank holiday’s, else a weekend’s, else an evening’s."""
    if is_bank_holiday(day):
        return Rate.BANK_HOLIDAY
    if day.isoweekday() >= _SATURDAY:
        return Rate.WEEKEND
    return Rate.EVENING if part in {PartOfDay.EVENING, PartOfDay.NIGHT} else Rate.STANDARD


def hourly(price: Price) -> Money | None:
    """
    Return what an hour costs, to the nearest penny, or None if nobody can know.

    An hour is itself. A day, night, session, week or package is compared only if the provider says how many hours it
    holds. Miles and items are never compared.
    """
    if price.unit is Unit.HOUR:
        return price.amount
    if price.unit not in MOST_HOURS or not price.hours or price.hours <= 0:
        return None
    return Money(int((price.amount.pence / price.hours).quantize(Decimal(1), ROUND_HALF_UP)))


def split_of(price: Price) -> Split | None:
    """Return where an amount goes, or None if its provider does not say [001]."""
    if price.admin is None and price.overhead is None:
        return None
    admin, overhead = price.admin or ZERO, price.overhead or ZERO
    return Split(helper=price.amount - admin - overhead, admin=admin, overhead=overhead)


def conditions_said(*, travel_per_mile: Money | None, notice_hours: int | None) -> tuple[str, ...]:
    """Return what holds besides a price, each in a sentence: what travel costs, and until when it can be cancelled."""
    said = []
    if travel_per_mile is not None:
        mile = pounds(travel_per_mile) if travel_per_mile >= _POUND else f"{travel_per_mile.pence}p"
        said.append(worded("Travel is {mile} a mile on top.", mile=mile))
    if notice_hours is not None:
        said.append(_notice_said(notice_hours))
    return tuple(said)


def _notice_said(hours: int) -> str:
    if not hours:
        return "Cancel at any time and pay nothing."
    days, left = divmod(hours, _DAY_HOURS)
    long = count(hours, "hour", "hours") if left or days == 1 else count(days, "day", "days")
    return worded("Cancel up to {long} before and pay nothing.", long=long)


def price_problem(amount: Money) -> str | None:
    """Return why an amount cannot be a price, as a sentence, or None if it can."""
    if amount.pence <= 0:
        return "Enter a price above nothing. If people pay nothing, say that it is free."
    if amount > DEAREST:
        return worded("Enter at most {dearest}. Is the price for one, or for many?", dearest=DEAREST)
    return None


def group_price_problem(*, amount: Money, single: Money, people_from: int) -> str | None:
    """Return why a group price will not do, as a sentence, or None if it will."""
    if not 2 <= people_from <= MOST_IN_A_GROUP:  # noqa: PLR2004  (one person is no group)
        return worded("A group is from 2 to {most_in_a_group} people.", most_in_a_group=MOST_IN_A_GROUP)
    if amount.pence <= 0:
        return "Enter what each person in a group pays."
    if amount >= single:
        return "In a group, each person pays less than one person alone."
    return None


def ladder_problem(steps: Iterable[Step], *, single: Money) -> str | None:
    """Return why the price for groups will not do, as a sentence, or None if it will. Steps may come in any order."""
    climbing = sorted(steps, key=lambda step: step.people_from)
    if len(climbing) > MOST_STEPS:
        return worded("Use at most {most_steps} steps.", most_steps=MOST_STEPS)
    for step in climbing:
        problem = group_price_problem(amount=step.amount, single=single, people_from=step.people_from)
        if problem:
            return problem
    for lower, higher in pairwise(climbing):
        if lower.people_from == higher.people_from:
            return worded(
                "You have two prices from {people_from} people. Keep one of them.", people_from=lower.people_from
            )
        if higher.amount >= lower.amount:
            return worded(
                "From {people_from} people, each pays less than from {people_from_2}: less than {amount}.",
                people_from=higher.people_from,
                people_from_2=lower.people_from,
                amount=lower.amount,
            )
    return None


def rate_problem(rate: Rate, amount: Money, *, unit: Unit) -> str | None:
    """Return why the price at a rate will not do, as a sentence, or None if it will."""
    if rate not in RATES_FOR.get(unit, ()):
        return worded("{one} costs the same at any time. Leave this empty.", one=unit.one.capitalize())
    return price_problem(amount)


def hours_problem(hours: Decimal | None, *, unit: Unit) -> str | None:
    """Return why a number of hours will not do for one of a unit, as a sentence, or None if it will."""
    if hours is None:
        return "Say how many hours the package holds." if unit is Unit.PACKAGE else None
    most = MOST_HOURS.get(unit)
    if most is None:
        return None
    if not 0 < hours <= most:
        return worded("Enter how many hours {one} holds: at most {most}.", one=unit.one, most=most)
    if hours != round(hours, 2):
        return "Enter hours with at most two decimals, like 2.5."
    return None


def split_problem(*, amount: Money, admin: Money | None, overhead: Money | None) -> tuple[str, str] | None:
    """Return which part of an amount will not do, and why, or None if both will."""
    for name, part in (("admin", admin), ("overhead", overhead)):
        if part is not None and part < ZERO:
            return name, "Enter an amount of nothing or more."
    if (admin or ZERO) + (overhead or ZERO) > amount:
        return "admin" if overhead is None else "overhead", worded(
            "Admin and overheads are part of the {amount}, not more.", amount=amount
        )
    return None


def notice_problem(hours: int | None) -> str | None:
    """Return why a number of hours of notice will not do, as a sentence, or None if it will."""
    if hours is not None and not 0 <= hours <= LONGEST_NOTICE:
        return worded("Enter from 0 to {longest_notice} hours: at most four weeks.", longest_notice=LONGEST_NOTICE)
    return None


def travel_problem(per_mile: Money | None) -> str | None:
    """Return why a charge for each mile of travel will not do, as a sentence, or None if it will."""
    if per_mile is not None and not ZERO < per_mile <= DEAREST_MILE:
        return worded(
            "Enter from £0.01 to {dearest_mile} a mile, or leave it empty if travel costs nothing.",
            dearest_mile=DEAREST_MILE,
        )
    return None
