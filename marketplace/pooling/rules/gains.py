"""What did people gain by going together? Exact, from what was paid and what it costs alone. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.catalogue.rules import Unit
from marketplace.kit.money import ZERO, Money

_HOUR = 60


@dataclass(frozen=True, slots=True)
class Gain:
    """
    What somebody, or all of them, had of a pool.

    `paid` is all of it, also for visits they were away from; `alone` is what the time they had costs alone.
    """

    paid: Money = ZERO
    alone: Money = ZERO
    minutes: int = 0
    # What an hour costs alone; None where it is not bought by the hour.
    hour_alone: Money | None = None

    @property
    def saved(self) -> Money:
        """What they saved. Below nothing if it cost more than going alone."""
        return self.alone - self.paid

    @property
    def minutes_gained(self) -> int:
        """How many minutes more they had than the same money buys alone: whole ones, and never fewer than none."""
        if self.hour_alone is None or self.hour_alone == ZERO:
            return 0
        return max(self.minutes - -(-self.paid.pence * _HOUR // self.hour_alone.pence), 0)


def hour_alone(*, unit: Unit | None, price_alone: Money) -> Money | None:
    """Return what an hour costs alone, where it is bought by the hour."""
    return price_alone if unit is Unit.HOUR else None


def together(gains: Iterable[Gain]) -> Gain:
    """Return what several gained."""
    known = list(gains)
    return Gain(
        paid=sum((gain.paid for gain in known), ZERO),
        alone=sum((gain.alone for gain in known), ZERO),
        minutes=sum(gain.minutes for gain in known),
        hour_alone=known[0].hour_alone if known else None,
    )
