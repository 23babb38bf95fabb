"""The figures of a release, as they are shown: a number or the mark, and the same bytes for ever."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from marketplace.demand.rules.shapes import ALL, Measure, Row, Table, Unit
from marketplace.kit.pages import as_csv, csv_part
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode, Level

NOT_SHOWN = "[c]"
"""The one mark for every figure that is hidden, for whatever reason (Analysis Function shorthand: confidential)."""
ALL_ROWS = "All together"

_POUNDS = "pounds"
_LINE_END = "\r\n"
_COUNTS = frozenset({Unit.PEOPLE, Unit.PROVIDERS})

COLUMNS = (
    "quarter",
    "first_day",
    "last_day",
    "area_code",
    "area",
    "area_level",
    "table_code",
    "table",
    "row_code",
    "row",
    "measure_code",
    "measure",
    "unit",
    "value",
)
"""The columns of a release's file: tidy, one figure in each row."""


class FigureName(NamedTuple):
    """What names one figure of a release."""

    table: str
    measure: str
    area: AreaCode
    row: str


@dataclass(frozen=True, slots=True)
class Area:
    """One area of a release, and its name."""

    code: AreaCode
    name: str
    level: Level


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """
    All figures of one area and quarter, as released. A figure is a whole number of its unit, or None: not shown.

    `tables` are the released ones, with their titles; `rows` their rows, in order.
    """

    area: Area
    quarter: Quarter
    shown: Mapping[tuple[str, str, str], int] = field(repr=False)
    titles: Mapping[str, str] = field(repr=False)
    rows: Mapping[str, tuple[Row, ...]] = field(repr=False)
    measures: Mapping[str, tuple[tuple[str, str, Unit], ...]] = field(repr=False)

    def value(self, table: str, measure: str, row: str = ALL) -> int | None:
        """Return one figure in whole units, or None if it is not shown (or there is none such)."""
        return self.shown.get((table, measure, row))

    def column(self, table: str, measure: str) -> tuple[tuple[Row, int | None], ...]:
        """Return a measure's figures by row, the row for all together left out, in the release's order."""
        rows = self.rows.get(table, ())
        return tuple((row, self.value(table, measure, row.code)) for row in rows if row.code != ALL)


def rows_of(table: Table, categories: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows of a table, the one for all together last."""
    rows = [Row(code, name) for code, name in table.facets] if table.facets else list(categories)
    return (*rows, *([Row(ALL, ALL_ROWS)] if table.has_all else []))


def in_words(value: int | None, unit: Unit) -> str:
    """Return a figure as a file says it: `45`, `1200` (pounds), `14.50` (pounds), `4.3` (stars), or the mark."""
    if value is None:
        return NOT_SHOWN
    if unit in _COUNTS:
        return str(value)
    return f"{value / 100:.2f}"


def tidy_files(
    shapes: Iterable[tuple[Table, Sequence[Row]]],
    *,
    areas: Iterable[Area],
    quarter: Quarter,
    shown: Mapping[AreaCode, Mapping[tuple[str, str, str], int]],
) -> Iterator[tuple[Area, bytes]]:
    """Yield the file of each area, its rows in the order of the shapes."""
    # What stands in the middle of a line is the same for all areas, and is written once.
    middles = [
        ((table.slug, measure.slug, row.code), measure.unit, _line(_of_figure(table, row, measure)))
        for table, rows in shapes
        for row in rows
        for measure in table.measures
    ]
    for area in areas:
        start = _line((*_of_quarter(quarter), area.code, area.name, area.level.value))
        of_area = shown.get(area.code, {})
        lines = [
            f"{start},{middle},{in_words(of_area.get(column), unit)}{_LINE_END}" for column, unit, middle in middles
        ]
        yield area, (as_csv(COLUMNS, []) + "".join(lines)).encode()


def read_tidy(content: bytes) -> AreaFigures:
    """
    Return the figures in the file of one area.

    :raises ValueError: if it holds no figures.
    """
    lines = list(csv.DictReader(io.StringIO(content.decode())))
    if not lines:
        raise ValueError("a release's file holds figures")
    titles: dict[str, str] = {}
    rows: dict[str, dict[Row, None]] = {}
    measures: dict[str, dict[tuple[str, str, Unit], None]] = {}
    shown: dict[tuple[str, str, str], int] = {}
    for line in lines:
        table, measure = line["table_code"], line["measure_code"]
        unit = Unit.PENCE if line["unit"] == _POUNDS else Unit(line["unit"])
        titles[table] = line["table"]
        rows.setdefault(table, {})[Row(line["row_code"], line["row"])] = None
        measures.setdefault(table, {})[(measure, line["measure"], unit)] = None
        if line["value"] != NOT_SHOWN:
            shown[table, measure, line["row_code"]] = _units(line["value"], unit)
    first = lines[0]
    return AreaFigures(
        area=Area(AreaCode(first["area_code"]), first["area"], Level(first["area_level"])),
        quarter=Quarter.from_slug(first["quarter"]),
        shown=shown,
        titles=titles,
        rows={table: tuple(found) for table, found in rows.items()},
        measures={table: tuple(found) for table, found in measures.items()},
    )


def _of_quarter(quarter: Quarter) -> tuple[str, ...]:
    return (quarter.slug, quarter.starts_on.isoformat(), quarter.last_day.isoformat())


def _of_figure(table: Table, row: Row, measure: Measure) -> tuple[str, ...]:
    unit = _POUNDS if measure.unit is Unit.PENCE else measure.unit.value
    return (table.slug, table.title, row.code, row.name, measure.slug, measure.name, unit)


def _line(cells: tuple[str, ...]) -> str:
    return csv_part([cells]).removesuffix(_LINE_END)


def _units(said: str, unit: Unit) -> int:
    if unit in _COUNTS:
        return int(said)
    whole, _, part = said.partition(".")
    return int(whole) * 100 + int(part)
