"""
How do the figures of a release hang together? Blocks of figures that tell about each other, as arrays.

A column is one measure and row for every area. Areas are a ladder: the councils of a region sum to it, the regions to
England. Columns hang together where one of them counts what others are parts of: a total and its rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from marketplace.demand.rules.disclosure import TrueFigure, is_small
from marketplace.demand.rules.figures import FigureName
from marketplace.demand.rules.shapes import ALL, Measure, Row, Table, Unit
from marketplace.kit.fact_kinds import FactKind
from marketplace.kit.regions import ENGLAND, REGIONS, AreaCode, Level, level_of, region_of_councils

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]
Shapes = Sequence[tuple[Table, Sequence[Row]]]

ELSEWHERE = AreaCode("")
"""Stands for the region of areas that lie in none. No figure of it is ever shown."""
_PART_OF = {
    FactKind.PRICED: (FactKind.AGREED, False),
    FactKind.CRITERION_SCORED: (FactKind.RATED, False),
    FactKind.OUTCOME_SCORED: (FactKind.RATED, False),
    FactKind.CONFIRMED: (FactKind.OFFERED, True),
}
"""Whoever is counted in the first is, as a rule, counted in the second too, and perhaps the other way round."""


class Column(NamedTuple):
    """One measure and row, in every area."""

    table: str
    measure: str
    row: str


class Link(NamedTuple):
    """A column that counts what others are parts of; `covers` if these leave nobody out."""

    whole: Column
    parts: list[Column]
    covers: bool = True


@dataclass(frozen=True, slots=True)
class Areas:
    """The ladder of areas: England first, then the regions, then the councils, those of a region side by side."""

    codes: tuple[AreaCode, ...]
    regions: int
    # Where the councils of each region begin, counted from the first council, and the region of each council.
    starts: Whole
    region_of: Whole

    @property
    def first_council(self) -> int:
        """Where the councils begin."""
        return 1 + self.regions


@dataclass(frozen=True, slots=True)
class Union:
    """
    A column that counts what others are parts of.

    People may be in several parts: the whole is at least each of them, and at most their sum. Money is in one part:
    the whole is their sum. An outsider reckons with it where it is true: `at_least` says so by part and area,
    `at_most` by area. Parts that leave something out never sum to the whole.
    """

    whole: int
    parts: Whole
    at_least: Truth = field(repr=False)
    at_most: Truth = field(repr=False)
    adds_up: bool = False


@dataclass(slots=True)
class Block:
    """
    Figures that tell about each other: by column and area, in arrays.

    `small` figures are hidden for themselves, `hidden` ones to protect others. Nothing else of a block changes.
    """

    areas: Areas
    columns: list[Column]
    is_money: bool
    true: Whole = field(repr=False)
    small: Truth = field(repr=False)
    hidden: Truth = field(repr=False)
    unions: list[Union] = field(default_factory=list, repr=False)
    # Whether the areas below sum to England and to each region, by column: with `regions` + 1 entries.
    sums: Truth = field(init=False, repr=False)

    def __post_init__(self) -> None:
        councils = self.true[:, self.areas.first_council :]
        regions = self.true[:, 1 : self.areas.first_council]
        below = np.add.reduceat(councils, self.areas.starts, axis=1)
        england = regions.sum(axis=1) == self.true[:, 0]
        self.sums = np.column_stack([england, below == regions])

    @property
    def shown(self) -> Truth:
        """Which figures are shown."""
        return ~(self.small | self.hidden)

    def name_of(self, column: int, area: int) -> FigureName:
        """Return the name of a figure."""
        table, measure, row = self.columns[column]
        return FigureName(table, measure, self.areas.codes[area], row)


def areas_of(named: Sequence[AreaCode] = ()) -> Areas:
    """Return the ladder of areas of England, with councils that are named but lie in no region we know of."""
    known = {AreaCode(council): region for council, region in region_of_councils().items()}
    stray = sorted({area for area in named if level_of(area) is Level.COUNCIL and area not in known})
    regions = [*REGIONS, *([ELSEWHERE] if stray else [])]
    by_region: dict[AreaCode, list[AreaCode]] = {region: [] for region in regions}
    for council, region in known.items():
        by_region[region].append(council)
    if stray:
        by_region[ELSEWHERE] = stray
    sizes = [len(councils) for councils in by_region.values()]
    return Areas(
        codes=(ENGLAND, *regions, *(council for councils in by_region.values() for council in councils)),
        regions=len(regions),
        starts=np.cumsum([0, *sizes[:-1]]),
        region_of=np.repeat(np.arange(len(regions)), sizes),
    )


def blocks_of(figures: Mapping[FigureName, TrueFigure], shapes: Shapes) -> Iterator[Block]:
    """Yield the figures that sum over areas, in blocks that tell nothing about each other: those of money last."""
    areas = areas_of(sorted({name.area for name in figures}))
    place = {code: number for number, code in enumerate(areas.codes)}
    measures = {(table.slug, measure.slug): measure for table, _ in shapes for measure in table.measures}
    columns = [
        Column(table.slug, measure.slug, row.code)
        for table, rows in shapes
        for measure in table.measures
        if measure.adds_up
        for row in rows
    ]
    at = {column: number for number, column in enumerate(columns)}
    true = np.zeros((len(columns), len(areas.codes)), dtype=np.int64)
    small = np.ones(true.shape, dtype=bool)
    for name, figure in figures.items():
        column = at.get(Column(name.table, name.measure, name.row))
        if column is not None:
            true[column, place[name.area]] = figure.value
            small[column, place[name.area]] = is_small(figure, measures[name.table, name.measure])
    if ELSEWHERE in place:
        regions = true[:, 1 : areas.regions]
        true[:, areas.regions] = true[:, 0] - regions.sum(axis=1)
    links = [link for link in _links(shapes) if link.parts]
    linked = _linked(len(columns), [[at[one] for one in (link.whole, *link.parts)] for link in links])

    def is_money(members: Sequence[int]) -> bool:
        first = columns[members[0]]
        return measures[first.table, first.measure].unit is Unit.PENCE

    for members in sorted(linked, key=is_money):
        yield _block(
            Block(
                areas=areas,
                columns=[columns[one] for one in members],
                is_money=is_money(members),
                true=true[members],
                small=small[members],
                hidden=np.zeros((len(members), len(areas.codes)), dtype=bool),
            ),
            links,
        )


def _block(block: Block, links: Sequence[Link]) -> Block:
    at = {column: number for number, column in enumerate(block.columns)}
    if ELSEWHERE in block.areas.codes:
        # Never shown, and nobody's own figure.
        here = block.areas.codes.index(ELSEWHERE)
        block.small[:, here], block.hidden[:, here] = False, True
    for link in links:
        if link.whole in at:
            parts = np.array([at[part] for part in link.parts])
            block.unions.append(_union(block, at[link.whole], parts, covers=link.covers))
    return block


def _union(block: Block, whole: int, parts: Whole, *, covers: bool) -> Union:
    of_parts, of_whole = block.true[parts], block.true[whole]
    together = of_parts.sum(axis=0)
    if block.is_money:
        is_sum = together == of_whole
        return Union(whole, parts, np.broadcast_to(is_sum, of_parts.shape), is_sum, adds_up=True)
    return Union(whole, parts, of_parts <= of_whole, (together >= of_whole) & covers)


def _links(shapes: Shapes) -> Iterator[Link]:
    """Yield which columns count what others are parts of."""
    for table, rows in shapes:
        for measure in table.measures:
            if measure.adds_up and table.has_all:
                yield Link(
                    Column(table.slug, measure.slug, ALL),
                    [Column(table.slug, measure.slug, row.code) for row in rows if row.code != ALL],
                )
            if measure.adds_up and measure.facet is None and not table.facets:
                for other, its_rows in shapes:
                    yield from _narrower(table, rows, measure, other, its_rows)


def _narrower(
    table: Table, rows: Sequence[Row], whole: Measure, other: Table, its_rows: Sequence[Row]
) -> Iterator[Link]:
    """Yield what another table, or this one, tells about parts of a measure: by facet, row by row or all together."""
    narrow = [one for one in other.measures if one.statistic is whole.statistic and _covers(one, whole) is not None]
    if other.facets:
        for one in narrow:
            parts = [Column(other.slug, one.slug, row.code) for row in its_rows]
            yield Link(Column(table.slug, whole.slug, ALL), parts, covers=bool(_covers(one, whole)))
        return
    by_facet = [one for one in narrow if one.facet is not None]
    theirs = {row.code for row in its_rows}
    for row in rows:
        if by_facet and row.code in theirs:
            parts = [Column(other.slug, one.slug, row.code) for one in by_facet]
            yield Link(Column(table.slug, whole.slug, row.code), parts, covers=bool(_covers(by_facet[0], whole)))


def _covers(narrow: Measure, whole: Measure) -> bool | None:
    """Test whether the parts of a measure leave nobody out; None if they are no parts of it."""
    if narrow.kind is whole.kind:
        return True
    kind, covers = _PART_OF.get(narrow.kind, (None, False))
    return covers if kind is whole.kind else None


def _linked(count: int, groups: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the columns, in lists of those that hang together."""
    root = list(range(count))

    def top(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for first, *others in groups:
        for other in others:
            root[top(other)] = top(first)
    together: dict[int, list[int]] = {}
    for one in range(count):
        together.setdefault(top(one), []).append(one)
    return list(together.values())
