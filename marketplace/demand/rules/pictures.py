"""Charts of released figures, each with the same figures as a table. What is not shown is said, never drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from marketplace.demand.rules.figures import AreaFigures
from marketplace.demand.rules.sentences import NOT_SHOWN, figure, money
from marketplace.demand.rules.shapes import ALL, Row, Unit
from marketplace.kit.charts import Bar, Bars, Lines, Ranges, Scale, Shares, Spread, lines_of, ranges_of, shares_of
from marketplace.kit.quarters import Quarter
from marketplace.kit.sentences import one_word, worded

MOST_BARS = 12
"""Bars or rows of one chart: the largest. The table has all."""
MOST_NAMED = 6
"""How many rows that are not shown a note names. More are only counted."""
STARS = Scale(100, 500, 100)
"""From one star to five, in hundredths. Points of criteria and outcomes go as far."""

_OF_FIVE = frozenset({Unit.STARS, Unit.POINTS})

Picture = Bars | Lines | Ranges | Shares


@dataclass(frozen=True, slots=True)
class Chart:
    """
    A picture and its figures. `picture` is None where nothing of it is shown: then the page says so.

    `slug` names it on its page, `words` say how to read it, `note` says what is hidden or left to the table.
    The first `labels` columns of the table are words, the others figures.
    """

    slug: str
    title: str
    words: str
    picture: Picture | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    labels: int = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """
    What a commissioner's page is drawn from: the figures of one quarter, here and around.

    `around`: the region and England, those that there are. `history`: the council's quarters, the oldest first, the
    last the one shown.
    """

    here: AreaFigures
    around: tuple[AreaFigures, ...] = field(default=(), repr=False)
    history: tuple[AreaFigures, ...] = field(default=(), repr=False)

    @property
    def areas(self) -> tuple[AreaFigures, ...]:
        """The council, its region and England."""
        return (self.here, *self.around)

    @property
    def before(self) -> AreaFigures | None:
        """The council's figures of the quarter right before, if it was released."""
        earlier = [one for one in self.history if one.quarter == self.here.quarter.previous]
        return earlier[0] if earlier else None


def sayer(unit: Unit) -> Callable[[int], str]:
    """Return what says a figure of a unit: `1,250`, `£1,250`, `4.3`."""
    return lambda value: figure(value, unit)


def short_label(quarter: Quarter) -> str:
    """Return a quarter as the foot of a chart has it: `Jul–Sep 2026`."""
    return f"{quarter.starts_on:%b}–{quarter.last_day:%b} {quarter.year}"


def units_of(figures: AreaFigures, table: str) -> dict[str, tuple[str, Unit]]:
    """Return the name and the unit of each measure of a table."""
    return {slug: (name, unit) for slug, name, unit in figures.measures.get(table, ())}


def bars(
    figures: AreaFigures,
    table: str,
    measure: str,
    *,
    title: str,
    words: str,
    tone: str = "teal",
    in_order: bool = False,
) -> Chart:
    """
    Return a measure by row: the largest first, or in the release's order with what is not shown among them.

    The chart's table has every measure of the release's table.
    """
    column = figures.column(table, measure)
    unit = units_of(figures, table).get(measure, ("", Unit.PEOPLE))[1]
    shown = [(row, value) for row, value in column if value is not None]
    drawn = list(column) if in_order else sorted(shown, key=lambda pair: -pair[1])[:MOST_BARS]
    picture = Bars(tuple(Bar(row.name, value, figure(value, unit)) for row, value in drawn), _heading(unit), tone)
    left = len(shown) - len(drawn)
    more = worded("{left} smaller ones are in the table.", left=left) if left > 0 else ""
    note = more if in_order else " ".join(one for one in (more, hidden_note(column)) if one)
    return Chart(f"{table}-{measure}", title, words, picture if shown else None, *table_of(figures, table), note)


def hidden_note(column: Sequence[tuple[Row, int | None]]) -> str:
    """Return which rows are not shown. Empty if none."""
    hidden = [row.name for row, value in column if value is None]
    if not hidden:
        return ""
    if len(hidden) == len(column):
        return ""
    if len(hidden) > MOST_NAMED:
        return worded("Not shown: {hidden} of {column}. The table names them.", hidden=len(hidden), column=len(column))
    return worded("Not shown: {hidden}.", hidden="; ".join(hidden))


def table_of(figures: AreaFigures, table: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return all figures of a released table, a row for each of its rows."""
    measures = units_of(figures, table)
    heads = (_first_head(figures, table), *(_with_unit(*one) for one in measures.values()))
    rows = tuple(
        (row.name, *(figure(figures.value(table, slug, row.code), unit) for slug, (_, unit) in measures.items()))
        for row in figures.rows.get(table, ())
    )
    return heads, rows


def lines(
    history: Sequence[AreaFigures],
    series: Sequence[tuple[str, str, str]],
    *,
    unit: Unit,
    slug: str,
    title: str,
    words: str,
) -> Chart:
    """Return figures for all rows together by quarter: one line for each name, table and measure."""
    values = [(name, [one.value(table, measure) for one in history]) for name, table, measure in series]
    return _over_time(slug=slug, title=title, words=words, values=values, history=history, unit=unit)


def _over_time(
    *,
    slug: str,
    title: str,
    words: str,
    values: Sequence[tuple[str, Sequence[int | None]]],
    history: Sequence[AreaFigures],
    unit: Unit,
) -> Chart:
    labels = [short_label(one.quarter) for one in history]
    is_shown = any(value is not None for _, of_one in values for value in of_one)
    scale = STARS if unit in _OF_FIVE else None
    picture = lines_of(labels, values, say=sayer(unit), scale=scale) if is_shown else None
    columns = ("Quarter", *(_with_unit(name, unit) for name, _ in values))
    rows = tuple(
        (one.quarter.label, *(figure(of_one[place], unit) for _, of_one in values)) for place, one in enumerate(history)
    )
    missing = any(value is None for _, of_one in values for value in of_one)
    note = "Where a line stops, the figure is not shown." if missing and picture else ""
    return Chart(slug, title, words, picture, columns, rows, note)


def prices(areas: Sequence[AreaFigures], table: str, *, title: str, words: str) -> Chart:
    """Return the middle price and the middle half of prices by category: here, in the region and in England."""
    here = areas[0]
    own = [row for row, value in here.column(table, "median") if value is not None]
    near = [row for row, _ in here.column(table, "median") if _is_priced(areas[1:2], table, row)]
    drawn = (own or near)[:MOST_BARS]
    rows = [(row.name, [_spread(one, table, row.code) for one in areas]) for row in drawn]
    names = [one.area.name for one in areas]
    picture = ranges_of(names, rows, say=money, unit="Middle price", hidden=NOT_SHOWN) if rows else None
    heads = (
        "Kind of support",
        "Area",
        "People",
        "A quarter pay this or less",
        "Middle price",
        "A quarter pay this or more",
    )
    measures = ("people", "lower_quartile", "median", "upper_quartile")
    table_rows = tuple(
        (row.name, one.area.name, *(_said(one, table, measure, row.code) for measure in measures))
        for row, _ in here.column(table, "median")
        for one in areas
        if _is_priced(areas, table, row)
    )
    elsewhere = sum(
        value is None and _is_priced(areas, table, row) and row not in drawn
        for row, value in here.column(table, "median")
    )
    note = (
        worded("{elsewhere} more kinds of support have a price around you: the table has them.", elsewhere=elsewhere)
        if elsewhere and rows
        else ""
    )
    return Chart(table, title, words, picture, heads, table_rows, note)


def scores(areas: Sequence[AreaFigures], table: str, measure: str, *, title: str, words: str, heading: str) -> Chart:
    """Return averages of one to five by row: here, in the region and in England."""
    here = areas[0]
    unit = units_of(here, table).get(measure, ("", Unit.POINTS))[1]
    shown = [(row, value) for row, value in here.column(table, measure) if value is not None]
    drawn = sorted(shown, key=lambda pair: -pair[1])[:MOST_BARS]
    rows: list[tuple[str, Sequence[Spread]]] = [
        (row.name, [(None, one.value(table, measure, row.code), None) for one in areas]) for row, _ in drawn
    ]
    names = [one.area.name for one in areas]
    picture = ranges_of(names, rows, say=sayer(unit), unit="Out of 5", hidden=NOT_SHOWN, scale=STARS) if rows else None
    heads = (heading, *(f"{name}: {what}" for name in names for what in ("people", "average")))
    table_rows = tuple(
        (
            row.name,
            *(
                words_of
                for one in areas
                for words_of in (_said(one, table, "people", row.code), _said(one, table, measure, row.code))
            ),
        )
        for row in here.rows.get(table, ())
    )
    left = len(shown) - len(drawn)
    more = worded("{left} more are in the table.", left=left) if left > 0 else ""
    note = " ".join(one for one in (more, hidden_note(here.column(table, measure))) if one)
    return Chart(f"{table}-{measure}", title, words, picture, heads, table_rows, note)


def shares_over_time(history: Sequence[AreaFigures], table: str, measure: str, *, title: str, words: str) -> Chart:
    """Return how a table's rows share a sum, quarter by quarter."""
    names = {row.code: row.name for row in history[-1].rows.get(table, ()) if row.code != ALL}
    values = [(one.quarter, [one.value(table, measure, code) for code in names]) for one in history]
    unit = units_of(history[-1], table).get(measure, ("", Unit.PENCE))[1]
    rows = [(short_label(quarter), parts) for quarter, parts in values]
    shown = any(value is not None for _, parts in values for value in parts)
    picture = shares_of(list(names.values()), rows, say=sayer(unit), unit=_heading(unit)) if shown else None
    columns = ("Quarter", *(_with_unit(name, unit) for name in names.values()))
    table_rows = tuple((quarter.label, *(figure(value, unit) for value in parts)) for quarter, parts in values)
    is_hidden = any(value is None for _, parts in values for value in parts)
    note = "Where a part is not shown, the bar is the parts that are." if is_hidden and picture else ""
    return Chart(f"{table}-{measure}-by-quarter", title, words, picture, columns, table_rows, note)


def space(figures: AreaFigures, names: Mapping[str, str], *, title: str, words: str) -> Chart:
    """Return how the providers of all kinds share out: those who have space, a waiting list, none, or have not said."""
    values = [figures.value("supply", f"providers_{code}") for code in names]
    shown = any(value is not None for value in values)
    picture = (
        shares_of(
            list(names.values()), [(figures.area.name, values)], say=sayer(Unit.PROVIDERS), unit=one_word("Providers")
        )
        if shown
        else None
    )
    is_hidden = shown and any(value is None for value in values)
    rows = tuple((name, figure(value, Unit.PROVIDERS)) for name, value in zip(names.values(), values, strict=True))
    note = "Where a part is not shown, the bar is the parts that are." if is_hidden else ""
    return Chart("supply-space", title, words, picture, ("Providers who", "Providers"), rows, note)


def _spread(figures: AreaFigures, table: str, row: str) -> Spread:
    return (
        figures.value(table, "lower_quartile", row),
        figures.value(table, "median", row),
        figures.value(table, "upper_quartile", row),
    )


def _is_priced(areas: Sequence[AreaFigures], table: str, row: Row) -> bool:
    return any(one.value(table, "median", row.code) is not None for one in areas)


def _said(figures: AreaFigures, table: str, measure: str, row: str) -> str:
    units = units_of(figures, table)
    return figure(figures.value(table, measure, row), units[measure][1]) if measure in units else NOT_SHOWN


def _heading(unit: Unit) -> str:
    return {Unit.PEOPLE: one_word("People"), Unit.PROVIDERS: one_word("Providers"), Unit.PENCE: one_word("Pounds")}.get(
        unit, "Out of 5"
    )


def _with_unit(name: str, unit: Unit) -> str:
    return f"{name} (of 5)" if unit in _OF_FIVE else name


def _first_head(figures: AreaFigures, table: str) -> str:
    return "Kind of support" if any(row.code == ALL for row in figures.rows.get(table, ())) else one_word("What")
