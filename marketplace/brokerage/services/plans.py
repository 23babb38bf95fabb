"""What can happen to support plans. One public function per thing a person can do."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.brokerage.models import Plan, PlanLine, PlanPart
from marketplace.brokerage.rules import plans as rules
from marketplace.brokerage.rules.nouns import CostedBy, HowOften, LineId, OutcomeId, Part, PlanId
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.uniqueness import repeats


class LineNotFoundError(NotFoundError):
    """There is no such line in this person's plan."""


class PlanFullError(DomainError):
    """A plan longer than anyone would read."""


def write_plan(session: Session, *, by: PersonId, parts: Mapping[Part, str], now: datetime) -> None:
    """Write the parts of one's own plan, beginning it if there is none."""
    plan = _my_plan(session, by=by, now=now)
    for part, words in parts.items():
        it = session.get(PlanPart, (plan.id, part))
        if it is None:
            session.add(PlanPart(plan_id=plan.id, part=part, words=words, edition=1, written_by=by, written_at=now))
        elif it.words != words:
            it.words, it.edition, it.written_by, it.written_at = words, it.edition + 1, by, now
    plan.updated_at = now


def add_line(
    session: Session, *, by: PersonId, outcome_id: OutcomeId, wish: str, what_would_help: str, now: datetime
) -> LineId:
    """
    Add something one wants to one's own plan.

    :raises PlanFullError: if the plan has as many lines as it may.
    """
    plan = _my_plan(session, by=by, now=now)
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
    plan.updated_at = now
    session.flush()
    return line.id


def change_line(
    session: Session,
    *,
    line_id: LineId,
    by: PersonId,
    outcome_id: OutcomeId,
    wish: str,
    what_would_help: str,
    now: datetime,
) -> None:
    """
    Change a line of one's own plan.

    :raises LineNotFoundError: if there is no such line in this person's plan.
    """
    plan = _my_plan(session, by=by, now=now)
    line = session.scalars(select(PlanLine).where(PlanLine.id == line_id, PlanLine.plan_id == plan.id)).one_or_none()
    if line is None:
        raise LineNotFoundError("That line is not in your plan any more.")
    line.outcome_id, line.wish, line.what_would_help = outcome_id, wish, what_would_help
    plan.updated_at = now


def remove_line(session: Session, *, line_id: LineId, by: PersonId, now: datetime) -> None:
    """
    Take a line out of one's own plan.

    :raises LineNotFoundError: if there is no such line in this person's plan.
    """
    plan = _my_plan(session, by=by, now=now)
    gone = session.scalars(
        delete(PlanLine).where(PlanLine.id == line_id, PlanLine.plan_id == plan.id).returning(PlanLine.id)
    ).all()
    if not gone:
        raise LineNotFoundError("That line is not in your plan any more.")
    plan.updated_at = now


def _my_plan(session: Session, *, by: PersonId, now: datetime) -> Plan:
    mine = select(Plan).where(Plan.person_id == by).with_for_update()
    plan = session.scalars(mine).one_or_none()
    if plan is not None:
        return plan
    plan = Plan(id=PlanId(uuid.uuid4()), person_id=by, updated_at=now)
    try:
        with session.begin_nested():
            session.add(plan)
    except IntegrityError as error:
        if not repeats(error, constraint="uq_plan_person_id", columns=("plan.person_id",)):
            raise
        # Begun in another tab at this very moment: that is the plan.
        return session.scalars(mine).one()
    return plan
