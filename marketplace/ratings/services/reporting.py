"""Reports about reviews and replies get the clock of what a screen stops. What is reported stays shown meanwhile."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kit import audit
from marketplace.moderation.queries import ReportLine, reports_about
from marketplace.moderation.rules import ReportReason, SubjectKind
from marketplace.ratings.models import Addition, Reply, Review, Screening
from marketplace.ratings.rules.nouns import Ground, ReviewId, ReviewStatus, Screened, ScreeningId, ScreeningOutcome
from marketplace.ratings.rules.screening import read_by

_KINDS = {SubjectKind.REVIEW: Screened.REVIEW, SubjectKind.REPLY: Screened.REPLY}


def take_up_reports(session: Session, *, now: datetime) -> int:
    """Start the clock of what was reported, and stop it where the reports are closed; return how many were taken up."""
    reports = reports_about(session, kinds=tuple(_KINDS))
    reported = {(_KINDS[report.subject_kind], report.subject_id) for report in reports}
    waiting = _waiting(session)
    for subject, screening in waiting.items():
        if subject not in reported and _is_shown(session, *subject):
            screening.outcome, screening.decided_at = ScreeningOutcome.SHOWN, now
    taken = 0
    for report in reports:
        subject = (_KINDS[report.subject_kind], report.subject_id)
        review_id = _review_of(session, *subject)
        # What is gone with its writer needs nobody's judgement.
        if subject not in waiting and review_id is not None:
            waiting[subject] = _opened(review_id, *subject, report)
            session.add(waiting[subject])
            audit.record(session, by=None, did="took up", to_kind="report", to_id=report.id, now=now)
            taken += 1
    session.flush()
    return taken


def _opened(review_id: ReviewId, kind: Screened, subject_id: uuid.UUID, report: ReportLine) -> Screening:
    suspected = (Ground.SAFEGUARDING,) if report.reason is ReportReason.UNSAFE else ()
    return Screening(
        id=ScreeningId(uuid.uuid4()),
        review_id=review_id,
        subject_kind=kind,
        subject_id=subject_id,
        suspected=[str(ground) for ground in suspected],
        opened_at=report.at,
        due_at=read_by(suspected, since=report.at),
    )


def _waiting(session: Session) -> dict[tuple[Screened, uuid.UUID], Screening]:
    found = session.scalars(select(Screening).where(Screening.decided_at.is_(None)).with_for_update())
    return {(one.subject_kind, one.subject_id): one for one in found}


def _is_shown(session: Session, kind: Screened, subject_id: uuid.UUID) -> bool:
    asked = {
        Screened.REVIEW: select(Review.status).where(Review.id == subject_id),
        Screened.REPLY: select(Reply.status).where(Reply.id == subject_id),
        Screened.ADDITION: select(Addition.status).where(Addition.id == subject_id),
    }[kind]
    return session.scalar(asked) is ReviewStatus.SHOWN


def _review_of(session: Session, kind: Screened, subject_id: uuid.UUID) -> ReviewId | None:
    if kind is Screened.REPLY:
        return session.scalar(select(Reply.review_id).where(Reply.id == subject_id))
    return session.scalar(select(Review.id).where(Review.id == subject_id))
