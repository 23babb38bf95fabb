"""Writes an area's figures as a spreadsheet that everybody can read, by the Analysis Function's rules."""

from __future__ import annotations

import io
import warnings
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from marketplace.demand.rules.figures import NOT_SHOWN, AreaFigures
from marketplace.demand.rules.files import Source
from marketplace.demand.rules.method import note_about, rows_are
from marketplace.demand.rules.shapes import Unit

if TYPE_CHECKING:
    from gptables import GPTable

_NUMBERS = {
    Unit.PEOPLE: "#,##0",
    Unit.PROVIDERS: "#,##0",
    Unit.PENCE: "£#,##0.00",
    Unit.STARS: "0.0",
    Unit.POINTS: "0.0",
}
_UNITS = {
    # The name of a count says what it counts.
    Unit.PEOPLE: "",
    Unit.PROVIDERS: "",
    Unit.PENCE: " (pounds)",
    Unit.STARS: " (1 to 5)",
    Unit.POINTS: " (1 to 5 points)",
}
_MARK = f"{NOT_SHOWN} means that a figure is not shown, so that nobody can be told from it. It need not be small."
_ONE_TABLE = "This worksheet contains one table. Notes are on the worksheet called Notes."
_WIDTH = 90
# Words that others wrote stay words: no formula, and nothing that the library would take for a link or a note.
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def spreadsheet(source: Source) -> bytes:
    """Return a workbook: a cover, contents, notes, and each table on a sheet of its own. Always the same bytes."""
    with warnings.catch_warnings():
        # The library leaves a file of its own open, and does what pandas 4 will not do any more. Both are locked.
        warnings.simplefilter("ignore", ResourceWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        book, out = _book(source)
    made = datetime.combine(source.released_on, time(), UTC).replace(tzinfo=None)
    book.set_properties({"title": _title(source.figures), "author": source.publisher.name, "created": made})
    book.close()
    return out.getvalue()


def _book(source: Source) -> tuple[Any, io.BytesIO]:
    # It brings pandas, 65 MB: only the process that is asked for a spreadsheet need hold it.
    import gptables
    import pandas as pd

    figures, out = source.figures, io.BytesIO()
    said = [note_about(code, measure) for code, of in figures.measures.items() for measure, _, _ in of]
    notes = list(dict.fromkeys(note for note in said if note))
    book = gptables.produce_workbook(
        out,
        sheets={f"Table {number}": _sheet(figures, code, number) for number, code in enumerate(figures.titles, 1)},
        cover=_cover(source),
        contentsheet_options={
            "title": "Contents",
            "instructions": "This worksheet lists the tables, with links to them.",
        },
        notes_table=pd.DataFrame({"note": [note.slug for note in notes], "Note": [note.words for note in notes]}),
        notesheet_options={"instructions": "This worksheet contains one table: what the notes in the tables say."},
        workbook_options=_OPTIONS,
    )
    return book, out


def _cover(source: Source) -> Any:
    from gptables import Cover

    figures, publisher = source.figures, source.publisher
    return Cover(
        title=_title(figures),
        intro=[
            f"What people in {figures.area.name} looked for and bought on {_plain(publisher.name)}.",
            f"It counts {figures.quarter.label}, from the first day to the last.",
            "The worksheet called Contents lists the tables. The worksheet called Notes says how they are counted.",
            _MARK,
        ],
        about=[
            f"Released on {source.released_on:%-d %B %Y}. It does not change after that.",
            "Counts are rounded to the nearest 5, and shown only if at least 10 people stand behind them.",
            "Numbers are rounded one by one, so they need not add up to their totals.",
            "They say what was done on one site. They do not say what everybody in the area needs.",
            f"[How the figures are made]({publisher.address}/demand/method)",
            f"Hash (SHA-256) of the same figures as CSV, as the public ledger has it: {source.csv_sha256}",
        ],
        contact=[
            f"Write to {_plain(publisher.name)}:",
            f"[{publisher.email}](mailto:{publisher.email})",
            f"[{publisher.address}]({publisher.address})",
        ],
        width=_WIDTH,
    )


def _sheet(figures: AreaFigures, code: str, number: int) -> GPTable:
    import pandas as pd
    from gptables import GPTable

    measures = figures.measures[code]
    columns: dict[str, list[object]] = {rows_are(code): [_plain(row.name) for row in figures.rows[code]]}
    notes: dict[int, str] = {}
    for place, (measure, name, unit) in enumerate(measures, start=1):
        columns[f"{name}{_UNITS[unit]}"] = [
            _cell(figures.value(code, measure, row.code), unit) for row in figures.rows[code]
        ]
        note = note_about(code, measure)
        if note:
            notes[place] = f"$${note.slug}$$"
    # Not to be read as one kind of number: marks stand among figures.
    table = pd.DataFrame(columns, dtype=object)
    return GPTable(
        table=table,
        table_name=f"table_{code.replace('-', '_')}",
        title=f"Table {number}: {figures.titles[code]}, {figures.area.name}, {figures.quarter.label}",
        instructions=_ONE_TABLE,
        legend=[_MARK],
        table_notes=notes,
        index_columns={2: 0},
        additional_formatting=[
            {"column": {"columns": [place], "format": {"num_format": _NUMBERS[unit], "align": "right"}}}
            for place, (_, _, unit) in enumerate(measures, start=1)
        ],
    )


def _cell(value: int | None, unit: Unit) -> object:
    if value is None:
        return NOT_SHOWN
    return value if unit in {Unit.PEOPLE, Unit.PROVIDERS} else value / 100


def _plain(words: str) -> str:
    return words.replace("](", "] (").replace("$$", "$ $")


def _title(figures: AreaFigures) -> str:
    return f"Demand for support in {figures.area.name}, {figures.quarter.label}"
