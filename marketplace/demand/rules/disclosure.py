"""What may be shown of a true figure, looked at by itself. What figures give away together is `audit`'s matter."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.demand.rules.shapes import Measure, Statistic, Unit

THRESHOLD = 10
"""The fewest people or providers who may stand behind a figure that is shown (ONS, C5 R2). None are hidden too."""
ROUND_TO = 5
"""Shown counts are rounded to the nearest of these (C5, R3)."""
FEWEST_PROVIDERS = 3
"""The fewest providers who may stand behind money that is shown: nobody learns what another takes (C5, R11)."""
ROUND_SPEND_TO = 100_00
"""Shown sums of money are rounded to the nearest of these, in pence."""
ROUND_PRICES_TO = 50
"""Shown prices are rounded to the nearest of these, in pence."""
ROUND_SCORES_TO = 10
"""Shown averages are rounded to the nearest of these: tenths of a star or of a point."""
LARGEST_TWO = 90
"""Percent of a sum that its two largest contributors may make up together (acro's default: n,k = 2, 0.90)."""
OTHERS_OVER_LARGEST = 10
"""Percent of the largest contribution that all but the two largest must reach (acro's default: p = 0.10)."""


@dataclass(frozen=True, slots=True)
class TrueFigure:
    """
    One true figure, and what stands behind it. It never leaves the package.

    `value` is a whole number of the measure's unit. `people` counts different contributors (providers, where the
    measure counts those), `providers` the providers. `largest` and `largest_of_providers` hold what the two largest
    contributors gave to a sum, the largest first.
    """

    value: int
    people: int
    providers: int = 0
    largest: tuple[int, int] = (0, 0)
    largest_of_providers: tuple[int, int] = (0, 0)


NOTHING = TrueFigure(0, 0)


def is_small(figure: TrueFigure, measure: Measure) -> bool:
    """Test whether too few stand behind a figure, or one or two of them are nearly all of it. It is hidden then."""
    if figure.people < THRESHOLD:
        return True
    if measure.unit is not Unit.PENCE:
        return False
    if figure.providers < FEWEST_PROVIDERS:
        return True
    if measure.statistic is not Statistic.SUM:
        return False
    return any(_dominates(two, figure.value) for two in (figure.largest, figure.largest_of_providers))


def rounded(figure: TrueFigure, measure: Measure) -> int:
    """Return a figure as it is shown, in the measure's unit. Halves go up."""
    step = step_of(measure)
    return (figure.value + step // 2) // step * step


def step_of(measure: Measure) -> int:
    """Return what shown figures of a measure are whole multiples of."""
    if measure.statistic is Statistic.CONTRIBUTORS:
        return ROUND_TO
    if measure.statistic is Statistic.SUM:
        return ROUND_SPEND_TO
    return ROUND_PRICES_TO if measure.unit is Unit.PENCE else ROUND_SCORES_TO


def _dominates(two: Sequence[int], whole: int) -> bool:
    largest, second = two
    others = whole - largest - second
    return (largest + second) * 100 > LARGEST_TWO * whole or others * 100 < OTHERS_OVER_LARGEST * largest
