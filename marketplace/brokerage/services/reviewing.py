"""People look at their plan again on days they choose: what worked, what did not, what next, and how life is."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services import write_to_person
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Plan, PlanReading, PlanReview
from marketplace.brokerage.queries.contents import Around
from marketplace.brokerage.rules import lasting as rules
from marketplace.brokerage.rules.lasting import Reminder
from marketplace.brokerage.rules.marks import mark_of
from marketplace.brokerage.rules.nouns import OutcomeId, PlanId, ReviewId
from marketplace.brokerage.services.plans import plan_to_write
from marketplace.brokerage.services.versions import keep
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.said import day
from marketplace.kit.sentences import worded

_LETTERS = {
    Reminder.WEEK_BEFORE: ("Soon: look at your plan again", "On {day} you want to look at your plan again."),
    Reminder.ON_THE_DAY: ("Look at your plan again", "You chose {day} to look at your plan again."),
}


class ReviewNotFoundError(NotFoundError):
    """There is no such day on which to look at this plan again."""


class ReviewDayError(WrongAnswerError):
    """A day on which nobody can look at a plan again."""

    field = "due_on"


class ReviewChangedError(DomainError):
    """Somebody else has written about the same day in the meantime."""


class NothingSaidError(DomainError):
    """No number at all of how life is."""


@dataclass(frozen=True, slots=True)
class Said:
    """What came of looking at a plan again. `seen` is the mark of what its writer saw before."""

    worked: str
    not_worked: str
    next: str
    seen: str


def seen_mark(review: PlanReview) -> str:
    """Return the mark of what is written about a day on which somebody looked at a plan."""
    return mark_of(review.held_on, review.worked, review.not_worked, review.next)


def set_review(session: Session, *, plan_id: PlanId, due_on: date, by: PersonId, now: datetime) -> ReviewId:
    """
    Choose a day on which to look at a plan again. A day that is chosen already is that day.

    :raises PlanNotFoundError: if they may not write in it today.
    :raises ReviewDayError: if the day is past, or more than three years ahead, or there are too many.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    made = _set(session, plan, due_on=due_on, by=by, now=now)
    did = worded("chose {due_on} to look at your plan again", due_on=day(due_on))
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
    session.flush()
    return made


def unset_review(session: Session, *, plan_id: PlanId, review_id: ReviewId, by: PersonId, now: datetime) -> None:
    """
    Take back a day on which to look at a plan again. One on which somebody looked stays.

    :raises PlanNotFoundError: if they may not write in it today.
    :raises ReviewNotFoundError: if there is no such day, or it has been.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    review = _review(session, plan, review_id)
    if review.held_on is not None:
        raise ReviewNotFoundError("You have looked at your plan on that day already. What you wrote stays.")
    session.delete(review)
    did = worded("took back {due_on} as a day to look at your plan again", due_on=day(review.due_on))
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
    session.flush()


def hold_review(
    session: Session,
    *,
    plan_id: PlanId,
    review_id: ReviewId,
    by: PersonId,
    said: Said,
    readings: Mapping[OutcomeId, int],
    next_on: date | None,
    around: Around,
    now: datetime,
) -> None:
    """
    Write down what came of looking at a plan again, or write it anew. The plan is kept as it was then.

    :raises PlanNotFoundError: if they may not write in it today.
    :raises ReviewNotFoundError: if there is no such day.
    :raises ReviewChangedError: if somebody else wrote about it since its writer saw it.
    :raises ReviewDayError: if the next day is past or too far ahead.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    review = _review(session, plan, review_id)
    if said.seen != seen_mark(review):
        raise ReviewChangedError(
            "Somebody else wrote about this day while you were writing. What they wrote stands below. Put the two "
            "together, then save again."
        )
    if review.held_on is None:
        review.held_on = day_of(now)
        keep(session, plan, by=by, note=worded("When you looked at it on {now}", now=day(now)), around=around, now=now)
    review.worked, review.not_worked, review.next = said.worked, said.not_worked, said.next
    review.written_by = by
    _read(session, plan, readings, by=by, on=review.held_on)
    if next_on is not None:
        _set(session, plan, due_on=next_on, by=by, now=now)
    did = "wrote down what came of looking at your plan again"
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
    session.flush()


def say_readings(
    session: Session, *, plan_id: PlanId, by: PersonId, readings: Mapping[OutcomeId, int], now: datetime
) -> None:
    """
    Write down how life is today in some outcomes, from 0 to 10. Said twice on a day, the last counts.

    :raises PlanNotFoundError: if they may not write in it today.
    :raises NothingSaidError: if nothing is said of any.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    if not readings:
        raise NothingSaidError("Say at least one number from 0 to 10.")
    _read(session, plan, readings, by=by, on=day_of(now))
    did = "wrote down how life is in your plan"
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
    session.flush()


def remind(session: Session, *, review_id: ReviewId, link: Callable[[PlanId], str], now: datetime) -> bool:
    """Write to a person that a day to look at their plan is near or there; return whether a letter was due."""
    review = session.scalars(select(PlanReview).where(PlanReview.id == review_id).with_for_update()).one_or_none()
    if review is None or review.held_on is not None:
        return False
    which = rules.reminder_due(due_on=review.due_on, told_at=review.told_at, today=day_of(now))
    if which is None:
        return False
    plan = session.get_one(Plan, review.plan_id)
    subject, chose = _LETTERS[which]
    write_to_person(
        session,
        person_id=plan.person_id,
        subject=subject,
        body=worded(
            "{format} What worked, what did not, and what next? "
            "It can be short, and you can do it with somebody who helps you."
            "\n\n{link}\n\nIf the day does not suit you, choose another one there.",
            format=chose.format(day=day(review.due_on)),
            link=link(plan.id),
        ),
        now=now,
    )
    review.told_at = now
    session.flush()
    return True


def _review(session: Session, plan: Plan, review_id: ReviewId) -> PlanReview:
    review = session.scalars(
        select(PlanReview).where(PlanReview.id == review_id, PlanReview.plan_id == plan.id)
    ).one_or_none()
    if review is None:
        raise ReviewNotFoundError("That day to look at the plan again is not there any more.")
    return review


def _set(session: Session, plan: Plan, *, due_on: date, by: PersonId, now: datetime) -> ReviewId:
    today = day_of(now)
    if not rules.may_be_due(due_on, today=today):
        raise ReviewDayError("Choose today or a later day, within three years.")
    to_come = select(PlanReview).where(PlanReview.plan_id == plan.id, PlanReview.held_on.is_(None))
    known = session.scalars(to_come.where(PlanReview.due_on == due_on)).first()
    if known is not None:
        return known.id
    if session.scalars(select(func.count()).select_from(to_come.subquery())).one() >= rules.MOST_REVIEWS:
        raise ReviewDayError(
            worded(
                "{most_reviews} days are chosen already. Take one back before you choose another.",
                most_reviews=rules.MOST_REVIEWS,
            )
        )
    review = PlanReview(
        id=ReviewId(uuid.uuid4()),
        plan_id=plan.id,
        due_on=due_on,
        worked="",
        not_worked="",
        next="",
        set_by=by,
        # Chosen within the week before, nobody needs to be told that it is near.
        told_at=now if today < due_on <= today + rules.REMINDED_BEFORE else None,
    )
    session.add(review)
    session.flush()
    return review.id


def _read(session: Session, plan: Plan, readings: Mapping[OutcomeId, int], *, by: PersonId, on: date) -> None:
    for outcome_id, score in readings.items():
        it = session.get(PlanReading, (plan.id, outcome_id, on))
        if it is None:
            session.add(PlanReading(plan_id=plan.id, outcome_id=outcome_id, read_on=on, score=score, said_by=by))
        else:
            it.score, it.said_by = score, by
