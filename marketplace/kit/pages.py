"""Small page tools: which page of a list, and tables to download."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  (wide ones are read alike)


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a long list to show. Pages count from 1."""

    number: int
    size: int
    total: int

    @classmethod
    def within(cls, *, total: int, size: int, page: int) -> Self:
        """Return the part somebody asked for, or the last one when they asked for a page past the end."""
        last = cls(number=1, size=size, total=total).pages
        return cls(number=min(page, last), size=size, total=total)

    @property
    def pages(self) -> int:
        """How many pages there are, never fewer than one."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size


def page_number(typed: str | None) -> int:
    """Return the page somebody asked for; anything that is not a page is the first one."""
    return max(1, min(int(typed[:9]), 100_000)) if typed and typed.isascii() and typed.isdigit() else 1


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV. A cell that a spreadsheet would run as a formula starts with an apostrophe."""
    return _written([header]) + csv_part(rows)


def csv_part(rows: Iterable[Sequence[object]]) -> str:
    """Return some rows of a table as `as_csv` does, without a header: for tables too long to hold in one piece."""
    return _written([_safe(cell) for cell in row] for row in rows)


def _written(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
