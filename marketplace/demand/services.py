"""What can happen to releases: they are built once, and downloaded."""

import hashlib
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.demand import queries, rules
from marketplace.demand.models import Release
from marketplace.demand.queries import ReleaseFile
from marketplace.demand.rules import Quarter, ReleaseId
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.pages import as_csv
from marketplace.kit.places import Council, CouncilCode


class QuarterOpenError(DomainError):
    """The quarter is not over."""


class AlreadyReleasedError(DomainError):
    """A council and a quarter have one release, and there is one."""


class ReleaseNotFoundError(NotFoundError):
    """There is no such release, or it is another council's."""


def build_release(session: Session, *, council: Council, quarter: Quarter, now: datetime) -> ReleaseId:
    """
    Count one council's closed quarter, hide what is small, and freeze the file for good.

    :raises QuarterOpenError: if the quarter is not over: figures that grow from day to day give single people away.
    :raises AlreadyReleasedError: if there is a release. It is never built again.
    """
    if not quarter.is_closed(day_of(now)):
        raise QuarterOpenError(f"{quarter.label} is not over yet, so there are no figures for it.")
    if _is_released(session, council.code, quarter):
        raise AlreadyReleasedError(f"The figures for {council.name}, {quarter.label}, are released and do not change.")
    rows = (
        rules.release_row(counts, council_code=council.code, council=council.name, quarter=quarter)
        for counts in queries.true_counts(session, council=council.code, quarter=quarter)
    )
    content = as_csv(rules.COLUMNS, rows).encode()
    release = Release(
        id=ReleaseId(uuid.uuid4()),
        council=council.code,
        year=quarter.year,
        quarter=quarter.number,
        built_at=now,
        method=rules.METHOD_VERSION,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    session.add(release)
    audit.record(session, by=None, did="released", to_kind="release", to_id=release.id, now=now)
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyReleasedError(
            f"The figures for {council.name}, {quarter.label}, are released and do not change."
        ) from error
    return release.id


def download_release(
    session: Session, *, viewer: Viewer, council: CouncilCode, quarter: Quarter, now: datetime
) -> ReleaseFile:
    """
    Return a release as it was frozen, and remember who took it.

    :raises ReleaseNotFoundError: if there is none, or it is another council's: they look the same.
    """
    found = queries.release_file(session, viewer=viewer, council=council, quarter=quarter)
    if found is None:
        raise ReleaseNotFoundError("We have no figures there for you. You can download those of your own council.")
    audit.record(session, by=viewer.person_id, did="downloaded", to_kind="release", to_id=found.id, now=now)
    return found


def _is_released(session: Session, council: CouncilCode, quarter: Quarter) -> bool:
    found = session.scalars(
        select(Release.id).where(
            Release.council == council, Release.year == quarter.year, Release.quarter == quarter.number
        )
    ).first()
    return found is not None
