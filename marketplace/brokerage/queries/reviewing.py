"""When is a plan looked at again, and how has life been? Every question about a person takes the viewer."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import Viewer
from marketplace.brokerage.models import Plan, PlanReading, PlanReview
from marketplace.brokerage.queries.plans import seen_by
from marketplace.brokerage.rules.lasting import REMINDED_BEFORE, reminder_due
from marketplace.brokerage.rules.marks import mark_of
from marketplace.brokerage.rules.nouns import OutcomeId, PlanId, ReviewId

_OLDEST = timedelta(days=60)
"""A day that passed so long ago is not written about any more."""


@dataclass(frozen=True, slots=True)
class Review:
    """A day to look at a plan again: to come, or held with what came of it."""

    id: ReviewId
    due_on: date
    held_on: date | None
    worked: str
    not_worked: str
    next: str
    writer: str

    @property
    def mark(self) -> str:
        """What a form carries of it, to notice who writes at the same time."""
        return mark_of(self.held_on, self.worked, self.not_worked, self.next)


@dataclass(frozen=True, slots=True)
class Series:
    """How life has been in one outcome, the earliest first."""

    outcome_id: OutcomeId
    readings: tuple[tuple[date, int], ...]

    @property
    def last(self) -> int:
        """How it was when last said."""
        return self.readings[-1][1]

    def points(self) -> list[dict[str, object]]:
        """Return the points of a chart: how far through the time, how high, and the figure."""
        first, last = self.readings[0][0], self.readings[-1][0]
        days = max((last - first).days, 1)
        return [{"across": (on - first).days / days, "up": score / 10, "words": score} for on, score in self.readings]


def reviews_of(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date) -> tuple[Review, ...]:
    """Return the days to look at a plan again that the viewer may see: those to come first, then the latest held."""
    rows = session.execute(
        select(PlanReview, Person.name)
        .join(Plan, Plan.id == PlanReview.plan_id)
        .join(Person, Person.id == PlanReview.written_by, isouter=True)
        .where(Plan.id == plan_id, seen_by(viewer, on=on))
    )
    found = [Review(it.id, it.due_on, it.held_on, it.worked, it.not_worked, it.next, name or "") for it, name in rows]
    to_come = sorted((it for it in found if it.held_on is None), key=lambda it: it.due_on)
    held = sorted((it for it in found if it.held_on is not None), key=lambda it: it.held_on or it.due_on, reverse=True)
    return (*to_come, *held)


def readings_of(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date) -> tuple[Series, ...]:
    """Return how life has been in each outcome of a plan that the viewer may see."""
    rows = session.execute(
        select(PlanReading.outcome_id, PlanReading.read_on, PlanReading.score)
        .join(Plan, Plan.id == PlanReading.plan_id)
        .where(Plan.id == plan_id, seen_by(viewer, on=on))
        .order_by(PlanReading.outcome_id, PlanReading.read_on)
    )
    found: dict[OutcomeId, tuple[tuple[date, int], ...]] = {}
    for outcome_id, read_on, score in rows:
        found[outcome_id] = (*found.get(outcome_id, ()), (read_on, score))
    return tuple(Series(outcome_id, readings) for outcome_id, readings in found.items())


def reviews_to_remind(session: Session, *, today: date, limit: int) -> tuple[ReviewId, ...]:
    """Return the days about which a letter may be due. For the job that writes it."""
    rows = session.execute(
        select(PlanReview.id, PlanReview.due_on, PlanReview.told_at)
        .where(
            PlanReview.held_on.is_(None),
            PlanReview.due_on <= today + REMINDED_BEFORE,
            or_(PlanReview.due_on >= today - _OLDEST, PlanReview.told_at.is_(None)),
        )
        .order_by(PlanReview.due_on, PlanReview.id)
    )
    due = (row.id for row in rows if reminder_due(due_on=row.due_on, told_at=row.told_at, today=today) is not None)
    return tuple(due)[:limit]
