"""Every figure somebody may have, one file at a time: however many quarters there are, one is held at once."""

import csv
import io
import json
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.demand.models.releases import ReleaseFile
from marketplace.demand.rules.figures import COLUMNS, NOT_SHOWN
from marketplace.demand.rules.nouns import ReleaseFileId

_COUNTS = ("people", "providers")


def as_one_csv(session: Session, *, file_ids: Sequence[ReleaseFileId]) -> Iterator[bytes]:
    """Yield frozen CSV files as one: their bytes one after another, with one row of headings."""
    for place, file_id in enumerate(file_ids):
        content = _content(session, file_id)
        yield content if place == 0 else content.partition(b"\n")[2]


def as_lines(session: Session, *, file_ids: Sequence[ReleaseFileId]) -> Iterator[bytes]:
    """Yield frozen CSV files as lines of JSON: each figure an object, a figure that is not shown null."""
    for file_id in file_ids:
        rows = csv.DictReader(io.StringIO(_content(session, file_id).decode()))
        yield "".join(f"{json.dumps(_said(row), ensure_ascii=False)}\n" for row in rows).encode()


def _said(row: dict[str, str]) -> dict[str, str | float | None]:
    said: dict[str, str | float | None] = {name: row[name] for name in COLUMNS}
    if row["value"] == NOT_SHOWN:
        return said | {"value": None}
    return said | {"value": int(row["value"]) if row["unit"] in _COUNTS else float(row["value"])}


def _content(session: Session, file_id: ReleaseFileId) -> bytes:
    return session.scalars(select(ReleaseFile).where(ReleaseFile.id == file_id)).one().content
