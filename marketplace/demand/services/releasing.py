"""Releases are built once, after their quarter has closed, and never change."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.demand.models.releases import Release, ReleaseFile
from marketplace.demand.queries.counting import Tell
from marketplace.demand.queries.drafts import Draft, DraftFile, draft_release
from marketplace.demand.rules.nouns import METHOD, FileKind, ReleaseFileId, ReleaseId
from marketplace.demand.services.stocktaking import take_stock
from marketplace.kit import audit, facts
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError
from marketplace.kit.places import Council
from marketplace.kit.quarters import Quarter
from marketplace.kit.sentences import worded


class QuarterOpenError(DomainError):
    """The quarter is not over."""


class AlreadyReleasedError(DomainError):
    """A quarter has one release, and there is one."""


def build_release(
    session: Session,
    *,
    councils: Sequence[Council],
    quarter: Quarter,
    now: datetime,
    tell: Tell = lambda what, share: None,
) -> ReleaseId:
    """
    Count a closed quarter for all of England, hide what could tell of a few people, and freeze the files for good.

    The facts it was counted from go, and with them the secret that told people apart. All at once: what many people
    use meanwhile is built step by step instead, as the job does.

    :raises QuarterOpenError: if the quarter is not over: figures that grow from day to day give single people away.
    :raises AlreadyReleasedError: if there is a release. It is never built again.
    """
    prepare(session, quarter=quarter, now=now)
    draft = draft_release(session, councils=councils, quarter=quarter, tell=tell)
    release_id = keep_release(session, draft, now=now)
    forget_facts(session, quarter=quarter)
    return release_id


def prepare(session: Session, *, quarter: Quarter, now: datetime) -> None:
    """
    Note what is counted besides what happened, before a quarter is counted. Can be done again.

    :raises QuarterOpenError: if the quarter is not over.
    :raises AlreadyReleasedError: if it has its release.
    """
    if not quarter.is_closed(day_of(now)):
        raise QuarterOpenError(worded("{label} is not over yet, so there are no figures for it.", label=quarter.label))
    if session.scalars(_of(quarter)).first():
        raise AlreadyReleasedError(
            worded("The figures of {label} are released and do not change.", label=quarter.label)
        )
    take_stock(session, quarter=quarter, now=now)


def keep_release(session: Session, draft: Draft, *, now: datetime) -> ReleaseId:
    """
    Freeze a release for good. Its facts are left: `forget_facts`.

    :raises AlreadyReleasedError: if the quarter has its release. Whoever was quicker counted the same.
    """
    before = session.scalars(
        select(Release.sha256).order_by(Release.built_at.desc(), Release.year.desc(), Release.quarter.desc()).limit(1)
    ).one_or_none()
    quarter, release_id = draft.quarter, ReleaseId(uuid.uuid4())
    session.add(
        Release(
            id=release_id,
            year=quarter.year,
            quarter=quarter.number,
            built_at=now,
            method=METHOD,
            sha256=_chained(before or "", draft.files),
            shown=draft.shown,
            hidden=draft.hidden,
            audit=dict(draft.audit),
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyReleasedError(
            worded("The figures of {label} are released and do not change.", label=quarter.label)
        ) from error
    session.add_all(_kept(release_id, file, now) for file in draft.files)
    audit.record(session, by=None, did="released", to_kind="release", to_id=release_id, now=now)
    session.flush()
    return release_id


def forget_facts(session: Session, *, quarter: Quarter, parts: int = 1) -> int:
    """
    Delete the facts of a released quarter, or one of so many parts of them, and return how many went.

    :raises QuarterOpenError: if the quarter has no release: its facts are all there is of it.
    """
    if not session.scalars(_of(quarter)).first():
        raise QuarterOpenError(worded("{label} is not released, so its facts are needed.", label=quarter.label))
    gone = facts.forget_quarter(session, quarter=quarter, parts=parts)
    session.flush()
    return gone


def _of(quarter: Quarter) -> Select[ReleaseId]:
    return select(Release.id).where(Release.year == quarter.year, Release.quarter == quarter.number)


def _kept(release_id: ReleaseId, file: DraftFile, now: datetime) -> ReleaseFile:
    return ReleaseFile(
        id=ReleaseFileId(uuid.uuid4()),
        release_id=release_id,
        area=file.area,
        kind=FileKind.CSV,
        packed=file.packed,
        sha256=file.sha256,
        made_at=now,
    )


def _chained(before: str, files: Sequence[DraftFile]) -> str:
    # In the order of the areas' codes, so that anybody with the files can do it again.
    in_order = [file.sha256 for file in sorted(files, key=lambda file: file.area)]
    return hashlib.sha256("".join([before, *in_order]).encode()).hexdigest()
