"""What do moderators read of a brief that was reported? Its words, and never whose it is."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.brokerage.models import Brief
from marketplace.brokerage.queries.briefs import Wanted, wanted_in
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus
from marketplace.catalogue.models import Category
from marketplace.moderation.models import Report
from marketplace.moderation.queries import latest_decisions
from marketplace.moderation.rules import SubjectKind


@dataclass(frozen=True, slots=True)
class ReportedBrief:
    """A brief that was reported or is held."""

    id: BriefId
    wanted: Wanted
    held_at: datetime | None


def reported_brief(session: Session, *, brief_id: BriefId, viewer: Viewer) -> ReportedBrief | None:
    """Return a brief that was reported, or is held, to a moderator who has no part in it."""
    if not viewer.may(Permission.MODERATE):
        return None
    row = session.execute(
        select(Brief, Category.name.label("category_name"))
        .join(Category, Category.slug == Brief.category)
        .where(
            Brief.id == brief_id,
            Brief.person_id != viewer.person_id,
            Brief.status.in_([BriefStatus.OPEN, BriefStatus.CLOSED]),
            _is_reported(),
        )
    ).one_or_none()
    if row is None:
        return None
    wanted = wanted_in(session, row.Brief, category_name=row.category_name, with_unanswered=True)
    return ReportedBrief(row.Brief.id, wanted, row.Brief.held_at)


def reported_brief_titles(session: Session, *, brief_ids: Sequence[uuid.UUID], viewer: Viewer) -> dict[uuid.UUID, str]:
    """Return what reported briefs are called, to a moderator."""
    if not viewer.may(Permission.MODERATE):
        return {}
    rows = session.execute(select(Brief.id, Brief.title).where(Brief.id.in_(brief_ids), _is_reported()))
    return {row.id: row.title for row in rows}


def _is_reported() -> ColumnElement[bool]:
    reported = select(Report.subject_id).where(Report.subject_kind == SubjectKind.BRIEF)
    return or_(Brief.held_at.is_not(None), Brief.id.in_(reported))


def hold_reason(session: Session, *, brief_id: BriefId) -> str:
    """Return why a brief is held. For those who may see it: callers have asked that."""
    decision = latest_decisions(session, subject_kind=SubjectKind.BRIEF, subject_ids=[brief_id]).get(brief_id)
    return decision.reason if decision else ""
