"""Reads CSV: each row with the line it begins on, and a sentence for each row that is broken."""

import csv
import io
from collections.abc import Iterator, Sequence

from marketplace.catalogue.gateways.rows import BrokenRow, Row, UnreadableFileError

LONGEST_CELL = 20_000
"""Characters. The longest description we keep has a fifth of them."""

LONGEST_ROW = 200_000
"""Characters that one row may run over, before we take it that a quotation mark was never closed."""

_MOST_NAMED = 12


def rows_of(text: str, *, columns: Sequence[str], delimiter: str) -> Iterator[Row | BrokenRow]:
    """
    Yield every row of a CSV file. Lines and rows that are all blank are passed over.

    A row that cannot be read costs only its own line: reading goes on with the next one, so a quotation mark that is
    never closed does not swallow the rest of the file.

    :raises UnreadableFileError: if the first line does not name every column that is needed.
    """
    lines = list(io.StringIO(text, newline=""))
    header_at = next((n for n, line in enumerate(lines) if line.strip()), None)
    if header_at is None:
        raise UnreadableFileError("The file is empty.")
    names, used, problem = _record(lines, header_at, delimiter)
    if problem:
        raise UnreadableFileError(f"Line {header_at + 1}, which names the columns, cannot be read: {problem}")
    wanted = _wanted(names, columns, line=header_at + 1, delimiter=delimiter)
    at = header_at + used
    while at < len(lines):
        cells, used, problem = _record(lines, at, delimiter)
        line = at + 1
        if not problem and any(cell.strip() for cell in cells):
            problem = _shape_problem(cells, names, used)
        elif not problem:
            at += used
            continue
        if problem:
            yield BrokenRow(line, problem, name=_first_words(lines[at]))
            at += 1
            continue
        yield Row(line, {asked: cells[n] for asked, n in wanted.items()})
        at += used


def _record(lines: Sequence[str], at: int, delimiter: str) -> tuple[list[str], int, str]:
    """Return the cells of the record that begins at a line, how many lines it takes, and what is wrong with it."""
    reader = csv.reader(_few(lines, at), delimiter=delimiter, strict=True)
    try:
        cells = next(reader, [])
    except csv.Error as error:
        if "field larger than" in str(error) and len(lines[at]) > LONGEST_CELL:
            return [], 1, f"A cell has more than {LONGEST_CELL:,} characters."
        if "unexpected end of data" in str(error) or "field larger than" in str(error):
            return [], 1, "A quotation mark is opened here and never closed."
        return [], 1, "The quotation marks do not match: after a closing one there is more text."
    return cells, max(1, reader.line_num), ""


def _few(lines: Sequence[str], at: int) -> Iterator[str]:
    """Yield the lines that one record may run over."""
    length = 0
    for n in range(at, len(lines)):
        yield lines[n]
        length += len(lines[n])
        if length > LONGEST_ROW:
            return


def _shape_problem(cells: list[str], names: list[str], used: int) -> str:
    extra = cells[len(names) :]
    if len(cells) < len(names) or any(cell.strip() for cell in extra):
        over = f" It runs over {used} lines: is a quotation mark missing?" if used > 1 else ""
        count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
        return f"The row has {count}, and the first line names {len(names)}.{over}"
    for name, cell in zip(names, cells, strict=False):
        if len(cell) > LONGEST_CELL:
            return f"The cell “{name}” has {len(cell):,} characters. We take at most {LONGEST_CELL:,}."
        if "\x00" in cell:
            return f"The cell “{name}” holds a zero byte, which no text has."
    return ""


def _wanted(names: list[str], columns: Sequence[str], *, line: int, delimiter: str) -> dict[str, int]:
    """Return where each column that is needed stands. Capitals and spaces around a name do not matter."""
    tidy = [" ".join(name.split()).casefold() for name in names]
    missing = [column for column in columns if column.casefold() not in tidy]
    if missing:
        other = next((mark for mark in ";\t|," if mark != delimiter and mark in "".join(names)), None)
        said = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}
        named = ", ".join(f"“{name[:40]}”" for name in names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
        advice = f" The cells seem to be parted by {said[other]}: say so in the mapping, as delimiter." if other else ""
        several = "These columns are" if len(missing) > 1 else "This column is"
        raise UnreadableFileError(
            f"{several} missing: {', '.join(f'“{column}”' for column in missing)}. Line {line} names {named}.{advice}"
        )
    twice = [column for column in columns if tidy.count(column.casefold()) > 1]
    if twice:
        raise UnreadableFileError(f"Line {line} names the column “{twice[0]}” more than once. Rename one of them.")
    return {column: tidy.index(column.casefold()) for column in columns}


def _first_words(line: str) -> str:
    return " ".join(line.replace("\x00", " ").split())[:60]
