"""
Which small counts are safe for certain? Shown by worlds: other truths that an outsider could not tell from ours.

A world is made from the truth by moving few figures. Figures may move within `_room` as they like, one part of each
whole at a time, and everything still fits; so each column can be looked at by itself, where bounds are exact and every
whole number between them is possible. What is not shown to be safe here may be safe all the same: `programs` decides.
"""

from dataclasses import dataclass

import numpy as np

from marketplace.demand.rules.attack import BIG, Bounds, from_areas, known
from marketplace.demand.rules.blocks import Block, Truth, Union, Whole
from marketplace.demand.rules.disclosure import THRESHOLD

MOST = THRESHOLD - 1
"""The most a small count can be."""


@dataclass(frozen=True, slots=True)
class Safe:
    """Which figures can be as low as nothing, and which as high as a small count can be, by column and area."""

    low: Truth
    high: Truth


@dataclass(frozen=True, slots=True)
class _Room:
    """
    How far figures may move, by column and area.

    `free` bounds one part of each whole, and the wholes; `rising` bounds all parts at once. `least` is how low wholes
    may go: no part goes higher.
    """

    free: Bounds
    rising: Bounds
    least: Whole


def safe_counts(block: Block) -> Safe:
    """Return which small counts can be anything from 0 to 9, for all an outsider knows."""
    if block.small.all():
        # Nothing at all is shown.
        return Safe(block.small, block.small)
    own = known(block)
    room = _room(block, own)
    around = from_areas(block.areas, room.free, block.sums).within(own)
    rising = from_areas(block.areas, room.rising, block.sums).within(own)
    nothing_at = ((rising.low <= 0) | (block.true == 0)).all(axis=0)
    low = _falls(block, room, around) | nothing_at
    high = _rises(block, room, around.high >= MOST)
    pools = _pools(block, own, room)
    return Safe(low | pools.low, high | pools.high)


def _room(block: Block, own: Bounds) -> _Room:
    free = Bounds(own.low.copy(), own.high.copy())
    rising = Bounds(own.low.copy(), own.high.copy())
    least = np.maximum(own.low, np.where(block.true >= MOST, 0, own.low))
    for union in block.unions:
        parts, whole = block.true[union.parts], block.true[union.whole]
        most = np.where(union.at_least, parts, 0).max(axis=0)
        # A whole that is not small never gets small: parts of it that are can then be anything.
        floor = np.maximum(whole - (whole - most) // 2, np.where(whole >= MOST, MOST, 0))
        spare = np.where(union.at_most, parts.sum(axis=0) - whole, BIG)
        # Regions and England fit by themselves if all councils do.
        by_council = slice(block.areas.first_council, None) if _holds(block, union) else slice(None)
        drop = np.where(_relabels(block, own, union, floor), BIG, spare // 2)
        _raise(free.low[:, by_council], union.parts, (parts - drop)[:, by_council])
        _raise(rising.low[:, by_council], union.parts, np.where(union.at_most, parts, -BIG)[:, by_council])
        for room in (free, rising):
            _lower(room.high[:, by_council], union.parts, np.where(union.at_least, floor, BIG)[:, by_council])
            _raise(room.low[:, by_council], union.whole, floor[by_council])
            _lower(room.high[:, by_council], union.whole, (whole + spare - spare // 2)[by_council])
        least[union.whole] = np.maximum(least[union.whole], floor)
    return _Room(free, rising, least)


def _holds(block: Block, union: Union) -> bool:
    """Test whether a whole and its parts go together in every council, and all councils sum."""
    at = block.areas.first_council
    columns = [union.whole, *union.parts]
    covers = union.at_most[at:].all() or not union.at_most.any()
    return bool(union.at_least[:, at:].all() and covers and block.sums[columns].all())


def _relabels(block: Block, own: Bounds, union: Union, floor: Whole) -> Truth:
    """
    Test, by part and area, whether nine people of one part could be in other parts instead.

    There must be room for them in the others: here, in the region and in England. However nine in all are placed, each
    still finds room.
    """
    areas, at = block.areas, block.areas.first_council
    room = np.minimum(own.high[union.parts] - block.true[union.parts], MOST)
    here = np.minimum(room, np.where(union.at_least, floor - block.true[union.parts], MOST))
    everywhere = np.minimum(here[:, at:], np.minimum(room[:, :1], room[:, 1:at][:, areas.region_of]))
    everywhere = np.maximum(everywhere, 0)
    relabels = np.zeros(room.shape, dtype=bool)
    relabels[:, at:] = everywhere.sum(axis=0) - everywhere >= MOST
    return relabels


def _raise(low: Whole, at: Whole | int, to: Whole) -> None:
    low[at] = np.maximum(low[at], to)


def _lower(high: Whole, at: Whole | int, to: Whole) -> None:
    high[at] = np.minimum(high[at], to)


def _falls(block: Block, room: _Room, around: Bounds) -> Truth:
    """Test which figures can be nothing while the parts beside them stay; their wholes may fall with them."""
    falls = around.low <= 0
    for union in block.unions:
        parts, whole = block.true[union.parts], block.true[union.whole]
        without = parts.sum(axis=0) - parts
        follows = (without >= room.free.low[union.whole]) & (without >= around.low[union.whole])
        falls[union.parts] &= ~union.at_most | (without >= whole) | follows
        falls[union.whole] &= (parts <= 0).all(axis=0)
    return falls


def _rises(block: Block, room: _Room, reaches: Truth) -> Truth:
    """Test which figures can be as high as a small count can be, if need be with their wholes and a part of these."""
    tall = room.least >= MOST
    # A part that nothing else is said of can help its whole up.
    alone = reaches.copy()
    for union in block.unions:
        alone[union.whole] = False
    times = sum(
        (np.bincount(union.parts, minlength=len(block.columns)) for union in block.unions),
        np.zeros(len(block.columns), dtype=np.int64),
    )
    for union in block.unions:
        shared = union.parts[times[union.parts] > 1]
        alone[shared] &= ~union.at_least[times[union.parts] > 1] | tall[union.whole]
    rises = reaches.copy()
    for union in _from_the_top(block):
        enough = ~union.at_least | tall[union.whole] | _carried(block, union, rises[union.whole], alone)
        rises[union.parts] &= enough
    for union in block.unions:
        rises[union.whole] &= _covered(block, union, alone)
    return rises


def _carried(block: Block, union: Union, rises: Truth, alone: Truth) -> Truth:
    """Test where a whole can rise with one of its parts: whatever else it is the whole of must make it up too."""
    others = [other for other in block.unions if other.whole == union.whole and other is not union]
    carried = rises.copy()
    for other in others:
        carried &= _covered(block, other, alone)
    return carried


def _covered(block: Block, union: Union, alone: Truth) -> Truth:
    enough = block.true[union.parts].sum(axis=0) >= MOST
    covered: Truth = ~union.at_most | enough | alone[union.parts].any(axis=0)
    return covered


def _from_the_top(block: Block) -> list[Union]:
    """Return the unions, those whose whole is a part of another after that one."""
    parts = {int(part) for union in block.unions for part in union.parts}
    return sorted(block.unions, key=lambda union: union.whole in parts)


def _pools(block: Block, own: Bounds, room: _Room) -> Safe:
    """
    Test what the councils of a region can be whose every figure is small, by column and area.

    People could live in another of them, nine at most in each: nothing that is shown changes. So one of them can have
    nobody, or everybody of a part; and if these are too few, the region can have more.
    """
    areas, at = block.areas, block.areas.first_council
    quiet: Truth = np.asarray(block.small[:, at:].all(axis=0))
    if not all(_holds(block, union) for union in block.unions):
        quiet[:] = False
    pooled = np.add.reduceat(np.where(quiet, block.true[:, at:], 0), areas.starts, axis=1)
    number = np.add.reduceat(quiet.astype(np.int64), areas.starts)
    regions = block.true[:, 1:at]
    spacious: Truth = np.asarray((pooled <= MOST * (number - 1)).all(axis=0))
    above = _from_above(block, room.free)
    more = np.maximum(MOST - pooled, 0)
    rises = regions + more <= np.minimum(above.high, own.high[:, 1:at])
    for union in _from_the_top(block):
        enough = ~union.at_least[:, 1:at] | rises[union.whole] & _made_up(block, union, more, rises)
        rises[union.parts] &= enough
    for union in block.unions:
        helped = (rises[union.parts] & (more[union.parts] >= more[union.whole])).any(axis=0)
        rises[union.whole] &= ~union.at_most[1:at] | (more[union.whole] == 0) | helped
    low = np.zeros(block.true.shape, dtype=np.bool_)
    high = low.copy()
    low[:, at:] = quiet & spacious[areas.region_of]
    high[:, at:] = quiet & rises[:, areas.region_of]
    return Safe(low, high)


def _made_up(block: Block, union: Union, more: Whole, rises: Truth) -> Truth:
    """Test where whatever else a whole is the whole of can rise with it."""
    fine = np.ones(rises.shape[1], dtype=bool)
    for other in block.unions:
        if other.whole == union.whole and other is not union and other.at_most.any():
            fine &= (more[union.whole] == 0) | rises[other.parts].any(axis=0)
    return fine


def _from_above(block: Block, bounds: Bounds) -> Bounds:
    """Return what England and the other regions tell of each region, councils left out."""
    at = block.areas.first_council
    loose = Bounds(bounds.low.copy(), bounds.high.copy())
    loose.low[:, at:], loose.high[:, at:] = -BIG, BIG
    told = from_areas(block.areas, loose, block.sums)
    return Bounds(told.low[:, 1:at], told.high[:, 1:at])
