"""What is true of visits: who may do what to one, what it costs to the penny, and what notice does to that."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from marketplace.catalogue.rules import Rate, Unit, rate_on
from marketplace.kit.days import LONDON, day_of
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded
from marketplace.purchasing.rules.arrangements import FURTHEST_START, ArrangementId, ArrangementStatus, Side
from marketplace.purchasing.rules.invoicing import charged_by_visit, nearest_penny
from marketplace.purchasing.rules.nouns import ArrangementKind, VisitId, VisitStatus

SHORTEST, LONGEST = 5, 1440
"""Minutes of one visit: five at least, a whole day at most."""
MOST_MILES = Decimal("999.9")
MOST_WEEKS = 52
"""Most weeks that are planned in one go."""
OLDEST_CLAIM = timedelta(days=92)
"""A visit is written down within a quarter, or nobody remembers what it was."""
_EVENING, _MORNING = time(17), time(8)
_HOUR = 60
_SATURDAY = 6


class VisitAct(enum.StrEnum):
    """What somebody can do to a visit."""

    CLAIM = "claim"
    CONFIRM = "confirm"
    QUERY = "query"
    CALL_OFF = "call_off"


@dataclass(frozen=True, slots=True)
class VisitStep:
    """Where an act leads, and whose it is."""

    to: VisitStatus
    by: frozenset[Side]


_PERSON, _PROVIDER, _EITHER = frozenset({Side.PERSON}), frozenset({Side.PROVIDER}), frozenset(Side)

NEXT_OF_VISIT: dict[VisitStatus, dict[VisitAct, VisitStep]] = {
    VisitStatus.PLANNED: {
        VisitAct.CLAIM: VisitStep(VisitStatus.CLAIMED, _PROVIDER),
        VisitAct.CALL_OFF: VisitStep(VisitStatus.CANCELLED, _EITHER),
    },
    VisitStatus.CLAIMED: {
        VisitAct.CONFIRM: VisitStep(VisitStatus.CONFIRMED, _PERSON),
        VisitAct.QUERY: VisitStep(VisitStatus.QUERIED, _PERSON),
        # They see a slip of their own, or that it did not take place after all.
        VisitAct.CLAIM: VisitStep(VisitStatus.CLAIMED, _PROVIDER),
        VisitAct.CALL_OFF: VisitStep(VisitStatus.CANCELLED, _PROVIDER),
    },
    VisitStatus.QUERIED: {
        VisitAct.CONFIRM: VisitStep(VisitStatus.CONFIRMED, _PERSON),
        VisitAct.CLAIM: VisitStep(VisitStatus.CLAIMED, _PROVIDER),
        VisitAct.CALL_OFF: VisitStep(VisitStatus.CANCELLED, _PROVIDER),
    },
    VisitStatus.CONFIRMED: {},
    VisitStatus.CANCELLED: {},
}
"""What can happen to a visit, and who may do it: the whole of it."""


@dataclass(frozen=True, slots=True)
class VisitTerms:
    """The terms of an arrangement, as far as they say what a visit costs."""

    kind: ArrangementKind
    unit: Unit | None
    unit_price: Money
    # What a unit costs at each time that has a price of its own, with the usual one.
    prices: Mapping[Rate, Money]
    travel_per_mile: Money | None
    notice_hours: int | None
    trial_until: date | None


@dataclass(frozen=True, slots=True)
class TookPlace:
    """What a provider says took place. `rate=None`: by the day and the time."""

    held_on: date
    starts_at: time | None
    minutes: int
    miles: Decimal = Decimal(0)
    rate: Rate | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class VisitInCalendar:
    """One visit, as far as a calendar knows of it."""

    id: VisitId
    arrangement_id: ArrangementId
    held_on: date
    starts_at: time | None
    minutes: int
    is_called_off: bool
    changed_at: datetime
    summary: str


def acts_on_visit(
    *,
    status: VisitStatus,
    side: Side,
    held_on: date,
    starts_at: time | None,
    now: datetime,
    is_shared: bool = False,
) -> tuple[VisitAct, ...]:
    """
    Return what one side may do to a visit now, in the order of `NEXT_OF_VISIT`.

    Nothing is claimed beforehand, and the person calls nothing off once it has begun: then the provider says what was.
    What took place with a whole pool is said there, for all of them at once.
    """
    too_soon = {VisitAct.CLAIM} if held_on > day_of(now) else set()
    too_late = {VisitAct.CALL_OFF} if has_begun(held_on=held_on, starts_at=starts_at, now=now) else set()
    elsewhere = {VisitAct.CLAIM, VisitAct.CALL_OFF} if is_shared else set()
    closed = too_soon | elsewhere | (too_late if side is Side.PERSON else set())
    return tuple(act for act, step in NEXT_OF_VISIT[status].items() if side in step.by and act not in closed)


def may_be_planned(status: ArrangementStatus) -> bool:
    """Test whether visits may be planned: once it is agreed, and until it is over."""
    return status is ArrangementStatus.ACCEPTED


def rate_for(*, held_on: date, starts_at: time | None, prices: Mapping[Rate, Money]) -> Rate:
    """
    Return the rate of a visit by when it begins: a bank holiday's, else a weekend's, else an evening's.

    One that has no price of its own gives way to the next. Without a time a visit counts as by day.
    """
    is_evening = starts_at is not None and (starts_at >= _EVENING or starts_at < _MORNING)
    holds = {
        Rate.BANK_HOLIDAY: rate_on(held_on) is Rate.BANK_HOLIDAY,
        Rate.WEEKEND: held_on.isoweekday() >= _SATURDAY,
        Rate.EVENING: is_evening,
    }
    return next((rate for rate, is_so in holds.items() if is_so and rate in prices), Rate.STANDARD)


def price_at(terms: VisitTerms, rate: Rate) -> Money:
    """Return what a unit costs at a rate."""
    return terms.prices.get(rate, terms.unit_price)


def price_of_time(terms: VisitTerms, *, minutes: int, rate: Rate, is_from_bank: bool = False) -> Money:
    """
    Return what the time of a visit costs, to the nearest penny, half a penny up.

    Only weekly support is charged by the visit: one-off things and packages cost what was agreed. Banked hours cost
    the usual price whenever they are used: what was put by for them [003].
    """
    if not charged_by_visit(kind=terms.kind, unit=terms.unit):
        return ZERO
    price = terms.unit_price if is_from_bank else price_at(terms, rate)
    return nearest_penny(price, Decimal(minutes) / _HOUR) if terms.unit is Unit.HOUR else price


def price_of_miles(terms: VisitTerms, *, miles: Decimal) -> Money:
    """Return what travelling costs, to the nearest penny, half a penny up."""
    return nearest_penny(terms.travel_per_mile or ZERO, miles)


def begins(*, held_on: date, starts_at: time | None) -> datetime:
    """Return the moment a visit begins. Without a time it is the end of that day, in favour of who calls it off."""
    return datetime.combine(held_on, starts_at or time(23, 59), tzinfo=LONDON)


def has_begun(*, held_on: date, starts_at: time | None, now: datetime) -> bool:
    """Test whether the time of a visit has come."""
    return begins(held_on=held_on, starts_at=starts_at) <= now


def is_late(terms: VisitTerms, *, held_on: date, starts_at: time | None, now: datetime) -> bool:
    """Test whether it is too late to call a visit off at no cost. Never in a trial, nor where no notice was agreed."""
    if terms.notice_hours is None or (terms.trial_until is not None and held_on <= terms.trial_until):
        return False
    return begins(held_on=held_on, starts_at=starts_at) - now < timedelta(hours=terms.notice_hours)


def owed_if_called_off(
    terms: VisitTerms,
    *,
    by: Side,
    held_on: date,
    starts_at: time | None,
    minutes: int,
    is_from_bank: bool,
    now: datetime,
) -> Money:
    """Return what is owed for a planned visit that is called off now: its time, if the person does so too late."""
    if by is Side.PROVIDER or not is_late(terms, held_on=held_on, starts_at=starts_at, now=now):
        return ZERO
    rate = rate_for(held_on=held_on, starts_at=starts_at, prices=terms.prices)
    return price_of_time(terms, minutes=minutes, rate=rate, is_from_bank=is_from_bank)


def day_problem(*, held_on: date, starts_on: date, today: date) -> str | None:
    """Return why no visit can be on a day, as a sentence, or None if one can."""
    if held_on < starts_on:
        return "Choose a day on or after the one this starts on."
    if not today - OLDEST_CLAIM <= held_on <= today + FURTHEST_START:
        return "Choose a day within the last three months or the next two years."
    return None


def minutes_problem(minutes: int) -> str | None:
    """Return why a visit cannot be so long, as a sentence, or None if it can."""
    return None if SHORTEST <= minutes <= LONGEST else "A visit is from 5 minutes to 24 hours long."


def miles_problem(miles: Decimal, *, travel_per_mile: Money | None) -> str | None:
    """Return why so many miles will not do, as a sentence, or None if they will."""
    if not Decimal(0) <= miles <= MOST_MILES:
        return worded("Enter the miles as a number up to {most_miles}, like 3.5.", most_miles=MOST_MILES)
    if miles and not travel_per_mile:
        return "Nothing was agreed for travel, so leave the miles empty."
    return None


def weeks_problem(weeks: int) -> str | None:
    """Return why so many weeks will not do, as a sentence, or None if they will."""
    return None if 1 <= weeks <= MOST_WEEKS else worded("Choose from 1 to {most_weeks} weeks.", most_weeks=MOST_WEEKS)


def money_needed(*, total: Money, called_off: Money, charged: Money, credited: Money) -> Money:
    """
    Return what an arrangement will have cost, as far as anybody knows now: what a budget keeps for it.

    All that was agreed, less visits called off at no cost; or what is charged, if that is more; less credit notes.
    """
    return max(max(total - called_off, charged) - credited, ZERO)
