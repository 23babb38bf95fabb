"""What a helper is to do for a person: either of the two writes it down, and either says that it is done."""

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.queries.delegations import may_help
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services import take_turns
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import HelpTask
from marketplace.brokerage.rules import helping as rules
from marketplace.brokerage.rules.nouns import TaskId
from marketplace.kit import text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded


class TaskNotFoundError(NotFoundError):
    """There is no such task, it is between two others, or the consent between the two is over."""


class TaskUnclearError(WrongAnswerError):
    """Words are missing or too long, or the day is no day for it."""


class TooManyTasksError(DomainError):
    """More than anybody would look through."""


def add_task(
    session: Session,
    *,
    person_id: PersonId,
    helper_id: PersonId,
    words: str,
    due_on: date | None,
    by: PersonId,
    now: datetime,
) -> TaskId:
    """
    Write down what a helper is to do for a person, as one of the two.

    :raises TaskNotFoundError: if `by` is neither, or the person does not let the helper do anything today.
    :raises TaskUnclearError: if words are missing or too long, or the day is over or more than a year away.
    :raises TooManyTasksError: if fifty are not done.
    """
    words, today = text.tidy_line(words), day_of(now)
    _check_between(session, person_id=person_id, helper_id=helper_id, by=by, on=today)
    if problem := rules.task_problem(words, due_on=due_on, today=today):
        raise TaskUnclearError(problem[1], field=problem[0])
    take_turns(session, person_id=person_id)
    to_do = session.scalars(
        select(HelpTask).where(
            HelpTask.person_id == person_id, HelpTask.helper_id == helper_id, HelpTask.done_at.is_(None)
        )
    ).all()
    # Pressed twice, it is written down once.
    for known in to_do:
        if (known.words, known.due_on) == (words, due_on):
            return known.id
    if len(to_do) >= rules.MOST_TASKS:
        raise TooManyTasksError(
            worded(
                "{most_tasks} things are not done yet. Tick some off, or put two together.", most_tasks=rules.MOST_TASKS
            )
        )
    task = HelpTask(
        id=TaskId(uuid.uuid4()),
        person_id=person_id,
        helper_id=helper_id,
        words=words,
        due_on=due_on,
        made_by=by,
        made_at=now,
    )
    session.add(task)
    session.flush()
    note_act(session, person_id=person_id, by=by, did=_WROTE, to_kind="help_task", to_id=helper_id, now=now)
    return task.id


def finish_task(session: Session, *, task_id: TaskId, by: PersonId, now: datetime) -> PersonId:
    """
    Say that a task is done, as one of the two, and return who the other is. Saying it twice changes nothing.

    :raises TaskNotFoundError: if it is between two others, or the consent is over.
    """
    task = session.get(HelpTask, task_id, with_for_update=True)
    if task is None:
        raise TaskNotFoundError("We could not find that task.")
    _check_between(session, person_id=task.person_id, helper_id=task.helper_id, by=by, on=day_of(now))
    other_id = task.person_id if by == task.helper_id else task.helper_id
    if task.done_at is not None:
        return other_id
    task.done_at, task.done_by = now, by
    session.flush()
    note_act(
        session, person_id=task.person_id, by=by, did=_DONE, to_kind="help_task", to_id=task.helper_id, now=now
    )  # fmt: skip
    return other_id


_WROTE = "wrote down something to do for you"
_DONE = "did something that was on the list of what to do for you"


def _check_between(session: Session, *, person_id: PersonId, helper_id: PersonId, by: PersonId, on: date) -> None:
    if by not in {person_id, helper_id} or not may_help(session, person_id=person_id, helper_id=helper_id, on=on):
        raise TaskNotFoundError("We could not find that, or the consent it belongs to has ended.")
