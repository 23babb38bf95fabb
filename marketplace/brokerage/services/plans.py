"""What can happen to a plan as a whole, and to its parts in words."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.queries.delegations import may_act_for, own_or_delegated
from marketplace.accounts.rules import PersonId, Scope, Viewer
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Plan, PlanClash, PlanPart
from marketplace.brokerage.rules.nouns import ClashId, Part, PlanId
from marketplace.brokerage.rules.plans import TITLES, Written, edition_seen, left_as_seen
from marketplace.kit.days import day_of
from marketplace.kit.errors import NotFoundError
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy
from marketplace.kit.uniqueness import repeats


class PlanNotFoundError(NotFoundError):
    """There is no such plan, or none that this person may write in today."""


def plan_to_write(session: Session, *, plan_id: PlanId, by: PersonId, on: date) -> Plan:
    """
    Return a plan that somebody may write in on a day, and keep others from changing it until this is done.

    :raises PlanNotFoundError: if it is neither their own nor of somebody who lets them write in it that day.
    """
    plan = session.scalars(
        select(Plan)
        .where(Plan.id == plan_id, own_or_delegated(Plan.person_id, Viewer(person_id=by), Scope.WRITE_PLAN, on=on))
        .with_for_update(of=Plan)
    ).one_or_none()
    if plan is None:
        raise PlanNotFoundError("That plan is not there, or you may not write in it any more.")
    return plan


def begin_plan(session: Session, *, by: PersonId, now: datetime, person_id: PersonId | None = None) -> PlanId:
    """
    Begin one's own plan, or that of a person who lets one write in it. One that is there already is the answer.

    :raises PlanNotFoundError: if it would be of somebody who does not let them.
    """
    whose = person_id or by
    if not may_act_for(session, by=by, person_id=whose, scope=Scope.WRITE_PLAN, on=day_of(now)):
        raise PlanNotFoundError("You may not begin a plan for this person.")
    theirs = select(Plan.id).where(Plan.person_id == whose)
    known = session.scalars(theirs).one_or_none()
    if known is not None:
        return known
    plan = Plan(id=PlanId(uuid.uuid4()), person_id=whose, updated_at=now)
    try:
        with session.begin_nested():
            session.add(plan)
    except IntegrityError as error:
        if not repeats(error, constraint="uq_plan_person_id", columns=("plan.person_id",)):
            raise
        # Begun in another tab at this very moment: that is the plan.
        return session.scalars(theirs).one()
    note_act(session, person_id=whose, by=by, did="began your plan", to_kind="plan", to_id=plan.id, now=now)
    return plan.id


def write_part(
    session: Session, *, plan_id: PlanId, part: Part, words: str, edition: int, by: PersonId, now: datetime
) -> Written:
    """
    Write one part of a plan anew, as somebody who saw this edition of it (0: nothing was written yet).

    If another wrote in the meantime, what they wrote stays, and this is kept beside it for people to make one of both.

    :raises PlanNotFoundError: if they may not write in it today.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    # As a form sends it back: whoever leaves it as it is has then written nothing.
    words = tidy(words)
    it = session.get(PlanPart, (plan.id, part))
    if (it.words if it else "") == words:
        return Written.SAVED
    title = TITLES[part]
    if (it.edition if it else 0) != edition:
        session.add(
            PlanClash(id=ClashId(uuid.uuid4()), plan_id=plan.id, part=part, words=words, written_by=by, written_at=now)
        )
        did = worded("wrote “{title}” in your plan while it was being changed; both are kept", title=title)
        note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
        session.flush()
        return Written.CLASHED
    if it is None:
        session.add(PlanPart(plan_id=plan.id, part=part, words=words, edition=1, written_by=by, written_at=now))
    else:
        it.words, it.edition, it.written_by, it.written_at = words, it.edition + 1, by, now
    plan.updated_at = now
    did = worded("wrote “{title}” in your plan", title=title)
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
    session.flush()
    return Written.SAVED


def write_parts(
    session: Session, *, plan_id: PlanId, typed: Mapping[Part, tuple[str, str]], by: PersonId, now: datetime
) -> tuple[Part, ...]:
    """
    Write what somebody typed in several parts, each given as its words and the mark of what they saw of it.

    What they left as they saw it stays as others have written it since. Returns the parts that another was writing too.

    :raises PlanNotFoundError: if they may not write in it today.
    """
    clashed = []
    for part, (words, mark) in typed.items():
        if left_as_seen(mark, words=words):
            continue
        edition = edition_seen(mark)
        how = write_part(session, plan_id=plan_id, part=part, words=words, edition=edition, by=by, now=now)
        if how is Written.CLASHED:
            clashed.append(part)
    return tuple(clashed)
