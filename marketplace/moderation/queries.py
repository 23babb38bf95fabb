"""Questions about reports and decisions. Answers are plain frozen data, ready to show."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.kit.pages import Slice
from marketplace.moderation.models import Decision, Report
from marketplace.moderation.rules import Outcome, ReportId, ReportReason, SubjectKind

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report, without who sent it: a moderator judges the thing, not the teller."""

    id: ReportId
    subject_kind: SubjectKind
    subject_id: uuid.UUID
    reason: ReportReason
    words: str
    at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenReports:
    """One page of the reports nobody has dealt with, oldest first."""

    lines: tuple[ReportLine, ...]
    slice: Slice


def open_reports(session: Session, *, viewer: Viewer, page: int = 1) -> OpenReports:
    """Return the reports nobody has dealt with, oldest first. For moderators; anybody else gets none."""
    if not viewer.may(Permission.MODERATE):
        return OpenReports((), Slice(1, PAGE_SIZE, 0))
    total = session.scalar(select(func.count()).select_from(Report).where(Report.closed_at.is_(None))) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    found = session.scalars(
        select(Report)
        .where(Report.closed_at.is_(None))
        .order_by(Report.at, Report.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return OpenReports(tuple(_line(report) for report in found), part)


def report_page(session: Session, *, report_id: ReportId, viewer: Viewer) -> ReportLine | None:
    """Return one report, for moderators only."""
    if not viewer.may(Permission.MODERATE):
        return None
    report = session.get(Report, report_id)
    return _line(report) if report else None


def reports_about(session: Session, *, kinds: Iterable[SubjectKind]) -> tuple[ReportLine, ...]:
    """Return all reports about some kinds of things that nobody has dealt with, oldest first. For services."""
    found = session.scalars(
        select(Report)
        .where(Report.subject_kind.in_(list(kinds)), Report.closed_at.is_(None))
        .order_by(Report.at, Report.id)
    )
    return tuple(_line(report) for report in found)


def has_open_reports(session: Session, *, subject_kind: SubjectKind, subject_id: uuid.UUID) -> bool:
    """Test whether somebody has reported something and nobody has looked at it since. For services that decide."""
    open_one = select(Report.id).where(
        Report.subject_kind == subject_kind, Report.subject_id == subject_id, Report.closed_at.is_(None)
    )
    return session.scalar(open_one.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """What was decided about something, and why."""

    outcome: Outcome
    reason: str
    at: datetime


def latest_decisions(
    session: Session, *, subject_kind: SubjectKind, subject_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, DecisionLine]:
    """Return the last decision about each of some things of one kind, in one query. Callers know who may read it."""
    wanted = list(subject_ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(Decision.subject_id, Decision.outcome, Decision.reason, Decision.at)
        .where(Decision.subject_kind == subject_kind, Decision.subject_id.in_(wanted))
        .order_by(Decision.at, Decision.id)
    )
    return {row.subject_id: DecisionLine(outcome=row.outcome, reason=row.reason, at=row.at) for row in rows}


def _line(report: Report) -> ReportLine:
    return ReportLine(
        id=report.id,
        subject_kind=report.subject_kind,
        subject_id=report.subject_id,
        reason=report.reason,
        words=report.words,
        at=report.at,
        closed_at=report.closed_at,
    )
