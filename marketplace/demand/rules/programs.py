"""What could be worked out of a whole block at once? Linear programs, solved by HiGHS."""

from collections.abc import Iterator
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from marketplace.demand.rules.attack import BIG, LEAST_WIDE, Bounds
from marketplace.demand.rules.blocks import Block, Truth, Union

Row = tuple[list[int], list[float], float, float]
"""Figures, by number, how often each counts in a sum, and the least and the most the sum can be."""
Values = npt.NDArray[np.float64]

MOST_COUNTS = 2_500
"""Programs of more counts than these take too long: there adding and subtracting, and worlds, have to do."""
_TOGETHER = 2
_NEARLY = 1e-4


class Program:
    """Everything an outsider knows about a block, as one linear program. Figures are numbered column by column."""

    def __init__(self, block: Block, bounds: Bounds, *, more: list[Row] | None = None) -> None:
        """Take in what is known of a block, and `more` sums that are known besides."""
        self.solved = 0
        self._shape = block.true.shape
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.setOptionValue("output_flag", "off")
        self._solver.setOptionValue("threads", 1)
        rows = [*_rows(block), *(more or [])]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = block.true.size, len(rows)
        model.col_cost_ = np.zeros(block.true.size)
        model.col_lower_ = np.where(bounds.low <= -BIG, -highspy.kHighsInf, bounds.low).ravel().astype(float)
        model.col_upper_ = np.where(bounds.high >= BIG, highspy.kHighsInf, bounds.high).ravel().astype(float)
        model.row_lower_ = np.array([row[2] for row in rows], dtype=float)
        model.row_upper_ = np.array([row[3] for row in rows], dtype=float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(row[0]) for row in rows)])
        model.a_matrix_.index_ = np.array([one for row in rows for one in row[0]], dtype=np.int32)
        model.a_matrix_.value_ = np.array([one for row in rows for one in row[1]], dtype=float)
        self._solver.passModel(model)
        self._weighed: list[int] = []

    def world(self, weights: dict[int, float], *, most: bool) -> Values | None:
        """Return figures that fit all that is known and make a weighed sum as large, or as small, as can be."""
        for number in self._weighed:
            self._solver.changeColCost(number, 0.0)
        self._weighed = list(weights)
        for number, weight in weights.items():
            self._solver.changeColCost(number, weight)
        sense = highspy.ObjSense.kMaximize if most else highspy.ObjSense.kMinimize
        self._solver.changeObjectiveSense(sense)
        self._solver.run()
        self.solved += 1
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return np.array(self._solver.getSolution().col_value).reshape(self._shape)
        return None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What programs found: figures that are given away, how many are safe for certain, and programs solved."""

    exposed: Truth
    proved: int
    solved: int


def judge(block: Block, bounds: Bounds, need: Bounds, *, safe: tuple[Truth, Truth], most: int) -> Verdict:
    """
    Attack the small figures that are not known to be safe, by at most so many linear programs.

    Some are tried all at once: whatever one world shows to be possible is possible. Then one by one, those first about
    which the bounds tell most. `safe` says what can be low enough, and high enough, already.
    """
    low, high = block.small & ~safe[0], block.small & ~safe[1]
    exposed = np.zeros_like(low)
    is_large = not block.is_money and block.true.size > MOST_COUNTS
    if most <= 0 or is_large or not (low.any() or high.any()):
        return Verdict(exposed, int((block.small & ~low & ~high).sum()), 0)
    program = Program(block, _capped(block, bounds))
    trial = _Trial(program, need, low, high, exposed)
    for _ in range(_TOGETHER):
        trial.try_all(most=False)
        trial.try_all(most=True)
    while program.solved < most and (low.any() or high.any()):
        trial.try_one(bounds)
    return Verdict(exposed, int((block.small & ~low & ~high & ~exposed).sum()), program.solved)


@dataclass(slots=True)
class _Trial:
    """Which figures are still to be shown safe: `low` and `high` lose those that are, and those in `exposed`."""

    program: Program
    need: Bounds
    low: Truth
    high: Truth
    exposed: Truth

    def try_all(self, *, most: bool) -> None:
        """Look for one world in which as many as can be are as low, or as high, as they need to be."""
        left = np.flatnonzero(self.high if most else self.low)
        if left.size:
            scale = np.maximum(np.abs(self.need.high.ravel()[left]), 1)
            weights = 1.0 / scale
            self._learn(self.program.world(dict(zip(left.tolist(), weights.tolist(), strict=True)), most=most))

    def try_one(self, bounds: Bounds) -> None:
        """Attack one figure by itself."""
        most = not self.low.any()
        left = self.high if most else self.low
        width = np.where(left, bounds.high - bounds.low, 2 * BIG)
        one = int(width.argmin())
        self._learn(self.program.world({one: 1.0}, most=most))
        if left.ravel()[one]:
            self.exposed.ravel()[one] = True
            self.low.ravel()[one] = self.high.ravel()[one] = False

    def _learn(self, world: Values | None) -> None:
        if world is not None:
            self.low &= ~(world <= self.need.low + _NEARLY)
            self.high &= ~(world >= self.need.high - _NEARLY)


def _capped(block: Block, bounds: Bounds) -> Bounds:
    """Return bounds that end somewhere: a world in which a hidden figure is beyond all others need not be looked at."""
    cap = 4 * int(np.abs(block.true).max(initial=0)) + LEAST_WIDE
    return Bounds(bounds.low, np.minimum(bounds.high, cap))


def _rows(block: Block) -> Iterator[Row]:
    areas, width = block.areas, block.true.shape[1]
    at = areas.first_council
    below = [list(range(1, at))]
    below += [list(np.flatnonzero(areas.region_of == region) + at) for region in range(areas.regions)]
    for column in range(block.true.shape[0]):
        for whole, parts in enumerate(below):
            if block.sums[column, whole]:
                numbers = [column * width + whole, *(column * width + int(part) for part in parts)]
                yield numbers, [-1.0, *[1.0] * len(parts)], 0.0, 0.0
    for union in block.unions:
        yield from _rows_of(union, width)


def _rows_of(union: Union, width: int) -> Iterator[Row]:
    for area in range(width):
        whole = union.whole * width + area
        parts = [int(part) * width + area for part in union.parts]
        if union.at_most[area]:
            yield [whole, *parts], [-1.0, *[1.0] * len(parts)], 0.0, 0.0 if union.adds_up else highspy.kHighsInf
        if not union.adds_up:
            for number in np.flatnonzero(union.at_least[:, area]):
                yield [whole, parts[number]], [1.0, -1.0], 0.0, highspy.kHighsInf
