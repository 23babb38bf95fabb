"""Whom does the viewer help, and what is there to do for them? Nobody is found who has not consented."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.queries.delegations import (
    LiveConsent,
    delegated_to,
    may_help,
    people_helped,
)
from marketplace.accounts.rules import PersonId, Scope, Viewer
from marketplace.brokerage.models import Brief, BriefQuestion, HelpTask, Plan, PlanReview
from marketplace.brokerage.queries.looking import may_look
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, PlanId, ReviewId, TaskId

_SOON = timedelta(days=28)
"""How long before its day a review of a plan is on the list."""

_MOST_TASKS = 100
_RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Task:
    """Something a helper is to do for a person."""

    id: TaskId
    words: str
    due_on: date | None
    is_late: bool
    made_by_viewer: bool
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """A day on which a person looks at their plan again."""

    id: ReviewId
    due_on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class BriefToDo:
    """A brief of a person that is not over, and what waits in it."""

    id: BriefId
    title: str
    status: BriefStatus
    closes_at: datetime | None
    questions: int
    may_look: bool


@dataclass(frozen=True, slots=True)
class Helped:
    """One person whom the viewer helps, with everything there is to do that they are allowed to know of."""

    person_id: PersonId
    name: str
    consents: tuple[LiveConsent, ...]
    plan_id: PlanId | None
    may_write: bool
    tasks: tuple[Task, ...]
    reviews: tuple[ReviewDue, ...]
    briefs: tuple[BriefToDo, ...]

    @property
    def may_ask(self) -> bool:
        """Whether the viewer may ask for quotes for them."""
        return any(Scope.ASK_FOR_QUOTES in consent.scopes for consent in self.consents)

    @property
    def has_nothing_to_do(self) -> bool:
        """Whether nothing waits."""
        return not (self.tasks or self.reviews or self.briefs)


@dataclass(frozen=True, slots=True)
class Between:
    """What one of two is to do for the other, as either of them sees it."""

    other_id: PersonId
    other: str
    viewer_helps: bool
    to_do: tuple[Task, ...]
    done: tuple[Task, ...]


def worklist(session: Session, *, viewer: Viewer, on: date) -> tuple[Helped, ...]:
    """Return everybody who lets the viewer do something today, with what there is to do. As many queries for all."""
    consents: dict[PersonId, tuple[LiveConsent, ...]] = {}
    for consent in people_helped(session, viewer=viewer, on=on):
        consents[consent.person_id] = (*consents.get(consent.person_id, ()), consent)
    plans = _plans(session, viewer, on=on)
    writable = set(session.scalars(delegated_to(viewer, Scope.WRITE_PLAN, on=on)))
    tasks = _tasks_for(session, viewer, consents, on=on)
    reviews = _reviews(session, viewer, on=on)
    briefs = _briefs(session, viewer, on=on)
    return tuple(
        Helped(
            person_id=person_id,
            name=those[0].name,
            consents=those,
            plan_id=plans.get(person_id),
            may_write=person_id in writable,
            tasks=tasks.get(person_id, ()),
            reviews=reviews.get(person_id, ()),
            briefs=briefs.get(person_id, ()),
        )
        for person_id, those in consents.items()
    )


def between(session: Session, *, other_id: PersonId, viewer: Viewer, on: date) -> tuple[Between, ...]:
    """Return what the viewer does for somebody, and what they do for the viewer, while consent lives."""
    if viewer.person_id is None:
        return ()
    other = session.scalars(select(Person.name).where(Person.id == other_id)).one_or_none() or ""
    ways = [
        (viewer_helps, person_id, helper_id)
        for viewer_helps, person_id, helper_id in (
            (True, other_id, viewer.person_id),
            (False, viewer.person_id, other_id),
        )
        if may_help(session, person_id=person_id, helper_id=helper_id, on=on)
    ]
    return tuple(
        _between(session, viewer, other=(other_id, other), way=way, on=on) for way in ways
    )  # fmt: skip


def _between(
    session: Session,
    viewer: Viewer,
    *,
    other: tuple[PersonId, str],
    way: tuple[bool, PersonId, PersonId],
    on: date,
) -> Between:
    viewer_helps, person_id, helper_id = way
    rows = session.scalars(
        select(HelpTask)
        .where(HelpTask.person_id == person_id, HelpTask.helper_id == helper_id)
        .order_by(HelpTask.due_on.is_(None), HelpTask.due_on, HelpTask.made_at, HelpTask.id)
        .limit(_MOST_TASKS)
    ).all()
    tasks = [_task(it, viewer, on=on) for it in rows]
    done = [it for it in tasks if it.done_at is not None]
    return Between(
        other_id=other[0],
        other=other[1],
        viewer_helps=viewer_helps,
        to_do=tuple(it for it in tasks if it.done_at is None),
        done=tuple(sorted(done, key=lambda it: str(it.done_at), reverse=True)),
    )


def _task(it: HelpTask, viewer: Viewer, *, on: date) -> Task:
    return Task(
        id=it.id,
        words=it.words,
        due_on=it.due_on,
        is_late=it.done_at is None and it.due_on is not None and it.due_on < on,
        made_by_viewer=it.made_by == viewer.person_id,
        done_at=it.done_at,
    )


def _plans(session: Session, viewer: Viewer, *, on: date) -> dict[PersonId, PlanId]:
    may_see = delegated_to(viewer, Scope.SEE_PLAN, on=on)
    rows = session.execute(select(Plan.person_id, Plan.id).where(Plan.person_id.in_(may_see)))
    return {row.person_id: row.id for row in rows}


def _tasks_for(
    session: Session, viewer: Viewer, people: Collection[PersonId], *, on: date
) -> dict[PersonId, tuple[Task, ...]]:
    rows = session.scalars(
        select(HelpTask)
        .where(HelpTask.helper_id == viewer.person_id, HelpTask.person_id.in_(people), HelpTask.done_at.is_(None))
        .order_by(HelpTask.due_on.is_(None), HelpTask.due_on, HelpTask.made_at, HelpTask.id)
    )
    found: dict[PersonId, tuple[Task, ...]] = {}
    for it in rows:
        found[it.person_id] = (*found.get(it.person_id, ()), _task(it, viewer, on=on))
    return found


def _reviews(session: Session, viewer: Viewer, *, on: date) -> dict[PersonId, tuple[ReviewDue, ...]]:
    rows = session.execute(
        select(PlanReview.id, PlanReview.due_on, Plan.person_id)
        .join(Plan, Plan.id == PlanReview.plan_id)
        .where(
            Plan.person_id.in_(delegated_to(viewer, Scope.SEE_PLAN, on=on)),
            PlanReview.held_on.is_(None),
            PlanReview.due_on <= on + _SOON,
        )
        .order_by(PlanReview.due_on, PlanReview.id)
    )
    found: dict[PersonId, tuple[ReviewDue, ...]] = {}
    for row in rows:
        due = ReviewDue(row.id, row.due_on, is_late=row.due_on < on)
        found[row.person_id] = (*found.get(row.person_id, ()), due)
    return found


def _briefs(session: Session, viewer: Viewer, *, on: date) -> dict[PersonId, tuple[BriefToDo, ...]]:
    unanswered = (
        select(func.count())
        .where(BriefQuestion.brief_id == Brief.id, BriefQuestion.answered_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Brief.id,
            Brief.person_id,
            Brief.title,
            Brief.status,
            Brief.closes_at,
            unanswered.label("questions"),
            may_look(viewer, on=on).label("may_look"),
        )
        .where(
            Brief.person_id.in_(delegated_to(viewer, Scope.ASK_FOR_QUOTES, on=on)),
            Brief.pool_key.is_(None),
            Brief.status.in_((BriefStatus.DRAFT, BriefStatus.OPEN, BriefStatus.CLOSED)),
        )
        .order_by(Brief.closes_at.is_(None), Brief.closes_at, Brief.began_at, Brief.id)
    )
    found: dict[PersonId, tuple[BriefToDo, ...]] = {}
    for row in rows:
        questions = row.questions if row.status is BriefStatus.OPEN else 0
        brief = BriefToDo(row.id, row.title, row.status, row.closes_at, questions, may_look=bool(row.may_look))
        found[row.person_id] = (*found.get(row.person_id, ()), brief)
    return found
