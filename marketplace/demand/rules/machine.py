"""Figures for machines: a CSV file described as the W3C’s “CSV on the Web” says, and the same figures as JSON."""

import json
from collections.abc import Sequence
from typing import Any

from marketplace.demand.rules.figures import COLUMNS, NOT_SHOWN, Area, AreaFigures
from marketplace.demand.rules.files import Source, file_name
from marketplace.demand.rules.method import TABLES, note_about
from marketplace.demand.rules.nouns import FileKind
from marketplace.demand.rules.shapes import Unit
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import Level

Json = dict[str, Any]

_KEY = ("quarter", "area_code", "table_code", "row_code", "measure_code")
_SAID = {
    "quarter": ("Quarter", "The calendar quarter: 2026-q1 is January to March 2026."),
    "first_day": ("First day", "The first day of the quarter."),
    "last_day": ("Last day", "The last day of the quarter."),
    "area_code": ("Area code", "The official nine-character code of the council, the region or England."),
    "area": ("Area", "The name of the area."),
    "area_level": ("Kind of area", "A council, a region or England. Councils lie in regions, regions in England."),
    "table_code": ("Table code", "Which table the figure belongs to. It stays the same from quarter to quarter."),
    "table": ("Table", "The title of the table."),
    "row_code": ("Row code", "Which row of its table the figure stands in. “all” is everything together."),
    "row": ("Row", "The words for the row."),
    "measure_code": ("Measure code", "Which column of its table the figure stands in."),
    "measure": ("Measure", "The words for the column."),
    "unit": ("Unit", "What the figure counts: people, providers, pounds, stars or points."),
    "value": (
        "Figure",
        "The figure, rounded. [c] stands where it is not shown, so that nobody can be told from it.",
    ),
}
_KINDS: dict[str, str | Json] = {
    "quarter": {"base": "string", "format": "[0-9]{4}-q[1-4]"},
    "first_day": "date",
    "last_day": "date",
    "area_code": {"base": "string", "length": 9},
    "area_level": {"base": "string", "format": "|".join(level.value for level in Level)},
    "unit": {"base": "string", "format": "people|providers|pounds|stars|points"},
    "value": {"base": "decimal", "minimum": 0},
}
_HUNDREDTHS = frozenset({Unit.PENCE, Unit.STARS, Unit.POINTS})


def csvw(source: Source) -> bytes:
    """Return the description of an area's CSV file."""
    figures = source.figures
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file_name(figures.area.code, figures.quarter, FileKind.CSV),
        "dc:title": _title(figures),
        "dc:description": (
            "What people look for and buy in one area and quarter. Counts are rounded to the nearest 5 and shown only "
            "if at least 10 people stand behind them. The mark [c] stands for every figure that is not shown."
        ),
        "dc:publisher": source.publisher.name,
        "dc:issued": {"@value": source.released_on.isoformat(), "@type": "xsd:date"},
        "dc:identifier": f"sha256:{source.csv_sha256}",
        "dialect": {"header": True, "encoding": "utf-8", "lineTerminators": ["\r\n", "\n"]},
        "tableSchema": {
            "columns": [_column(name) for name in COLUMNS],
            "primaryKey": list(_KEY),
            "rowTitles": ["table", "row", "measure"],
        },
    }
    return written(described)


def as_json(source: Source) -> bytes:
    """Return an area's figures as JSON: tables, their rows, and in each row its figures by measure. Null: not shown."""
    return written(said(source))


def said(source: Source) -> Json:
    """Return an area's figures as plain values."""
    figures, quarter = source.figures, source.figures.quarter
    return {
        "quarter": quarter.slug,
        "first_day": quarter.starts_on.isoformat(),
        "last_day": quarter.last_day.isoformat(),
        "released_on": source.released_on.isoformat(),
        "area": {"code": figures.area.code, "name": figures.area.name, "level": figures.area.level.value},
        "csv_sha256": source.csv_sha256,
        "not_shown": "A figure that is null is not shown, so that nobody can be told from it. It need not be small.",
        "tables": [_table(figures, code) for code in figures.titles],
    }


def areas(known: Sequence[Area], quarters: Sequence[Quarter]) -> Json:
    """Return which areas and quarters there are figures of, as plain values."""
    return {
        "areas": [{"code": area.code, "name": area.name, "level": area.level.value} for area in known],
        "quarters": [quarter.slug for quarter in quarters],
    }


def tables(figures: AreaFigures | None) -> Json:
    """Return what tables a release has, and what each column counts, as plain values without figures."""
    if figures is None:
        return {"tables": []}
    return {"tables": [_shape(figures, code) for code in figures.titles]}


def _shape(figures: AreaFigures, code: str) -> Json:
    notes = {measure: note_about(code, measure) for measure, _, _ in figures.measures[code]}
    return {
        "code": code,
        "title": figures.titles[code],
        "about": TABLES.get(code, ""),
        "measures": [
            _measure(measure, name, unit) | {"about": note.words if (note := notes[measure]) else ""}
            for measure, name, unit in figures.measures[code]
        ],
        "rows": [{"code": row.code, "name": row.name} for row in figures.rows[code]],
    }


def _measure(code: str, name: str, unit: Unit) -> Json:
    return {"code": code, "name": name, "unit": "pounds" if unit is Unit.PENCE else unit.value}


def _column(name: str) -> Json:
    title, words = _SAID[name]
    column: Json = {
        "name": name,
        "titles": [name],
        "dc:title": title,
        "dc:description": words,
        "datatype": _KINDS.get(name, "string"),
        # Every cell is filled: a figure that is not shown says so.
        "required": name != "value",
    }
    if name == "value":
        column["null"] = NOT_SHOWN
    return column


def _table(figures: AreaFigures, code: str) -> Json:
    measures = figures.measures[code]
    return {
        "code": code,
        "title": figures.titles[code],
        "measures": [_measure(measure, name, unit) for measure, name, unit in measures],
        "rows": [
            {
                "code": row.code,
                "name": row.name,
                "figures": {
                    measure: _number(figures.value(code, measure, row.code), unit) for measure, _, unit in measures
                },
            }
            for row in figures.rows[code]
        ],
    }


def _number(value: int | None, unit: Unit) -> int | float | None:
    if value is None or unit not in _HUNDREDTHS:
        return value
    return value / 100 if value % 100 else value // 100


def _title(figures: AreaFigures) -> str:
    return f"Demand for support in {figures.area.name}, {figures.quarter.label}"


def written(what: Json) -> bytes:
    """Return plain values as the bytes of a file."""
    return (json.dumps(what, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
