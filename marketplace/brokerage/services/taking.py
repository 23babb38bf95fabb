"""Whoever helps and takes a copy of a plan away does so where its person can see it."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.rules.nouns import PlanId


def note_copy(session: Session, *, person_id: PersonId, plan_id: PlanId, by: PersonId, now: datetime) -> None:
    """Write down that somebody took a copy of a person's plan. One's own copies are one's own business."""
    did = "took away a copy of your plan"
    note_act(session, person_id=person_id, by=by, did=did, to_kind="plan", to_id=plan_id, now=now)
