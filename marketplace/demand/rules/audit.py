"""What must be hidden besides what is small, so that nobody can work out what is small from all the rest?"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from marketplace.demand.rules.attack import Bounds, bounds_of, from_areas, from_union, needed
from marketplace.demand.rules.blocks import Block, Shapes, Truth, Union, blocks_of
from marketplace.demand.rules.disclosure import NOTHING, TrueFigure, is_small
from marketplace.demand.rules.figures import FigureName
from marketplace.demand.rules.shapes import Statistic


@dataclass(slots=True)
class Protected:
    """
    What an audit found. `hidden` are the figures to hide besides the small ones.

    `tried` small figures were attacked; `narrowest` is the least width of what an outsider can work out about a hidden
    count: 9 if every number from 0 to 9 is possible. `programs` counts linear programs solved.
    """

    hidden: set[FigureName] = field(default_factory=set, repr=False)
    tried: int = 0
    narrowest: int | None = None
    programs: int = 0


class _Group(NamedTuple):
    """Figures that a sum ties together: the whole first."""

    members: tuple[tuple[int, int], ...]


class UnprotectedError(Exception):
    """A figure cannot be protected by hiding others."""


def protect(figures: Mapping[FigureName, TrueFigure], shapes: Shapes) -> Protected:
    """
    Attack what would be shown as an outsider would, and hide more until nothing is given away.

    :raises UnprotectedError: if that is not enough. Nothing may be published then.
    """
    found = Protected()
    beside = _beside(shapes)
    for block in blocks_of(figures, shapes):
        if block.is_money:
            _keep_hidden(block, found.hidden)
        _protect(block, found)
        for name in [block.name_of(int(column), int(area)) for column, area in np.argwhere(block.hidden)]:
            found.hidden.add(name)
            # A sum or an average that is shown tells that ten people at least stand behind it.
            found.hidden.update(name._replace(measure=other) for other in beside.get((name.table, name.measure), ()))
    measures = {(table.slug, measure.slug): measure for table, _ in shapes for measure in table.measures}
    small = [one for one in found.hidden if is_small(figures.get(one, NOTHING), measures[one.table, one.measure])]
    found.hidden.difference_update(small)
    return found


def _keep_hidden(block: Block, hidden: Container[FigureName]) -> None:
    for column, area in np.argwhere(~block.small):
        block.hidden[column, area] |= block.name_of(int(column), int(area)) in hidden


def _beside(shapes: Shapes) -> dict[tuple[str, str], list[str]]:
    """Return, for what counts people, the sums and averages of the same that stand beside it."""
    return {
        (table.slug, count.slug): [
            other.slug
            for other in table.measures
            if (other.kind, other.facet) == (count.kind, count.facet) and other.statistic is not count.statistic
        ]
        for table, _ in shapes
        for count in table.measures
        if count.statistic is Statistic.CONTRIBUTORS
    }


def _protect(block: Block, found: Protected) -> None:
    need = needed(block)
    while True:
        bounds = bounds_of(block)
        bad = _exposed(block, bounds, need)
        if not bad.any():
            break
        _hide_more(block, bounds, need, bad)
    found.tried += int(block.small.sum())
    if not block.is_money and block.small.any():
        width = int((bounds.high - bounds.low)[block.small].min())
        found.narrowest = width if found.narrowest is None else min(found.narrowest, width)


def _exposed(block: Block, bounds: Bounds, need: Bounds) -> Truth:
    return block.small & ((bounds.low > need.low) | (bounds.high < need.high))


def _hide_more(block: Block, bounds: Bounds, need: Bounds, bad: Truth) -> None:
    """
    Hide one figure in every sum that gives something away, or near it.

    :raises UnprotectedError: if nothing near is left to hide.
    """
    told = from_areas(block.areas, bounds, block.sums)
    by_areas = bad & ((told.low > need.low) | (told.high < need.high))
    groups = {_group_of(block, int(column), int(area)): None for column, area in np.argwhere(by_areas)}
    groups.update(dict.fromkeys(_unions_that_tell(block, bounds, need, bad)))
    if not sum(_hide_one(block, group) for group in groups):
        _hide_near(block, groups)


def _hide_near(block: Block, groups: Iterable[_Group]) -> None:
    """Hide a figure in the sums around some, then around those: what they tell may come from further away."""
    seen = dict.fromkeys(groups)
    edge = list(seen)
    while edge:
        edge = [near for group in edge for near in _around(block, group) if near not in seen]
        edge = list(dict.fromkeys(edge))
        if any(_hide_one(block, near) for near in edge):
            return
        seen.update(dict.fromkeys(edge))
    raise UnprotectedError(f"nothing is left to hide around {block.name_of(*next(iter(seen)).members[0])}")


def _around(block: Block, group: _Group) -> Iterator[_Group]:
    for column, area in group.members:
        yield _group_of(block, column, area)
        if 0 < area < block.areas.first_council:
            yield _group_of(block, column, int(block.areas.starts[area - 1]) + block.areas.first_council)
        for union in block.unions:
            if column == union.whole or column in union.parts:
                yield _group_in(union, area)


def _group_of(block: Block, column: int, area: int) -> _Group:
    """Return the sum over areas that an area is a part of."""
    areas = block.areas
    if area < areas.first_council:
        return _Group(tuple((column, one) for one in range(areas.first_council)))
    region = int(areas.region_of[area - areas.first_council])
    councils = np.flatnonzero(areas.region_of == region) + areas.first_council
    return _Group(tuple((column, int(one)) for one in (1 + region, *councils)))


def _unions_that_tell(block: Block, bounds: Bounds, need: Bounds, bad: Truth) -> Iterator[_Group]:
    for union in block.unions:
        of_whole, of_parts = from_union(bounds, union)
        told_of_parts = (of_parts.low > need.low[union.parts]) | (of_parts.high < need.high[union.parts])
        told_of_whole = (of_whole.low > need.low[union.whole]) | (of_whole.high < need.high[union.whole])
        telling = (bad[union.parts] & told_of_parts).any(axis=0) | (bad[union.whole] & told_of_whole)
        for area in np.flatnonzero(telling):
            yield _group_in(union, int(area))


def _group_in(union: Union, area: int) -> _Group:
    """Return a whole and its parts in one area."""
    return _Group(tuple((int(one), area) for one in (union.whole, *union.parts)))


def _hide_one(block: Block, group: _Group) -> bool:
    """Hide the smallest shown figure of a group; return whether there was one."""
    shown = [one for one in group.members if not (block.small[one] or block.hidden[one])]
    if shown:
        block.hidden[min(shown, key=lambda one: (int(block.true[one]), one))] = True
    return bool(shown)
