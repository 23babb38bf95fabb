"""What is true of arrangements and invoices. Pure: no database, no web, no clock."""

import enum
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NewType

from marketplace.catalogue.rules import Price, Rate, Unit, rate_on
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import count, day, pounds
from marketplace.kit.sentences import worded
from marketplace.purchasing.rules.nouns import ArrangementKind

ArrangementId = NewType("ArrangementId", uuid.UUID)
InvoiceId = NewType("InvoiceId", uuid.UUID)

MOST_QUANTITY = 10_000
LONGEST_WORDS = 2_000
"""Most characters in what a person asks for, and in the reason a provider declines."""
FURTHEST_START = timedelta(days=2 * 365)


class ArrangementStatus(enum.StrEnum):
    """How far an arrangement has come."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    DONE = "done"


class Act(enum.StrEnum):
    """What somebody can do to an arrangement."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    MARK_DONE = "mark_done"


class Side(enum.StrEnum):
    """The two sides of an arrangement: who buys, and who provides."""

    PERSON = "person"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Step:
    """Where an act leads, and whose it is."""

    to: ArrangementStatus
    by: frozenset[Side]


_EITHER = frozenset(Side)

NEXT: dict[ArrangementStatus, dict[Act, Step]] = {
    ArrangementStatus.ASKED: {
        Act.ACCEPT: Step(ArrangementStatus.ACCEPTED, frozenset({Side.PROVIDER})),
        Act.DECLINE: Step(ArrangementStatus.DECLINED, frozenset({Side.PROVIDER})),
        Act.WITHDRAW: Step(ArrangementStatus.WITHDRAWN, frozenset({Side.PERSON})),
    },
    ArrangementStatus.ACCEPTED: {
        Act.MARK_DONE: Step(ArrangementStatus.DONE, _EITHER),
        Act.CANCEL: Step(ArrangementStatus.CANCELLED, _EITHER),
    },
    ArrangementStatus.DECLINED: {},
    ArrangementStatus.WITHDRAWN: {},
    ArrangementStatus.CANCELLED: {},
    ArrangementStatus.DONE: {},
}
"""What can happen to an arrangement, and who may do it: the whole of it."""


def next_status(*, status: ArrangementStatus, act: Act, side: Side) -> ArrangementStatus | None:
    """Return the status that an act leads to, or None if this side may not do that now."""
    step = NEXT[status].get(act)
    return step.to if step and side in step.by else None


def acts_open_to(*, status: ArrangementStatus, side: Side, starts_on: date, today: date) -> tuple[Act, ...]:
    """Return what one side may do now, in the order of `NEXT`."""
    return tuple(
        act
        for act, step in NEXT[status].items()
        if side in step.by and (act is not Act.MARK_DONE or has_started(starts_on=starts_on, today=today))
    )


def has_started(*, starts_on: date, today: date) -> bool:
    """Test whether an arrangement has begun. Nothing is done before it begins."""
    return starts_on <= today


def may_be_invoiced(*, status: ArrangementStatus, total: Money) -> bool:
    """Test whether a provider may send the invoice: from the day it is accepted, if there is anything to pay."""
    return status in {ArrangementStatus.ACCEPTED, ArrangementStatus.DONE} and total > ZERO


def unit_words(unit: Unit | None) -> tuple[str, str]:
    """Return what one and several of a unit are called. Something free may be counted in nothing but times."""
    return ("time", "times") if unit is None else (unit.value, unit.many)


def how_much(
    *,
    quantity: int,
    unit: Unit | None,
    package_hours: Decimal | None = None,
    rate: Rate = Rate.STANDARD,
    kind: ArrangementKind = ArrangementKind.ONE_OFF,
    weeks: int = 1,
) -> str:
    """Return a quantity as people say it: `1 hour`, `2 packages of 8 hours`, `3 hours a week for 12 weeks`."""
    said = count(quantity, *unit_words(unit))
    if package_hours:
        said += worded(
            " of {normalize:f} {more}",
            normalize=package_hours.normalize(),
            more="hour" if package_hours == 1 else "hours",
        )
    said = f"{said} {rate.at}".strip()
    return (
        worded("{said} a week for {weeks}", said=said, weeks=count(weeks, "week", "weeks"))
        if kind is ArrangementKind.WEEKLY
        else said
    )


def day_rate_note(*, starts_on: date, chosen: Price, prices: Iterable[Price]) -> str:
    """Return a warning if the first day costs something else than the price chosen for it, or nothing."""
    held = rate_on(starts_on)
    price = next((price for price in prices if price.rate is held), chosen)
    if held is Rate.STANDARD or price.amount == chosen.amount:
        return ""
    what = "a bank holiday" if held is Rate.BANK_HOLIDAY else "at the weekend"
    return worded(
        "{starts_on} is {what}. Their price {at} is {amount} {each}.",
        starts_on=day(starts_on),
        what=what,
        at=held.at,
        amount=pounds(price.amount),
        each=price.unit.each,
    )


def total_price(*, unit_price: Money, quantity: int, weeks: int = 1) -> Money:
    """Return what an arrangement costs altogether."""
    return unit_price * quantity * weeks


def quantity_problem(quantity: int) -> str | None:
    """Return why a quantity will not do, as a sentence, or None if it will."""
    if not 1 <= quantity <= MOST_QUANTITY:
        return worded("Choose a whole number from 1 to {most_quantity:,}.", most_quantity=MOST_QUANTITY)
    return None


def start_problem(*, starts_on: date, today: date) -> str | None:
    """Return why an arrangement cannot be asked for from this day, as a sentence, or None if it can."""
    if starts_on < today:
        return "Choose a day that is today or later."
    if starts_on > today + FURTHEST_START:
        return "Choose a day within the next two years."
    return None


def words_problem(words: str) -> str | None:
    """Return why words will not do, as a sentence, or None if they will."""
    if not words:
        return "Write a few words first."
    if len(words) > LONGEST_WORDS:
        return worded("Use at most {longest_words:,} characters.", longest_words=LONGEST_WORDS)
    return None


def invoice_reference(number: int) -> str:
    """Return an invoice number as it is printed."""
    return f"{number:04d}"
