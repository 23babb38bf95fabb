"""Who helps, in the person's own words: named in the plan, in one of the five circles. Nobody is written to."""

import uuid
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Plan, Supporter
from marketplace.brokerage.rules import helping as rules
from marketplace.brokerage.rules.nouns import Circle, PlanId, SupporterId
from marketplace.brokerage.services.plans import plan_to_write
from marketplace.kit import text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded


class SupporterUnclearError(WrongAnswerError):
    """They have no name, or what is said of them is too long."""


class TooManySupportersError(DomainError):
    """More than a plan has room for."""


class SupporterNotFoundError(NotFoundError):
    """They are not named in the plan any more."""


def add_supporter(
    session: Session, *, plan_id: PlanId, circle: Circle, called: str, how: str, by: PersonId, now: datetime
) -> SupporterId:
    """
    Name somebody who helps, in a plan that one may write in.

    :raises PlanNotFoundError: if one may not.
    :raises SupporterUnclearError: if they have no name, or the words are too long.
    :raises TooManySupportersError: if sixty are named.
    """
    called, how = text.tidy_line(called), text.tidy_line(how)
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    if problem := rules.supporter_problem(called=called, how=how):
        raise SupporterUnclearError(problem[1], field=problem[0])
    named = session.scalars(select(Supporter).where(Supporter.plan_id == plan.id)).all()
    # Pressed twice, they are named once.
    for known in named:
        if (known.circle, known.called, known.how) == (circle, called, how):
            return known.id
    if len(named) >= rules.MOST_SUPPORTERS:
        raise TooManySupportersError(
            worded(
                "A plan has room for {most_supporters} people. Take one out first.",
                most_supporters=rules.MOST_SUPPORTERS,
            )
        )
    it = Supporter(
        id=SupporterId(uuid.uuid4()), plan_id=plan.id, circle=circle, called=called, how=how, added_by=by
    )  # fmt: skip
    session.add(it)
    _changed(session, plan, did="named somebody who helps, in your plan", by=by, now=now)
    return it.id


def remove_supporter(
    session: Session, *, plan_id: PlanId, supporter_id: SupporterId, by: PersonId, now: datetime
) -> None:
    """
    Take somebody who helps out of a plan that one may write in.

    :raises PlanNotFoundError: if one may not.
    :raises SupporterNotFoundError: if they are not named in it.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    gone = session.scalars(
        delete(Supporter).where(Supporter.id == supporter_id, Supporter.plan_id == plan.id).returning(Supporter.id)
    ).all()
    if not gone:
        raise SupporterNotFoundError("They are not named in this plan any more.")
    _changed(session, plan, did="took somebody who helps out of your plan", by=by, now=now)


def _changed(session: Session, plan: Plan, *, did: str, by: PersonId, now: datetime) -> None:
    plan.updated_at = now
    session.flush()
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
