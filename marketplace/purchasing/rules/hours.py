"""What is true of the hours account of an arrangement. Minutes are whole; money has no part in it."""

from dataclasses import dataclass
from decimal import Decimal

from marketplace.catalogue.rules import Unit
from marketplace.kit.said import count
from marketplace.purchasing.rules.nouns import ArrangementKind

_MINUTES = 60


@dataclass(frozen=True, slots=True)
class HoursAccount:
    """What came onto an hours account and what went off it, in minutes."""

    bought: int = 0
    banked: int = 0
    used: int = 0
    # What went off at the end, because nobody used it.
    released: int = 0
    # Of what is left: visits that wait for the person's yes.
    waiting: int = 0
    left: int = 0

    @property
    def free(self) -> int:
        """How many minutes more visits may take."""
        return self.left - self.waiting


def in_hours(minutes: int) -> str:
    """Return a length of time as people say it: `45 minutes`, `2 hours`, `1 hour 30 minutes`."""
    hours, rest = divmod(minutes, _MINUTES)
    said = [count(hours, "hour", "hours")] if hours or not rest else []
    return " ".join([*said, count(rest, "minute", "minutes")] if rest else said)


def minutes_bought(*, kind: ArrangementKind, unit: Unit | None, quantity: int, package_hours: Decimal | None) -> int:
    """Return how many minutes a package puts on the account. One whose hours nobody says has no account."""
    if kind is not ArrangementKind.PACKAGE:
        return 0
    each = Decimal(1) if unit is Unit.HOUR else package_hours or Decimal(0)
    return int(each * quantity * _MINUTES)


def may_bank(*, kind: ArrangementKind, unit: Unit | None) -> bool:
    """Test whether hours of a visit that is called off may be banked: of weekly support by the hour [003]."""
    return kind is ArrangementKind.WEEKLY and unit is Unit.HOUR


def draws_hours(*, kind: ArrangementKind, is_from_bank: bool, bought: int) -> bool:
    """Test whether a visit takes its minutes off the account."""
    return is_from_bank or (kind is ArrangementKind.PACKAGE and bought > 0)
