"""Questions about support plans. Every one takes the viewer and filters in SQL."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.brokerage.models import Plan, PlanLine, PlanPart
from marketplace.brokerage.rules.nouns import LineId, OutcomeId, Part


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a person wants, and what would help."""

    id: LineId
    outcome_id: OutcomeId
    wish: str
    what_would_help: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A person's own plan. One that was never begun has no `updated_at`."""

    parts: dict[Part, str]
    lines: tuple[Line, ...]
    updated_at: datetime | None


def my_plan(session: Session, *, viewer: Viewer) -> PlanPage:
    """Return the viewer's own plan, and nobody else's."""
    plan = session.scalars(select(Plan).where(Plan.person_id == viewer.person_id)).one_or_none()
    if plan is None:
        return PlanPage(parts=dict.fromkeys(Part, ""), lines=(), updated_at=None)
    written = session.execute(select(PlanPart.part, PlanPart.words).where(PlanPart.plan_id == plan.id))
    words = {row.part: row.words for row in written}
    lines = session.scalars(select(PlanLine).where(PlanLine.plan_id == plan.id).order_by(PlanLine.position))
    return PlanPage(
        parts={part: words.get(part, "") for part in Part},
        lines=tuple(Line(line.id, line.outcome_id, line.wish, line.what_would_help) for line in lines),
        updated_at=plan.updated_at,
    )


def my_line(session: Session, *, viewer: Viewer, line_id: LineId) -> Line | None:
    """Return one line of the viewer's own plan."""
    line = session.scalars(
        select(PlanLine)
        .join(Plan, Plan.id == PlanLine.plan_id)
        .where(Plan.person_id == viewer.person_id, PlanLine.id == line_id)
    ).one_or_none()
    return None if line is None else Line(line.id, line.outcome_id, line.wish, line.what_would_help)
