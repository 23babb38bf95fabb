"""Everything somebody has here in one ZIP file: for machines, to read, and the files themselves."""

import enum
import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from marketplace.kit.belonging import KeptFile, Section
from marketplace.kit.money import Money
from marketplace.kit.said import day, moment

_IN_MEMORY = 2_000_000
"""A parcel larger than so many bytes is written to disk meanwhile."""


def pack(sections: Iterable[Section], *, readable: str, files: Iterable[KeptFile]) -> IO[bytes]:
    """Return a ZIP file, at its beginning: `your-data.json`, the same to read, and a folder of files."""
    parcel = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (whoever sends it closes it)
    with zipfile.ZipFile(parcel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("your-data.html", readable)
        archive.writestr("your-data.json", as_json(sections))
        for file in files:
            archive.writestr(f"files/{file.name}", file.content)
    parcel.seek(0)
    return parcel


def as_json(sections: Iterable[Section]) -> str:
    """Return sections as JSON: moments and days as ISO 8601, amounts in pence."""
    said = [{"table": one.table, "what": one.what, "rows": [_row(row) for row in one.rows]} for one in sections]
    return json.dumps({"format": "clubtogether-your-data/1", "sections": said}, ensure_ascii=False, indent=1)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}_pence" if isinstance(value, Money) else name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, Money):
        return value.pence
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    return str(value) if isinstance(value, UUID | Decimal) else value


def in_words(section: Section) -> list[list[tuple[str, str]]]:
    """Return the rows of a section for people: each column's name and what it says, without what is empty."""
    return [
        [(name.replace("_", " "), _words(value)) for name, value in row.items() if value not in (None, "", [], {})]
        for row in section.rows
    ]


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, enum.Enum):
        return str(value.value).replace("_", " ")
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {_words(one)}" for name, one in value.items())
    return "\n".join(_words(one) for one in value) if isinstance(value, list) else str(value)
