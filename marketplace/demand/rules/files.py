"""The files that figures are taken away in: what each form is called, and what it is made from."""

from dataclasses import dataclass
from datetime import date

from marketplace.demand.rules.figures import AreaFigures
from marketplace.demand.rules.nouns import FileKind
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a file: how its name ends, its media type, and what pages call it."""

    suffix: str
    media_type: str
    name: str
    for_whom: str


FORMS: dict[FileKind, Form] = {
    FileKind.SPREADSHEET: Form(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Spreadsheet",
        "One table on each sheet, for reading and for your own sums. Made to be read aloud too.",
    ),
    FileKind.REPORT: Form(
        "pdf", "application/pdf", "Market report", "Words, charts and tables to print, send round or read on a screen."
    ),
    FileKind.CSV: Form(
        "csv", "text/csv", "CSV", "Every figure in a row of its own. This is the file that the ledger’s hash covers."
    ),
    FileKind.CSVW: Form(
        "csv-metadata.json",
        "application/csvm+json",
        "Description of the CSV",
        "Tells a program what each column of the CSV holds (CSV on the Web).",
    ),
    FileKind.JSON: Form("json", "application/json", "JSON", "The same figures, for programs."),
}
"""Every form, in the order in which pages offer them."""

_BY_SUFFIX = {form.suffix: kind for kind, form in FORMS.items()}


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes a file: the site's name, its address and where to write to."""

    name: str
    address: str
    email: str


@dataclass(frozen=True, slots=True)
class Source:
    """
    What a file is made from: released figures alone, so that it never comes out another way.

    `before` are the figures of the same area a quarter earlier, `wider` those of the areas it lies in in the same
    quarter, the nearest first. `csv_sha256` is the hash of the CSV file.
    """

    figures: AreaFigures
    released_on: date
    publisher: Publisher
    csv_sha256: str
    before: AreaFigures | None = None
    wider: tuple[AreaFigures, ...] = ()


def kind_of(suffix: str) -> FileKind | None:
    """Return which form a file's name ends in, or None if in none."""
    return _BY_SUFFIX.get(suffix)


def file_name(area: AreaCode, quarter: Quarter, kind: FileKind) -> str:
    """Return what a file is called: `demand-E08000009-2026-q1.csv`."""
    return f"demand-{area}-{quarter.slug}.{FORMS[kind].suffix}"
