"""What can happen to the lines of a plan: what somebody wants, and what would help."""

import uuid
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Plan, PlanLine
from marketplace.brokerage.rules import plans as rules
from marketplace.brokerage.rules.nouns import CostedBy, HowOften, LineId, OutcomeId, PlanId
from marketplace.brokerage.services.plans import plan_to_write
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError


class LineNotFoundError(NotFoundError):
    """There is no such line in this plan."""


class PlanFullError(DomainError):
    """A plan longer than anyone would read."""


def add_line(
    session: Session,
    *,
    plan_id: PlanId,
    by: PersonId,
    outcome_id: OutcomeId,
    wish: str,
    what_would_help: str,
    now: datetime,
) -> LineId:
    """
    Add something that a person wants to their plan.

    :raises PlanNotFoundError: if they may not write in it today.
    :raises PlanFullError: if the plan has as many lines as it may.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    last, lines = session.execute(
        select(func.coalesce(func.max(PlanLine.position), 0), func.count()).where(PlanLine.plan_id == plan.id)
    ).one()
    if not rules.room_for_another(lines=lines):
        raise PlanFullError(f"A plan has room for {rules.MOST_LINES} lines. Take one out, or put two together.")
    line = PlanLine(
        id=LineId(uuid.uuid4()),
        plan_id=plan.id,
        position=last + 1,
        outcome_id=outcome_id,
        wish=wish,
        what_would_help=what_would_help,
        costed_by=CostedBy.NOTHING_YET,
        quantity=1,
        how_often=HowOften.ONCE,
        weeks=1,
        added_by=by,
    )
    session.add(line)
    _changed(session, plan, by=by, did="added something you want to your plan", now=now)
    session.flush()
    return line.id


def change_line(
    session: Session,
    *,
    plan_id: PlanId,
    line_id: LineId,
    by: PersonId,
    outcome_id: OutcomeId,
    wish: str,
    what_would_help: str,
    now: datetime,
) -> None:
    """
    Change a line of a plan.

    :raises PlanNotFoundError: if they may not write in it today.
    :raises LineNotFoundError: if there is no such line in it.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    line = session.scalars(select(PlanLine).where(PlanLine.id == line_id, PlanLine.plan_id == plan.id)).one_or_none()
    if line is None:
        raise LineNotFoundError("That line is not in the plan any more.")
    line.outcome_id, line.wish, line.what_would_help = outcome_id, wish, what_would_help
    _changed(session, plan, by=by, did="changed something you want in your plan", now=now)


def remove_line(session: Session, *, plan_id: PlanId, line_id: LineId, by: PersonId, now: datetime) -> None:
    """
    Take a line out of a plan.

    :raises PlanNotFoundError: if they may not write in it today.
    :raises LineNotFoundError: if there is no such line in it.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    gone = session.scalars(
        delete(PlanLine).where(PlanLine.id == line_id, PlanLine.plan_id == plan.id).returning(PlanLine.id)
    ).all()
    if not gone:
        raise LineNotFoundError("That line is not in the plan any more.")
    _changed(session, plan, by=by, did="took something out of your plan", now=now)


def _changed(session: Session, plan: Plan, *, by: PersonId, did: str, now: datetime) -> None:
    plan.updated_at = now
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
