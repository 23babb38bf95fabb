"""What everybody may know of releases: what was published, under which hash, and how often it was taken away."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.demand.models.releases import Release, ReleaseDownload, ReleaseFile
from marketplace.demand.queries.released import ReleaseLine, releases
from marketplace.demand.rules.nouns import METHOD, FileKind
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode


@dataclass(frozen=True, slots=True)
class HashLine:
    """The hash of one area's CSV file, and how often files of that area were taken away, by form."""

    area: AreaCode
    sha256: str
    taken: dict[FileKind, int]


@dataclass(frozen=True, slots=True)
class ReleaseInFull:
    """One release of the ledger, with the hashes that its own is made of."""

    line: ReleaseLine
    before: ReleaseLine | None
    files: tuple[HashLine, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the release's hash is that of the one before and of its files, worked out now."""
        parts = [self.before.sha256 if self.before else "", *(file.sha256 for file in self.files)]
        return hashlib.sha256("".join(parts).encode()).hexdigest() == self.line.sha256


@dataclass(frozen=True, slots=True)
class QuarterFiles:
    """Of which areas there are files for one quarter. Those of earlier methods are CSV alone."""

    quarter: Quarter
    has_every_form: bool
    areas: list[AreaCode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Taken:
    """How often files of one area were taken away in one form, of all releases."""

    area: AreaCode
    kind: FileKind
    times: int


def release_in_full(session: Session, *, quarter: Quarter) -> ReleaseInFull | None:
    """Return one release with every hash in it, or None if there is none. The hash before it is of the ledger."""
    lines = releases(session)
    place = next((place for place, line in enumerate(lines) if line.quarter == quarter), None)
    if place is None:
        return None
    line = lines[place]
    files = session.execute(
        select(ReleaseFile.area, ReleaseFile.sha256)
        .where(ReleaseFile.release_id == line.id, ReleaseFile.kind == FileKind.CSV)
        .order_by(ReleaseFile.area)
    ).all()
    taken: dict[AreaCode, Counter[FileKind]] = {}
    for area, kind, times in session.execute(
        select(ReleaseFile.area, ReleaseFile.kind, func.count())
        .join(ReleaseDownload, ReleaseDownload.file_id == ReleaseFile.id)
        .where(ReleaseFile.release_id == line.id)
        .group_by(ReleaseFile.area, ReleaseFile.kind)
    ):
        taken.setdefault(area, Counter())[kind] = times
    return ReleaseInFull(
        line=line,
        before=_before(line, lines),
        files=tuple(HashLine(row.area, row.sha256, dict(taken.get(row.area, {}))) for row in files),
    )


def areas_released(session: Session, *, areas: Sequence[AreaCode]) -> tuple[QuarterFiles, ...]:
    """Return which quarters there are files of for some areas, the newest first; the areas in the order asked for."""
    rows = session.execute(
        select(Release.year, Release.quarter, Release.method, ReleaseFile.area)
        .join(ReleaseFile, ReleaseFile.release_id == Release.id)
        .where(ReleaseFile.area.in_(areas), ReleaseFile.kind == FileKind.CSV)
        .order_by(Release.year.desc(), Release.quarter.desc())
    ).all()
    found: dict[Quarter, QuarterFiles] = {}
    for row in sorted(rows, key=lambda row: areas.index(row.area)):
        quarter = Quarter(row.year, row.quarter)
        of_quarter = found.setdefault(quarter, QuarterFiles(quarter, has_every_form=row.method >= METHOD))
        of_quarter.areas.append(row.area)
    return tuple(found[quarter] for quarter in sorted(found, reverse=True))


def taken_away(session: Session) -> tuple[Taken, ...]:
    """Return how often files were taken away, by area and form, the most often taken first. Never by whom."""
    times = func.count().label("times")
    rows = session.execute(
        select(ReleaseFile.area, ReleaseFile.kind, times)
        .join(ReleaseDownload, ReleaseDownload.file_id == ReleaseFile.id)
        .group_by(ReleaseFile.area, ReleaseFile.kind)
        .order_by(times.desc(), ReleaseFile.area, ReleaseFile.kind)
    )
    return tuple(Taken(row.area, row.kind, row.times) for row in rows)


def taken_of_releases(session: Session) -> dict[Quarter, int]:
    """Return how often files of each release were taken away."""
    rows = session.execute(
        select(Release.year, Release.quarter, func.count())
        .join(ReleaseFile, ReleaseFile.release_id == Release.id)
        .join(ReleaseDownload, ReleaseDownload.file_id == ReleaseFile.id)
        .group_by(Release.year, Release.quarter)
    )
    return {Quarter(year, quarter): times for year, quarter, times in rows}


def _before(line: ReleaseLine, lines: Sequence[ReleaseLine]) -> ReleaseLine | None:
    # Chained in the order in which they were built. Those of earlier methods stand alone.
    if line.method < METHOD:
        return None
    return max((one for one in lines if _order(one) < _order(line)), key=_order, default=None)


def _order(line: ReleaseLine) -> tuple[datetime, Quarter]:
    return (line.built_at, line.quarter)
