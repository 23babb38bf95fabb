"""What is true of averages. Pure: no database, no web, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEWEST_RATERS = 3
"""An average of fewer people than this says more about them than about what they used."""


@dataclass(frozen=True, slots=True)
class RatingSummary:
    """How many people rated something, and how. `spread` counts them from one star to five."""

    count: int
    average: Decimal | None
    spread: tuple[int, int, int, int, int]


NO_RATINGS = RatingSummary(count=0, average=None, spread=(0, 0, 0, 0, 0))


def summary_of(spread: Sequence[int]) -> RatingSummary:
    """
    Return the summary of what people gave, from one star to five.

    The average has one decimal, halves rounded up, and is None below `FEWEST_RATERS`.
    """
    one, two, three, four, five = spread
    count = one + two + three + four + five
    average = None
    if count >= FEWEST_RATERS:
        stars = one + 2 * two + 3 * three + 4 * four + 5 * five
        average = (Decimal(stars) / count).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return RatingSummary(count=count, average=average, spread=(one, two, three, four, five))
