"""What was released about every council side by side: a few totals of a quarter, for the map."""

import csv
import io
from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.demand.models.releases import Release, ReleaseFile
from marketplace.demand.rules.figures import COLUMNS, NOT_SHOWN
from marketplace.demand.rules.nouns import METHOD, FileKind
from marketplace.demand.rules.shapes import ALL
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode

Totals = dict[tuple[str, str], int]
"""Counts that are shown, by table and measure."""

_KEPT = 40
"""Quarters kept read: ten years."""


def totals_across(session: Session, *, quarter: Quarter, wanted: tuple[tuple[str, str], ...]) -> dict[AreaCode, Totals]:
    """Return some counts for all rows together, table and measure by area, of every area in one released quarter."""
    release = session.execute(
        select(Release.id, Release.sha256).where(
            Release.year == quarter.year, Release.quarter == quarter.number, Release.method >= METHOD
        )
    ).one_or_none()
    if release is None:
        return {}
    # What a release's hash stands for never changes, so it is read once.
    found = _READ.get((release.sha256, wanted))
    if found is None:
        files = session.scalars(
            select(ReleaseFile).where(ReleaseFile.release_id == release.id, ReleaseFile.kind == FileKind.CSV)
        )
        if len(_READ) >= _KEPT:
            _READ.clear()
        found = _READ[release.sha256, wanted] = {
            AreaCode(file.area): _totals(file.content.decode(), wanted) for file in files
        }
    return found


_READ: dict[tuple[str, tuple[tuple[str, str], ...]], dict[AreaCode, Totals]] = {}


def _totals(content: str, wanted: Iterable[tuple[str, str]]) -> Totals:
    # Only lines that may be among them are taken apart: a file has some thousand, and there are 153.
    lines = csv.DictReader(io.StringIO("".join(_lines_of_all(content))), COLUMNS)
    kept = set(wanted)
    return {
        name: int(line["value"])
        for line in lines
        if line["row_code"] == ALL
        and (name := (line["table_code"], line["measure_code"])) in kept
        and line["value"] != NOT_SHOWN
    }


def _lines_of_all(content: str) -> Iterator[str]:
    return (line for line in content.splitlines(keepends=True) if f",{ALL}," in line)
