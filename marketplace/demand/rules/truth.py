"""All true figures of a quarter, kept small: they are many, and most of them are counts."""

from collections.abc import ItemsView, Iterator, Mapping

from marketplace.demand.rules.disclosure import TrueFigure
from marketplace.demand.rules.figures import FigureName
from marketplace.kit.regions import AreaCode

Column = tuple[str, str, str]
"""A table, a measure and a row."""


class TrueFigures(Mapping[FigureName, TrueFigure]):
    """
    The true figures behind which there is somebody. The others are nothing.

    A figure that only counts is kept as its number, and made into a figure when it is asked for.
    """

    def __init__(self) -> None:
        self._columns: dict[Column, dict[AreaCode, TrueFigure | int]] = {}

    def put(self, column: Column, area: AreaCode, figure: TrueFigure | int) -> None:
        """Keep a figure, or how many are counted in it."""
        self._columns.setdefault(column, {})[area] = figure

    def __getitem__(self, name: FigureName) -> TrueFigure:
        return _whole(self._columns[name.table, name.measure, name.row][name.area])

    def __iter__(self) -> Iterator[FigureName]:
        for (table, measure, row), of_areas in self._columns.items():
            for area in of_areas:
                yield FigureName(table, measure, area, row)

    def __len__(self) -> int:
        return sum(map(len, self._columns.values()))

    def items(self) -> ItemsView[FigureName, TrueFigure]:
        """Return every name and its figure, in one walk."""
        return _Items(self)

    def walk(self) -> Iterator[tuple[FigureName, TrueFigure]]:
        """Yield every name and its figure."""
        for (table, measure, row), of_areas in self._columns.items():
            for area, figure in of_areas.items():
                yield FigureName(table, measure, area, row), _whole(figure)


class _Items(ItemsView[FigureName, TrueFigure]):
    def __init__(self, figures: TrueFigures) -> None:
        super().__init__(figures)
        self._figures = figures

    def __iter__(self) -> Iterator[tuple[FigureName, TrueFigure]]:
        return self._figures.walk()


def _whole(figure: TrueFigure | int) -> TrueFigure:
    return TrueFigure(figure, figure) if isinstance(figure, int) else figure
