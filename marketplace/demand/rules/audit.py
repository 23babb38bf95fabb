"""What must be hidden besides what is small, so that nobody can work out what is small from all the rest?"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from marketplace.demand.rules.attack import Bounds, bounds_of, from_areas, from_union, needed
from marketplace.demand.rules.blocks import Block, Column, Shapes, Truth, Union, blocks_of
from marketplace.demand.rules.disclosure import NOTHING, ROUND_TO, THRESHOLD, TrueFigure, is_small
from marketplace.demand.rules.figures import FigureName
from marketplace.demand.rules.programs import judge
from marketplace.demand.rules.shapes import Statistic
from marketplace.demand.rules.worlds import Safe, safe_counts
from marketplace.kit.sentences import worded

PROGRAMS = 6
"""The most linear programs for one block of figures, each time it is looked at."""
_HIDDEN = (0, THRESHOLD - 1)


@dataclass(slots=True)
class Protected:
    """
    What an audit found. `hidden` are the figures to hide besides the small ones.

    `tried` small figures were attacked, by adding and subtracting; `proved` of them are safe for certain: there is a
    world that looks the same in which they are as low, and one in which they are as high, as they need to be.
    `narrowest` is the least width of what an outsider can work out about a hidden
    count: 9 if every number from 0 to 9 is possible. `programs` counts linear programs solved.
    """

    hidden: set[FigureName] = field(default_factory=set, repr=False)
    tried: int = 0
    proved: int = 0
    narrowest: int | None = None
    programs: int = 0


class Earlier(NamedTuple):
    """
    A figure of this release is the sum of what was released before: a year of its quarters, an area of others.

    Each part is the least and the most that an outsider knows of it; the ones that go from 0 to 9 are hidden.
    """

    whole: FigureName
    parts: tuple[tuple[int, int], ...]


class _Group(NamedTuple):
    """Figures that a sum ties together: the whole first."""

    members: tuple[tuple[int, int], ...]


class UnprotectedError(Exception):
    """A figure cannot be protected by hiding others."""


def protect(
    figures: Mapping[FigureName, TrueFigure],
    shapes: Shapes,
    *,
    earlier: Sequence[Earlier] = (),
    programs: int = PROGRAMS,
) -> Protected:
    """
    Attack what would be shown as an outsider would, and hide more until nothing is given away.

    :param earlier: how figures overlap with what is published already. A quarter overlaps with no other.
    :param programs: the most linear programs to solve for one block of figures, at a time.
    :raises UnprotectedError: if that is not enough. Nothing may be published then.
    """
    found = Protected()
    beside = _beside(shapes)
    for block in blocks_of(figures, shapes):
        if block.is_money:
            _keep_hidden(block, found.hidden)
        _protect(block, found, earlier, programs)
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


def _protect(block: Block, found: Protected, earlier: Sequence[Earlier], programs: int) -> None:
    need = needed(block)
    overlaps = list(_overlaps(block, earlier))
    while True:
        bounds = bounds_of(block)
        bad = _exposed(block, bounds, need)
        if bad.any():
            _hide_more(block, bounds, need, bad)
            continue
        if _hide_complements(block, bounds) or _hide_overlaps(block, bounds, overlaps):
            continue
        nothing = np.zeros_like(block.small)
        safe = Safe(nothing, nothing) if block.is_money else safe_counts(block)
        verdict = judge(block, bounds, need, safe=(safe.low, safe.high), most=programs)
        found.programs += verdict.solved
        if not verdict.exposed.any():
            break
        _hide_near(block, [group for one in np.argwhere(verdict.exposed) for group in _groups_at(block, *one.tolist())])
    found.tried += int(block.small.sum())
    found.proved += verdict.proved
    if not block.is_money and block.small.any():
        width = int((bounds.high - bounds.low)[block.small].min())
        found.narrowest = width if found.narrowest is None else min(found.narrowest, width)


def _hide_complements(block: Block, bounds: Bounds) -> bool:
    """
    Hide parts that are nearly the whole: whoever is in the whole and not in the part is then nearly nobody.

    What is between them must be ten at least, or be one of five numbers at least, as what is shown is (C5, R10).
    """
    if block.is_money:
        return False
    before = int(block.hidden.sum())
    for union in block.unions:
        parts, whole = union.parts, union.whole
        least = np.maximum(bounds.low[whole] - bounds.high[parts], 0)
        most = bounds.high[whole] - bounds.low[parts]
        tells = union.at_least & (least < THRESHOLD) & (most - least + 1 < ROUND_TO)
        block.hidden[parts] |= tells & block.shown[parts] & block.shown[whole]
    return int(block.hidden.sum()) > before


def _overlaps(block: Block, earlier: Sequence[Earlier]) -> Iterator[tuple[tuple[int, int], Earlier]]:
    columns = {column: number for number, column in enumerate(block.columns)}
    for one in earlier:
        column = columns.get(Column(one.whole.table, one.whole.measure, one.whole.row))
        if column is not None:
            yield (column, block.areas.codes.index(one.whole.area)), one


def _hide_overlaps(block: Block, bounds: Bounds, overlaps: Sequence[tuple[tuple[int, int], Earlier]]) -> bool:
    """Hide what tells of a figure that was hidden before: of this release the sum, or what is around it."""
    for place, one in overlaps:
        low, high = int(bounds.low[place]), int(bounds.high[place])
        least, most = sum(part[0] for part in one.parts), sum(part[1] for part in one.parts)
        tells = any(
            part == _HIDDEN and (low - (most - _HIDDEN[1]) > 0 or high - least < _HIDDEN[1]) for part in one.parts
        )
        if tells and block.small[place]:
            # Small itself: whoever knows that knows no more of its parts than that they are small.
            continue
        if tells and block.hidden[place]:
            _hide_near(block, _groups_at(block, *place))
        if tells:
            block.hidden[place] = True
            return True
    return False


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
    _hide_near(block, groups)


def _hide_near(block: Block, groups: Iterable[_Group]) -> None:
    """Hide a figure in each of some sums; where all is hidden, in those around: they may tell from further away."""
    seen = dict.fromkeys(groups)
    if sum(_hide_one(block, group) for group in seen):
        return
    edge = list(seen)
    while edge:
        edge = [near for group in edge for near in _around(block, group) if near not in seen]
        edge = list(dict.fromkeys(edge))
        if any(_hide_one(block, near) for near in edge):
            return
        seen.update(dict.fromkeys(edge))
    raise UnprotectedError(
        worded("nothing is left to hide around {name_of}", name_of=block.name_of(*next(iter(seen)).members[0]))
    )


def _around(block: Block, group: _Group) -> Iterator[_Group]:
    for column, area in group.members:
        yield from _groups_at(block, column, area)


def _groups_at(block: Block, column: int, area: int) -> Iterator[_Group]:
    """Yield every sum that a figure is in."""
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
