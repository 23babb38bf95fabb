"""A commissioner takes a file away, and that it was taken is remembered."""

import hashlib
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.demand.gateways.reports import market_report
from marketplace.demand.gateways.spreadsheets import spreadsheet
from marketplace.demand.models.releases import Release, ReleaseDownload, ReleaseFile
from marketplace.demand.queries import released
from marketplace.demand.rules.files import Publisher, Source
from marketplace.demand.rules.machine import as_json, csvw
from marketplace.demand.rules.nouns import METHOD, FileKind, ReleaseFileId, TokenId
from marketplace.kit.days import day_of
from marketplace.kit.errors import NotFoundError
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode, Level, ladder_of, level_of

MAKERS: dict[FileKind, Callable[[Source], bytes]] = {
    FileKind.CSVW: csvw,
    FileKind.SPREADSHEET: spreadsheet,
    FileKind.JSON: as_json,
    FileKind.REPORT: market_report,
}
"""What writes each form but the CSV, which is made with the release."""


class ReleaseNotFoundError(NotFoundError):
    """There is no such file, or it is another council's."""


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """A file as it is downloaded: the same bytes for ever. Nobody has it until it is taken away."""

    area: AreaCode
    quarter: Quarter
    kind: FileKind
    content: bytes
    sha256: str


def ready_file(
    session: Session, *, viewer: Viewer, area: AreaCode, quarter: Quarter, kind: FileKind, publisher: Publisher
) -> ReadyFile:
    """
    Return a file of the viewer's own council, its region or England, made now if nobody has asked for it before.

    :raises ReleaseNotFoundError: if there is none, or it is another council's: they look the same.
    """
    if not _may_have(viewer, area):
        raise _not_found()
    found = _frozen(session, area, quarter, kind)
    content = found.content if found else _made(session, area, quarter, kind, publisher)
    return ReadyFile(area, quarter, kind, content, hashlib.sha256(content).hexdigest())


def take_away(
    session: Session, *, viewer: Viewer, file: ReadyFile, now: datetime, token_id: TokenId | None = None
) -> bytes:
    """
    Return what a file holds, frozen from now on if it was not, and remember who took it.

    :raises ReleaseNotFoundError: if it is not the viewer's to take.
    """
    if viewer.person_id is None or not _may_have(viewer, file.area):
        raise _not_found()
    frozen = _frozen(session, file.area, file.quarter, file.kind) or _freeze(session, file, now)
    session.add(ReleaseDownload(file_id=frozen.id, person_id=viewer.person_id, token_id=token_id, at=now))
    session.flush()
    return frozen.content


def take_everything(
    session: Session, *, viewer: Viewer, now: datetime, token_id: TokenId | None = None
) -> tuple[ReleaseFileId, ...]:
    """
    Return the CSV files of the viewer's council, its region and England, of every quarter, and remember it of each.

    The newest quarter first, and in it the council. Files of earlier methods have other columns, and are left out.

    :raises ReleaseNotFoundError: if there are none for the viewer.
    """
    if viewer.person_id is None or viewer.council is None or not viewer.may(Permission.READ_DEMAND):
        raise _not_found()
    areas = ladder_of(viewer.council)
    rows = session.execute(
        select(ReleaseFile.id, ReleaseFile.area, Release.year, Release.quarter)
        .join(Release, Release.id == ReleaseFile.release_id)
        .where(ReleaseFile.area.in_(areas), ReleaseFile.kind == FileKind.CSV, Release.method >= METHOD)
    ).all()
    if not rows:
        raise _not_found()
    session.add_all(
        ReleaseDownload(file_id=row.id, person_id=viewer.person_id, token_id=token_id, at=now) for row in rows
    )
    session.flush()
    in_order = sorted(rows, key=lambda row: (-row.year, -row.quarter, areas.index(row.area)))
    return tuple(row.id for row in in_order)


def _may_have(viewer: Viewer, area: AreaCode) -> bool:
    return viewer.may(Permission.READ_DEMAND) and viewer.council is not None and area in ladder_of(viewer.council)


def _frozen(session: Session, area: AreaCode, quarter: Quarter, kind: FileKind) -> ReleaseFile | None:
    return session.scalars(
        select(ReleaseFile)
        .join(Release, Release.id == ReleaseFile.release_id)
        .where(
            Release.year == quarter.year,
            Release.quarter == quarter.number,
            ReleaseFile.area == area,
            ReleaseFile.kind == kind,
        )
    ).one_or_none()


def _made(session: Session, area: AreaCode, quarter: Quarter, kind: FileKind, publisher: Publisher) -> bytes:
    table = _frozen(session, area, quarter, FileKind.CSV)
    release = session.get_one(Release, table.release_id) if table else None
    if kind not in MAKERS or table is None or release is None or release.method < METHOD:
        # What was released by an earlier method is there as it was then: as CSV alone.
        raise _not_found()
    ladder = ladder_of(CouncilCode(area)) if level_of(area) is Level.COUNCIL else (area,)
    found = released.figures_of(session, areas=ladder, quarters=(quarter, quarter.previous))
    return MAKERS[kind](
        Source(
            figures=found[area, quarter],
            released_on=day_of(release.built_at),
            publisher=publisher,
            csv_sha256=table.sha256,
            before=found.get((area, quarter.previous)),
            wider=tuple(found[wider, quarter] for wider in ladder[1:] if (wider, quarter) in found),
        )
    )


def _freeze(session: Session, file: ReadyFile, now: datetime) -> ReleaseFile:
    release_id = session.scalars(
        select(Release.id).where(Release.year == file.quarter.year, Release.quarter == file.quarter.number)
    ).one()
    frozen = ReleaseFile(
        id=ReleaseFileId(uuid.uuid4()),
        release_id=release_id,
        area=file.area,
        kind=file.kind,
        packed=zlib.compress(file.content),
        sha256=file.sha256,
        made_at=now,
    )
    try:
        with session.begin_nested():
            session.add(frozen)
    except IntegrityError:
        # Somebody asked for it in the same moment. Theirs stands.
        return session.scalars(
            select(ReleaseFile).where(
                ReleaseFile.release_id == release_id, ReleaseFile.area == file.area, ReleaseFile.kind == file.kind
            )
        ).one()
    return frozen


def _not_found() -> ReleaseNotFoundError:
    return ReleaseNotFoundError("We have no figures there for you. You can download those of your own council.")
