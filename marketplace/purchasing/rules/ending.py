"""What is true of ending something early: what was done is owed, and what is cancelled later than was agreed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from marketplace.catalogue.rules import Unit
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules.invoicing import nearest_penny

_HOUR = 60


@dataclass(frozen=True, slots=True)
class CancelCost:
    """What cancelling costs now, as one side is shown it before they do it."""

    # For what took place, or is said to have.
    done: Money
    # For what is cancelled later than the notice allows.
    late: Money
    # How many visits to come are called off, and how many of them too late.
    visits: int
    late_visits: int
    # Visits whose time has come and of which the provider has not said yet whether they took place.
    unsaid_visits: int
    is_trial: bool
    # Of `done` and `late`, what is owed apart from visits: None where each visit bears its own.
    apart_from_visits: Money | None
    invoiced: Money
    # What budgets set aside for it and would let go: for the person alone.
    let_go: Money = ZERO

    @property
    def owed(self) -> Money:
        """What is owed altogether, some of which may be paid already."""
        return self.done + self.late

    @property
    def to_give_back(self) -> Money:
        """How much more was invoiced than is owed."""
        return max(self.invoiced - self.owed, ZERO)


def part_used(*, total: Money, used: int, bought: int) -> Money:
    """Return what the used minutes of a package cost, to the nearest penny, half a penny up."""
    return nearest_penny(total, Decimal(min(used, bought)) / bought) if bought else ZERO


def part_done(*, unit: Unit | None, unit_price: Money, total: Money, minutes: Iterable[int]) -> Money:
    """Return what the visits of a one-off thing come to that took place. By the hour, or by the visit."""
    lengths = list(minutes)
    done = (
        unit_price * len(lengths) if unit is not Unit.HOUR else nearest_penny(unit_price, Decimal(sum(lengths)) / _HOUR)
    )
    return min(done, total)
