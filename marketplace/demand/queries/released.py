"""What was released: figures that anybody could be shown. Read back from the frozen files, so that nothing differs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.demand.models.releases import Release, ReleaseFile
from marketplace.demand.rules.figures import AreaFigures, read_tidy
from marketplace.demand.rules.nouns import METHOD, FileKind, ReleaseId
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode

_KEPT = 600
"""Files kept read: a council, its region and England for some years, for many councils at once."""


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One release as the public ledger shows it."""

    id: ReleaseId
    quarter: Quarter
    built_at: datetime
    method: int
    sha256: str
    shown: int
    hidden: int
    audit: dict[str, Any]


def releases(session: Session) -> tuple[ReleaseLine, ...]:
    """Return every release, newest first."""
    rows = session.scalars(select(Release).order_by(Release.year.desc(), Release.quarter.desc()))
    return tuple(
        ReleaseLine(
            id=row.id,
            quarter=Quarter(row.year, row.quarter),
            built_at=row.built_at,
            method=row.method,
            sha256=row.sha256,
            shown=row.shown,
            hidden=row.hidden,
            audit=row.audit,
        )
        for row in rows
    )


def released_quarters(session: Session) -> tuple[Quarter, ...]:
    """Return the quarters released by the present method, newest first. Pages show these."""
    rows = session.execute(
        select(Release.year, Release.quarter)
        .where(Release.method >= METHOD)
        .order_by(Release.year.desc(), Release.quarter.desc())
    )
    return tuple(Quarter(row.year, row.quarter) for row in rows)


def figures_of(
    session: Session, *, areas: tuple[AreaCode, ...], quarters: tuple[Quarter, ...]
) -> dict[tuple[AreaCode, Quarter], AreaFigures]:
    """Return the released figures of some areas in some quarters, those that there are. One query."""
    rows = session.execute(
        select(ReleaseFile.sha256, ReleaseFile.area, Release.year, Release.quarter)
        .join(Release, Release.id == ReleaseFile.release_id)
        .where(ReleaseFile.area.in_(areas), ReleaseFile.kind == FileKind.CSV, Release.method >= METHOD)
    ).all()
    wanted = {(row.area, Quarter(row.year, row.quarter)): row.sha256 for row in rows}
    return {
        (area, quarter): _read(session, wanted[area, quarter])
        for quarter in quarters
        for area in areas
        if (area, quarter) in wanted
    }


def _read(session: Session, sha256: str) -> AreaFigures:
    # What has been read is kept under its hash: the bytes behind a hash never change.
    found = _READ.get(sha256)
    if found is None:
        file = session.scalars(select(ReleaseFile).where(ReleaseFile.sha256 == sha256).limit(1)).one()
        if len(_READ) >= _KEPT:
            _READ.clear()
        found = _READ[sha256] = read_tidy(file.content)
    return found


_READ: dict[str, AreaFigures] = {}
