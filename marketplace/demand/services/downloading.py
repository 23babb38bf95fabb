"""A commissioner takes a file away, and that it was taken is remembered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.demand.models.releases import Release, ReleaseDownload, ReleaseFile
from marketplace.demand.rules.nouns import FileKind
from marketplace.kit.errors import NotFoundError
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode, ladder_of


class ReleaseNotFoundError(NotFoundError):
    """There is no such file, or it is another council's."""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file as it is downloaded: the same bytes for ever."""

    content: bytes
    sha256: str


def take_away(
    session: Session, *, viewer: Viewer, area: AreaCode, quarter: Quarter, kind: FileKind, now: datetime
) -> TakenFile:
    """
    Return the frozen file of the viewer's own council, its region or England, and remember who took it.

    :raises ReleaseNotFoundError: if there is none, or it is another council's: they look the same.
    """
    file = None
    if viewer.may(Permission.READ_DEMAND) and viewer.council and area in ladder_of(viewer.council):
        file = session.scalars(
            select(ReleaseFile)
            .join(Release, Release.id == ReleaseFile.release_id)
            .where(
                Release.year == quarter.year,
                Release.quarter == quarter.number,
                ReleaseFile.area == area,
                ReleaseFile.kind == kind,
            )
        ).one_or_none()
    if file is None or viewer.person_id is None:
        raise ReleaseNotFoundError("We have no figures there for you. You can download those of your own council.")
    session.add(ReleaseDownload(file_id=file.id, person_id=viewer.person_id, at=now))
    session.flush()
    return TakenFile(file.content, file.sha256)
