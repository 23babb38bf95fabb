"""What can happen to reports, and how a decision is recorded. Each package decides about its own things."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.sentences import worded
from marketplace.moderation import rules
from marketplace.moderation.models import Decision, Report
from marketplace.moderation.rules import DecisionId, Outcome, ReportId, ReportReason, SubjectKind


class ReportUnclearError(DomainError):
    """We could not act on the report as it stands."""


class ReportNotFoundError(NotFoundError):
    """There is no such report."""


class ReportClosedError(DomainError):
    """Somebody has dealt with the report."""


class ReasonMissingError(DomainError):
    """A decision that keeps something from view says why."""


def report_something(
    session: Session,
    *,
    subject_kind: SubjectKind,
    subject_id: uuid.UUID,
    by: PersonId | None,
    reason: ReportReason,
    words: str,
    now: datetime,
) -> ReportId:
    """
    Tell the moderators that something is wrong. The caller has checked that the thing exists and may be seen.

    :raises ReportUnclearError: if it says too little or too much.
    """
    words = text.tidy(words)
    problem = rules.report_problem(reason=reason, words=words)
    if problem:
        raise ReportUnclearError(problem)
    report = Report(
        id=ReportId(uuid.uuid4()),
        subject_kind=subject_kind,
        subject_id=subject_id,
        reported_by=by,
        reason=reason,
        words=words,
        at=now,
    )
    session.add(report)
    session.flush()
    audit.record(session, by=by, did="sent", to_kind="report", to_id=report.id, now=now)
    return report.id


def close_report(session: Session, *, report_id: ReportId, by: PersonId, now: datetime) -> None:
    """
    Mark one report as dealt with.

    :raises ReportNotFoundError: if there is no such report.
    :raises ReportClosedError: if it is closed already.
    """
    report = session.get(Report, report_id, with_for_update=True)
    if report is None:
        raise ReportNotFoundError("We could not find that report.")
    if report.closed_at is not None:
        raise ReportClosedError("Somebody has already closed this report.")
    _close(session, report, by=by, now=now)


def record_decision(
    session: Session,
    *,
    subject_kind: SubjectKind,
    subject_id: uuid.UUID,
    outcome: Outcome,
    reason: str,
    by: PersonId,
    now: datetime,
) -> DecisionId:
    """
    Remember what a moderator decided, and close every open report about the same thing: it has been looked at.

    :raises ReasonMissingError: if a refusal or a hold has no reason, or one that is too long.
    """
    reason = text.tidy(reason)
    if rules.needs_words(outcome) and not reason:
        raise ReasonMissingError("Say why. The person who wrote this will read it.")
    if len(reason) > rules.LONGEST_WORDS:
        raise ReasonMissingError(worded("Use at most {longest_words:,} characters.", longest_words=rules.LONGEST_WORDS))
    decision = Decision(
        id=DecisionId(uuid.uuid4()),
        subject_kind=subject_kind,
        subject_id=subject_id,
        outcome=outcome,
        reason=reason,
        by_person_id=by,
        at=now,
    )
    session.add(decision)
    audit.record(session, by=by, did=str(outcome), to_kind=str(subject_kind), to_id=subject_id, now=now)
    still_open = session.scalars(
        select(Report)
        .where(Report.subject_kind == subject_kind, Report.subject_id == subject_id, Report.closed_at.is_(None))
        .order_by(Report.at, Report.id)
        .with_for_update()
    ).all()
    for report in still_open:
        _close(session, report, by=by, now=now)
    session.flush()
    return decision.id


def _close(session: Session, report: Report, *, by: PersonId, now: datetime) -> None:
    report.closed_at, report.closed_by = now, by
    audit.record(session, by=by, did="closed", to_kind="report", to_id=report.id, now=now)
