"""What is true of invoices and credit notes: what is due, and how it is said line by line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from marketplace.catalogue.rules import Rate, Unit
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.purchasing.rules.arrangements import ArrangementId, ArrangementStatus, unit_words
from marketplace.purchasing.rules.hours import in_hours
from marketplace.purchasing.rules.nouns import ArrangementKind, InvoiceKind, VisitId
from marketplace.purchasing.rules.terms import Terms

PAYMENT_TERM = timedelta(days=14)
"""How long there is to pay, from the day an invoice is sent."""
GOES_AHEAD = frozenset({ArrangementStatus.ACCEPTED, ArrangementStatus.DONE})
BY_VISIT = frozenset({Unit.HOUR, Unit.SESSION, Unit.DAY, Unit.NIGHT})
"""Units of which weekly support gives one or more in a visit. Of others, each week that has passed is charged."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice: how much of what, and its amount to the penny."""

    what: str
    quantity: Decimal
    unit: str
    unit_price: Money
    amount: Money
    visit_id: VisitId | None = None

    @property
    def minutes(self) -> int:
        """Of a line by the hour: the minutes its hours stand for. Two decimals of an hour are enough to tell each."""
        return round(self.quantity * 60)

    @property
    def how_much(self) -> str:
        """How much of what it is for: `1 hour 30 minutes`, `2 sessions`, `3.5 miles`."""
        if self.unit == Unit.HOUR:
            return in_hours(self.minutes)
        return f"{plain_number(self.quantity)} {self.unit if self.quantity == 1 else f'{self.unit}s'}"


@dataclass(frozen=True, slots=True)
class InvoiceOnPaper:
    """An invoice or a credit note, as it is printed and sent on."""

    arrangement_id: ArrangementId
    kind: InvoiceKind
    number: str
    issued_at: datetime
    due_on: date | None
    provider_name: str
    person_name: str
    # Whoever holds the budget, if it is not the person; else empty.
    bill_to_name: str
    title: str
    lines: tuple[Line, ...]
    amount: Money
    # What credit notes have taken off it.
    credited: Money
    # Of a credit note: the number of the invoice it takes a part of back.
    credits_number: str

    @property
    def asked(self) -> Money:
        """What is to be paid for it in all: its amount, less credit notes."""
        return self.amount - self.credited


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an invoice must know of an arrangement: the terms that hold, and how far it has come."""

    title: str
    kind: ArrangementKind
    unit: Unit | None
    # Every version that was agreed, the oldest first.
    versions: Sequence[Terms]
    status: ArrangementStatus
    ended_on: date | None = None
    # What is owed once it is cancelled, apart from visits.
    owed_at_end: Money | None = None


def plain_number(number: Decimal) -> str:
    """Return a number without the noughts nobody says: `1.5`, `10`."""
    return f"{number.normalize():f}"


def charged_by_visit(*, kind: ArrangementKind, unit: Unit | None) -> bool:
    """Test whether each visit has its own price. One-off things and packages cost what was agreed, once."""
    return kind is ArrangementKind.WEEKLY and (unit is None or unit in BY_VISIT)


def due_as_agreed(agreed: Agreed, *, today: date) -> Money:
    """
    Return what is due by agreement alone, apart from visits.

    A one-off thing or a package is due from the day it is accepted. Weekly support that is not charged by the visit is
    due week by week, as each has passed. Of what is cancelled, what was owed at that moment stays due.
    """
    if agreed.owed_at_end is not None:
        return agreed.owed_at_end
    if charged_by_visit(kind=agreed.kind, unit=agreed.unit):
        return ZERO
    if agreed.kind is ArrangementKind.WEEKLY:
        return weeks_due(agreed.versions, until=min(today, agreed.ended_on or today))
    return agreed.versions[-1].total if agreed.status in GOES_AHEAD else ZERO


def weeks_due(versions: Sequence[Terms], *, until: date) -> Money:
    """Return what the weeks come to that have passed by the end of a day, each by the version that held in it."""
    due = ZERO
    for terms, later in zip(versions, [*versions[1:], None], strict=True):
        last = until if later is None else min(until, later.starts_on - timedelta(days=1))
        passed = ((last - terms.starts_on).days + 1) // 7
        due += terms.unit_price * (terms.quantity * min(max(passed, 0), terms.weeks))
    return due


def agreed_line(agreed: Agreed, *, due: Money, invoiced: Money) -> Line | None:
    """Return the line for what is due by agreement and on no invoice yet, or None if there is nothing."""
    amount = due - invoiced
    if amount <= ZERO:
        return None
    one, _many = unit_words(agreed.unit)
    price = agreed.versions[-1].unit_price
    units, over = divmod(amount.pence, price.pence) if price > ZERO else (0, 1)
    if over:
        return Line(
            worded("{title}, more by the terms as changed", title=agreed.title), Decimal(1), "time", amount, amount
        )
    return Line(agreed.title, Decimal(units), one, price, amount)


@dataclass(frozen=True, slots=True)
class VisitDue:
    """A visit that is to be charged for: confirmed, or called off too late."""

    id: VisitId
    held_on: date
    minutes: int
    miles: Decimal
    rate: Rate
    amount: Money
    travel: Money
    is_from_bank: bool
    is_called_off: bool

    @property
    def what(self) -> str:
        """What the line says: the day, and anything out of the usual."""
        if self.is_called_off:
            return worded("Visit on {held_on}, called off too late", held_on=day(self.held_on))
        said = worded("Visit on {held_on}", held_on=day(self.held_on))
        if self.is_from_bank:
            return worded("{said}, of banked hours", said=said)
        return said if self.rate is Rate.STANDARD else f"{said}, {self.rate.at}"


def lines_of_visit(visit: VisitDue, *, unit: Unit | None, price: Money, per_mile: Money) -> tuple[Line, ...]:
    """
    Return the lines of one visit: its time, and its miles. `price` is that of a unit at its rate.

    A visit keeps the amounts it was confirmed with. Where the terms have changed since, the line says only those.
    """
    lines = []
    if visit.amount > ZERO:
        one, _many = unit_words(unit)
        hours = Decimal(visit.minutes) / 60 if unit is Unit.HOUR else Decimal(1)
        lines.append(_line(visit.id, visit.what, times=hours, unit=one, price=price, amount=visit.amount))
    if visit.travel > ZERO:
        what = worded("Travel on {held_on}", held_on=day(visit.held_on))
        lines.append(_line(visit.id, what, times=visit.miles, unit="mile", price=per_mile, amount=visit.travel))
    return tuple(lines)


def _line(visit_id: VisitId, what: str, *, times: Decimal, unit: str, price: Money, amount: Money) -> Line:
    if nearest_penny(price, times) != amount:
        return Line(what, Decimal(1), "visit", amount, amount, visit_id)
    return Line(what, times.quantize(Decimal("0.01")), unit, price, amount, visit_id)


def nearest_penny(price: Money, times: Decimal) -> Money:
    """Return a price so many times, to the nearest penny, half a penny up."""
    return Money(int((price.pence * times).quantize(Decimal(1), ROUND_HALF_UP)))


def altogether(lines: Iterable[Line]) -> Money:
    """Return what lines come to."""
    return sum((line.amount for line in lines), ZERO)
