"""Questions about the lines of a plan. Every one takes the viewer and filters in SQL."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.brokerage.models import Plan, PlanLine
from marketplace.brokerage.queries.plans import written_by
from marketplace.brokerage.rules.marks import mark_of
from marketplace.brokerage.rules.nouns import LineId, OutcomeId, PlanId


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a person wants, and what would help."""

    id: LineId
    outcome_id: OutcomeId
    wish: str
    what_would_help: str

    @property
    def mark(self) -> str:
        """What a form carries of it, to notice who writes at the same time."""
        return mark_of(self.outcome_id, self.wish, self.what_would_help)


def line_to_write(session: Session, *, plan_id: PlanId, line_id: LineId, viewer: Viewer, on: date) -> Line | None:
    """Return one line of a plan that the viewer may write in on a day."""
    line = session.scalars(
        select(PlanLine)
        .join(Plan, Plan.id == PlanLine.plan_id)
        .where(Plan.id == plan_id, PlanLine.id == line_id, written_by(viewer, on=on))
    ).one_or_none()
    return None if line is None else Line(line.id, line.outcome_id, line.wish, line.what_would_help)
