"""
Somebody who wants to know what a release hides. Knows only what is published, and shares no code with the audit.

Sets up their own equations from published figures and lets a solver say how low and how high each hidden figure can
be. Is told, besides, which hidden counts are below ten.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

import highspy

from marketplace.demand.rules.disclosure import NOTHING, TrueFigure, is_small, rounded
from marketplace.demand.rules.figures import FigureName
from marketplace.demand.rules.shapes import ALL, Measure, Row, RowsBy, Statistic, Table, Unit
from marketplace.kit.facts import FactKind
from marketplace.kit.regions import ENGLAND, AreaCode, region_of_councils

CATEGORIES = ("meals", "garden", "swimming")
STREAMS = ("council", "nhs")
SUPPORT = Table(
    "support",
    "Support",
    RowsBy.CATEGORY,
    (
        Measure("bought", "People", FactKind.BOUGHT),
        Measure("spend", "Spent", FactKind.BOUGHT, Statistic.SUM, Unit.PENCE),
    ),
)
FUNDING = Table(
    "funding", "Funding", RowsBy.FACET, SUPPORT.measures, has_all=False, facets=tuple((one, one) for one in STREAMS)
)
SHAPES = (
    (SUPPORT, tuple(Row(code, code) for code in (*CATEGORIES, ALL))),
    (FUNDING, tuple(Row(code, code) for code in STREAMS)),
)
PUBLISHED_UP_TO = 1e7


class Bought(NamedTuple):
    """What somebody bought."""

    council: AreaCode
    who: int
    category: str
    stream: str = "council"
    pence: int = 100_00
    provider: int = 0


class Interval(NamedTuple):
    """How low and how high a figure can be, as far as the outsider can tell. The truth is for the referee."""

    name: FigureName
    low: float
    high: float
    true: int


def councils_of(region: str) -> list[AreaCode]:
    """Return a region's councils, in order."""
    return sorted(AreaCode(council) for council, of in region_of_councils().items() if of == region)


def people(
    council: AreaCode, number: int, category: str = "meals", *, first: int = 0, **others: object
) -> list[Bought]:
    """Return a number of people who each bought one thing, from one of seven providers."""
    return [
        Bought(council, first + one, category, provider=one % 7 + 1, **others)  # type: ignore[arg-type]
        for one in range(number)
    ]


def truth_of(world: Iterable[Bought]) -> dict[FigureName, TrueFigure]:
    """Return the true figures of a world, counted in the plainest way."""
    behind: dict[tuple[str, AreaCode, str], list[Bought]] = defaultdict(list)
    regions = region_of_councils()
    for one in world:
        for area in (one.council, regions[one.council], ENGLAND):  # type: ignore[index]
            behind["support", area, one.category].append(one)
            behind["support", area, ALL].append(one)
            behind["funding", area, one.stream].append(one)
    figures = {}
    for (table, area, row), all_bought in behind.items():
        by_who, by_provider = defaultdict(int), defaultdict(int)
        for one in all_bought:
            by_who[one.council, one.who] += one.pence
            by_provider[one.provider] += one.pence
        top, top_providers = ([*sorted(sums.values(), reverse=True), 0] for sums in (by_who, by_provider))
        number, spent = len(by_who), sum(by_who.values())
        figures[FigureName(table, "bought", area, row)] = TrueFigure(number, number)
        figures[FigureName(table, "spend", area, row)] = TrueFigure(
            spent, number, len(by_provider), (top[0], top[1]), (top_providers[0], top_providers[1])
        )
    return figures


class Outsider:
    """Whoever attacks: with what was published, and with the names of counts that are below ten."""

    def __init__(
        self, published: Mapping[FigureName, int], small: Iterable[FigureName], regions: Iterable[str]
    ) -> None:
        self.published, self.small = published, set(small)
        self.at: dict[FigureName, int] = {}
        self.ends: list[tuple[float, float]] = []
        self.rows: list[tuple[list[int], list[int], float]] = []
        self.columns = [("support", row) for row in (*CATEGORIES, ALL)] + [("funding", row) for row in STREAMS]
        tree = {AreaCode(region): councils_of(region) for region in regions}
        for measure in ("bought", "spend"):
            for table, row in self.columns:
                self._add_areas(table, measure, row, tree)
            for area in (ENGLAND, *tree, *(one for below in tree.values() for one in below)):
                self._add_rows(measure, area)
        self.solver = self._solver()

    def interval(self, name: FigureName, true: int) -> Interval:
        """Return how low and how high a hidden figure can be."""
        ends = []
        self.solver.changeColCost(self.at[name], 1.0)
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            self.solver.changeObjectiveSense(sense)
            self.solver.run()
            assert self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal, "what is published fits together"
            ends.append(self.solver.getInfo().objective_function_value)
        self.solver.changeColCost(self.at[name], 0.0)
        scale = 1 if name.measure == "bought" else 100
        return Interval(name, ends[0] * scale, ends[1] * scale, true)

    def _new(self, low: float, high: float) -> int:
        self.ends.append((low, high))
        return len(self.ends) - 1

    def _figure(self, name: FigureName) -> int:
        shown = self.published.get(name)
        if name.measure == "spend":
            # In pounds: a shown sum is a whole hundred.
            ends = (shown / 100 - 50, shown / 100 + 50) if shown is not None else (0, PUBLISHED_UP_TO)
        elif shown is not None:
            ends = (10 if shown == 10 else shown - 2, shown + 2)
        else:
            ends = (0, 9 if name in self.small else PUBLISHED_UP_TO)
        self.at[name] = self._new(*ends)
        return self.at[name]

    def _add_areas(self, table: str, measure: str, row: str, tree: Mapping[AreaCode, list[AreaCode]]) -> None:
        of_regions = []
        for region, councils in tree.items():
            whole = self._figure(FigureName(table, measure, region, row))
            self._sum([self._figure(FigureName(table, measure, council, row)) for council in councils], whole, 0)
            of_regions.append(whole)
        # Regions nobody looks into: all of it is hidden there, and small.
        other = self._new(0, 9 * (9 - len(tree)) if measure == "bought" else PUBLISHED_UP_TO)
        self._sum([*of_regions, other], self._figure(FigureName(table, measure, ENGLAND, row)), 0)

    def _add_rows(self, measure: str, area: AreaCode) -> None:
        whole = self.at[FigureName("support", measure, area, ALL)]
        for table, rows in (("support", CATEGORIES), ("funding", STREAMS)):
            parts = [self.at[FigureName(table, measure, area, row)] for row in rows]
            if measure == "spend":
                self._sum(parts, whole, 0)
                continue
            self._sum(parts, whole, highspy.kHighsInf)
            for part in parts:
                self._sum([whole], part, highspy.kHighsInf)

    def _sum(self, parts: list[int], whole: int, most: float) -> None:
        """Take in that parts are the whole at least, and at most so much more."""
        self.rows.append(([*parts, whole], [*[1] * len(parts), -1], most))

    def _solver(self) -> highspy.Highs:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.ends), len(self.rows)
        model.col_cost_ = [0.0] * len(self.ends)
        model.col_lower_, model.col_upper_ = [list(ends) for ends in zip(*self.ends, strict=True)]
        model.row_lower_, model.row_upper_ = [0.0] * len(self.rows), [row[2] for row in self.rows]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = list(accumulate((len(row[0]) for row in self.rows), initial=0))
        model.a_matrix_.index_ = [one for row in self.rows for one in row[0]]
        model.a_matrix_.value_ = [one for row in self.rows for one in row[1]]
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", "off")
        solver.passModel(model)
        return solver


class Attack(NamedTuple):
    """An attack on one way of publishing: what of each hidden figure that was tried could be told."""

    shown: int
    found: list[Interval]

    @property
    def narrow(self) -> list[Interval]:
        """What was given away."""
        return [one for one in self.found if is_narrow(one)]

    @property
    def narrowest(self) -> float:
        """The least width of what could be told of a count. 9: nothing."""
        return min((one.high - one.low for one in self.found if one.name.measure == "bought"), default=9.0)


def attack(
    figures: Mapping[FigureName, TrueFigure],
    hidden: Container[FigureName],
    *,
    regions: Iterable[str],
    tried: Callable[[list[FigureName]], list[FigureName]] = list,
) -> Attack:
    """Publish all that is not small nor hidden besides, and let an outsider loose on what is small."""
    regions = list(regions)
    measures = {(table.slug, measure.slug): measure for table, _ in SHAPES for measure in table.measures}
    small = [name for name in _every(regions) if is_small(figures.get(name, NOTHING), measures[name[:2]])]
    published = {
        name: rounded(figure, measures[name[:2]])
        for name, figure in figures.items()
        if name not in hidden and not is_small(figure, measures[name[:2]])
    }
    outsider = Outsider(published, small, regions)
    return Attack(len(published), [outsider.interval(name, figures.get(name, NOTHING).value) for name in tried(small)])


def _every(regions: Iterable[str]) -> Iterator[FigureName]:
    areas = [ENGLAND, *(area for region in regions for area in (AreaCode(region), *councils_of(region)))]
    for table, rows in SHAPES:
        for measure in table.measures:
            for row in rows:
                yield from (FigureName(table.slug, measure.slug, area, row.code) for area in areas)


def is_narrow(found: Interval) -> bool:
    """Test whether the outsider learned what is not theirs to know."""
    if found.name.measure == "bought":
        return found.low > 1e-6 or found.high < 9 - 1e-6
    tolerance = 100
    wide = found.high - found.low >= 1_000_00 - tolerance
    return found.low > found.true / 2 + tolerance or found.high < found.true * 1.5 - tolerance or not wide
