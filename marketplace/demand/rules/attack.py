"""
What could an outsider work out of hidden figures? The strongest one we can think of.

Knows every published file of every area, how figures are rounded, that councils sum to regions and regions to England,
what is part of what, and is even told which hidden counts are below the threshold. The bounds here are the outsider's:
no true figure lies outside them. What is possible within them is `worlds`' matter.
"""

from dataclasses import dataclass

import numpy as np

from marketplace.demand.rules.blocks import Areas, Block, Truth, Union, Whole
from marketplace.demand.rules.disclosure import ROUND_SPEND_TO, ROUND_TO, THRESHOLD

BIG = 2**44
"""More than any figure, in pence; little enough for hundreds of them to be added."""
LEAST_WIDE = 1_000_00
"""How far apart, in pence, the bounds of a hidden sum of money must be at least."""
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that figures can be, by column and area."""

    low: Whole
    high: Whole

    def within(self, other: "Bounds") -> "Bounds":
        """Return what both allow."""
        return Bounds(np.maximum(self.low, other.low), np.minimum(self.high, other.high))


def known(block: Block) -> Bounds:
    """Return what each figure by itself tells."""
    if block.is_money:
        return _known_money(block)
    value = (block.true + ROUND_TO // 2) // ROUND_TO * ROUND_TO
    reach = ROUND_TO // 2
    low = np.where(block.shown, np.maximum(value - reach, THRESHOLD), 0)
    high = np.where(block.shown, value + reach, np.where(block.small, THRESHOLD - 1, BIG))
    return Bounds(low, high)


def _known_money(block: Block) -> Bounds:
    half = ROUND_SPEND_TO // 2
    value = (block.true + half) // ROUND_SPEND_TO * ROUND_SPEND_TO
    low = np.where(block.shown, value - half, np.minimum(block.true, 0))
    return Bounds(low, np.where(block.shown, value + half - 1, BIG))


def needed(block: Block) -> Bounds:
    """Return how low and how high it must be possible for each small figure to be. Others need nothing."""
    if block.is_money:
        half = (np.abs(block.true) + 1) // 2
        low = block.true - half
        high = np.maximum(block.true + half, low + LEAST_WIDE)
    else:
        low, high = np.zeros_like(block.true), np.full_like(block.true, THRESHOLD - 1)
    # "At least as low as BIG" and "at least as high as -BIG" ask for nothing.
    return Bounds(np.where(block.small, low, BIG), np.where(block.small, high, -BIG))


def bounds_of(block: Block) -> Bounds:
    """Return what an outsider can work out by adding and subtracting, over areas and over rows, again and again."""
    bounds = known(block)
    for _ in range(_ROUNDS if block.unions else 1):
        before = bounds
        bounds = bounds.within(from_areas(block.areas, bounds, block.sums))
        for union in block.unions:
            _narrow(bounds, union)
        if np.array_equal(before.low, bounds.low) and np.array_equal(before.high, bounds.high):
            break
    return bounds


def from_areas(areas: Areas, bounds: Bounds, sums: Truth) -> Bounds:
    """
    Return what the other areas of a column tell about each figure. Exact, and every whole number between is possible.

    Where the areas below do not sum (`sums`), nothing is told.
    """
    at = areas.first_council
    council_low, council_high = bounds.low[:, at:], bounds.high[:, at:]
    agree = sums[:, 1:]
    below_low = np.where(agree, np.add.reduceat(council_low, areas.starts, axis=1), -BIG)
    below_high = np.where(agree, np.add.reduceat(council_high, areas.starts, axis=1), BIG)
    low, high = bounds.low[:, 1:at], bounds.high[:, 1:at]
    region_low, region_high = np.maximum(low, below_low), np.minimum(high, below_high)
    all_low, all_high = region_low.sum(axis=1, keepdims=True), region_high.sum(axis=1, keepdims=True)
    england = sums[:, :1]
    above_low = np.where(england, bounds.low[:, :1] - (all_high - region_high), -BIG)
    above_high = np.where(england, bounds.high[:, :1] - (all_low - region_low), BIG)
    top_low = np.where(agree, np.maximum(low, above_low), -BIG)[:, areas.region_of]
    top_high = np.where(agree, np.minimum(high, above_high), BIG)[:, areas.region_of]
    others_high = np.where(agree, below_high, 0)[:, areas.region_of] - council_high
    others_low = np.where(agree, below_low, 0)[:, areas.region_of] - council_low
    loose = ~agree[:, areas.region_of]
    return Bounds(
        np.column_stack(
            [
                np.where(england, all_low, -BIG),
                np.maximum(above_low, below_low),
                np.where(loose, -BIG, top_low - others_high),
            ]
        ),
        np.column_stack(
            [
                np.where(england, all_high, BIG),
                np.minimum(above_high, below_high),
                np.where(loose, BIG, top_high - others_low),
            ]
        ),
    )


def from_union(bounds: Bounds, union: Union) -> tuple[Bounds, Bounds]:
    """Return what a whole and its parts tell about each other: bounds of the whole, and of the parts."""
    whole, parts = union.whole, union.parts
    part_low, part_high = bounds.low[parts], bounds.high[parts]
    low, high = bounds.low[whole], bounds.high[whole]
    all_high = part_high.sum(axis=0)
    parts_low = np.where(union.at_most, low - (all_high - part_high), -BIG)
    whole_high = np.where(union.at_most, all_high, BIG)
    if union.adds_up:
        all_low = part_low.sum(axis=0)
        parts_high = np.where(union.at_least, high - (all_low - part_low), BIG)
        whole_low = np.where(union.at_most, all_low, -BIG)
    else:
        parts_high = np.where(union.at_least, high, BIG)
        whole_low = np.where(union.at_least, part_low, -BIG).max(axis=0)
    return Bounds(whole_low, whole_high), Bounds(parts_low, parts_high)


def _narrow(bounds: Bounds, union: Union) -> None:
    of_whole, of_parts = from_union(bounds, union)
    whole, parts = union.whole, union.parts
    bounds.low[whole] = np.maximum(bounds.low[whole], of_whole.low)
    bounds.high[whole] = np.minimum(bounds.high[whole], of_whole.high)
    bounds.low[parts] = np.maximum(bounds.low[parts], of_parts.low)
    bounds.high[parts] = np.minimum(bounds.high[parts], of_parts.high)
