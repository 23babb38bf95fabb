"""Questions about what two people wrote at the same time. Only those who may write the plan see it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.brokerage.models import Plan, PlanClash
from marketplace.brokerage.queries.plans import written_by
from marketplace.brokerage.rules.nouns import ClashId, Part, PlanId


@dataclass(frozen=True, slots=True)
class ClashShown:
    """What somebody wrote in a part while another was writing it."""

    id: ClashId
    part: Part
    words: str
    written_by: PersonId
    writer: str
    written_at: datetime


def clashes_of(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date) -> tuple[ClashShown, ...]:
    """Return what waits to be made one in a plan that the viewer may write in on a day, oldest first."""
    rows = session.execute(
        select(PlanClash, Person.name)
        .join(Plan, Plan.id == PlanClash.plan_id)
        .join(Person, Person.id == PlanClash.written_by)
        .where(PlanClash.plan_id == plan_id, PlanClash.resolved_at.is_(None), written_by(viewer, on=on))
        .order_by(PlanClash.written_at, PlanClash.id)
    )
    return tuple(ClashShown(it.id, it.part, it.words, it.written_by, writer, it.written_at) for it, writer in rows)
