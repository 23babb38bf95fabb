"""What is true of invoices and credit notes: what is due, and how it is said line by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from marketplace.catalogue.rules import Unit
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules.arrangements import ArrangementStatus, unit_words
from marketplace.purchasing.rules.nouns import ArrangementKind, VisitId

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
    def how_much(self) -> str:
        """How much of what it is for: `1 hour`, `1.5 hours`."""
        return f"{plain_number(self.quantity)} {self.unit if self.quantity == 1 else f'{self.unit}s'}"


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an invoice must know of an arrangement: the terms that hold, and how far it has come."""

    title: str
    kind: ArrangementKind
    unit: Unit | None
    quantity: int
    weeks: int
    unit_price: Money
    total: Money
    starts_on: date
    status: ArrangementStatus
    ended_on: date | None = None


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
    due week by week, as each has passed. Nothing more falls due once something is cancelled.
    """
    if charged_by_visit(kind=agreed.kind, unit=agreed.unit):
        return ZERO
    if agreed.kind is ArrangementKind.WEEKLY:
        passed = ((min(today, agreed.ended_on or today) - agreed.starts_on).days + 1) // 7
        return agreed.unit_price * (agreed.quantity * min(max(passed, 0), agreed.weeks))
    return agreed.total if agreed.status in GOES_AHEAD else ZERO


def agreed_line(agreed: Agreed, *, due: Money, invoiced: Money) -> Line | None:
    """Return the line for what is due by agreement and on no invoice yet, or None if there is nothing."""
    amount = due - invoiced
    if amount <= ZERO:
        return None
    one, _many = unit_words(agreed.unit)
    units, over = divmod(amount.pence, agreed.unit_price.pence) if agreed.unit_price > ZERO else (0, 1)
    if over:
        return Line(f"{agreed.title}, more by the terms as changed", Decimal(1), "time", amount, amount)
    return Line(agreed.title, Decimal(units), one, agreed.unit_price, amount)


def altogether(lines: Iterable[Line]) -> Money:
    """Return what lines come to."""
    return sum((line.amount for line in lines), ZERO)
