"""Getting ready together: what the members say in each step, and what matters to all of them or to some."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import text
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.pooling.models import Pool, PoolCriterion, PoolCriterionVoice, PoolStep
from marketplace.pooling.queries.membership import member_roles
from marketplace.pooling.rules.membership import keeps_it_going
from marketplace.pooling.rules.nouns import CriterionId, MemberRole, PoolId, Step
from marketplace.pooling.rules.pools import OVER
from marketplace.pooling.rules.readiness import (
    MOST_CRITERIA,
    Answer,
    answer_problem,
    criterion_problem,
    kept_answers,
)
from marketplace.pooling.services.joining import the_member
from marketplace.pooling.services.locking import locked


class PoolOverError(DomainError):
    """The pool is over, and what was said stays as it is."""


class StepAnswerError(WrongAnswerError):
    """An answer is too long."""


class ChangedMeanwhileError(DomainError):
    """Another member has written to the same step since this one opened it."""


class CriterionError(WrongAnswerError):
    """What matters is not said, or at too great a length."""

    field = "words"


class TooManyCriteriaError(DomainError):
    """So much matters already that nobody would read more."""


class CriterionNotFoundError(NotFoundError):
    """There is no such thing that matters, or it was taken away."""


class FacilitatorHasNoVoiceError(DomainError):
    """What matters is for those who will be there."""


class NotYoursError(DomainError):
    """Somebody else said it."""


def say_step(
    session: Session,
    *,
    pool_id: PoolId,
    step: Step,
    by: PersonId,
    said: Mapping[str, Answer],
    is_done: bool,
    seen: datetime | None,
    now: datetime,
) -> None:
    """
    Keep what a member writes to one step, instead of what was there when they opened it (`seen`: when that was said).

    :raises PoolNotFoundError: if they are not in the pool.
    :raises PoolOverError: if the pool is over.
    :raises StepAnswerError: if an answer is too long.
    :raises ChangedMeanwhileError: if another member has written meanwhile.
    """
    _pool_going_on(session, pool_id=pool_id, by=by)
    answers = kept_answers(
        step, {name: text.tidy(word) if isinstance(word, str) else word for name, word in said.items()}
    )
    for name, answer in answers.items():
        if problem := answer_problem(answer):
            raise StepAnswerError(problem, field=name)
    row = session.get(PoolStep, (pool_id, step), populate_existing=True)
    if row is not None and row.said_at != seen and row.answers != answers:
        raise ChangedMeanwhileError(
            "Somebody else has changed this since you opened it. What they wrote is below. Put the two together, "
            "and save again."
        )
    if row is None:
        row = PoolStep(pool_id=pool_id, step=step)
        session.add(row)
    row.answers, row.said_by, row.said_at = answers, by, now
    row.done_at = (row.done_at or now) if is_done else None
    session.flush()


def add_criterion(session: Session, *, pool_id: PoolId, by: PersonId, words: str, now: datetime) -> CriterionId:
    """
    Say that something matters, with one's own voice for it.

    :raises PoolNotFoundError: if they are not in the pool.
    :raises PoolOverError: if the pool is over.
    :raises FacilitatorHasNoVoiceError: if they help from outside.
    :raises CriterionError: if it says nothing, or too much.
    :raises TooManyCriteriaError: if so much matters already that nobody would read more.
    """
    _with_a_voice(session, pool_id=pool_id, by=by)
    words = text.tidy_line(words)
    if problem := criterion_problem(words):
        raise CriterionError(problem)
    there = session.scalar(
        select(func.count())
        .select_from(PoolCriterion)
        .where(PoolCriterion.pool_id == pool_id, PoolCriterion.removed_at.is_(None))
    )
    if (there or 0) >= MOST_CRITERIA:
        raise TooManyCriteriaError(
            worded(
                "{most_criteria} things matter already. Take one away before you add another.",
                most_criteria=MOST_CRITERIA,
            )
        )
    criterion = PoolCriterion(id=CriterionId(uuid.uuid4()), pool_id=pool_id, words=words, said_by=by, said_at=now)
    session.add(criterion)
    session.flush()
    session.add(PoolCriterionVoice(criterion_id=criterion.id, person_id=by, at=now))
    session.flush()
    return criterion.id


def say_it_matters(
    session: Session, *, pool_id: PoolId, criterion_id: CriterionId, by: PersonId, matters: bool, now: datetime
) -> None:
    """
    Let a member say that something matters to them too, or does not any more. Saying it twice is saying it once.

    :raises PoolNotFoundError: if they are not in the pool.
    :raises PoolOverError: if the pool is over.
    :raises FacilitatorHasNoVoiceError: if they help from outside.
    :raises CriterionNotFoundError: if it was taken away.
    """
    _with_a_voice(session, pool_id=pool_id, by=by)
    _the_criterion(session, pool_id=pool_id, criterion_id=criterion_id)
    if not matters:
        session.execute(
            delete(PoolCriterionVoice).where(
                PoolCriterionVoice.criterion_id == criterion_id, PoolCriterionVoice.person_id == by
            )
        )
    elif session.get(PoolCriterionVoice, (criterion_id, by)) is None:
        session.add(PoolCriterionVoice(criterion_id=criterion_id, person_id=by, at=now))
    session.flush()


def remove_criterion(
    session: Session, *, pool_id: PoolId, criterion_id: CriterionId, by: PersonId, now: datetime
) -> None:
    """
    Take away something that matters: whoever said it may, and whoever keeps the pool going.

    :raises PoolNotFoundError: if they are not in the pool.
    :raises PoolOverError: if the pool is over.
    :raises CriterionNotFoundError: if it was taken away.
    :raises NotYoursError: if somebody else said it, and they are no champion.
    """
    _pool_going_on(session, pool_id=pool_id, by=by)
    criterion = _the_criterion(session, pool_id=pool_id, criterion_id=criterion_id)
    member = the_member(session, pool_id=pool_id, person_id=by)
    champion = keeps_it_going(role=member.role, roles=member_roles(session, pool_id=pool_id))
    if criterion.said_by != by and not champion:
        raise NotYoursError("Somebody else said this. A champion can take it away.")
    criterion.removed_at = now
    session.flush()


def _pool_going_on(session: Session, *, pool_id: PoolId, by: PersonId) -> Pool:
    pool = locked(session, pool_id=pool_id, even_held=True)
    the_member(session, pool_id=pool_id, person_id=by)
    if pool.status in OVER:
        raise PoolOverError("This pool is over. What you wrote stays here to read.")
    return pool


def _with_a_voice(session: Session, *, pool_id: PoolId, by: PersonId) -> None:
    _pool_going_on(session, pool_id=pool_id, by=by)
    if the_member(session, pool_id=pool_id, person_id=by).role is MemberRole.FACILITATOR:
        raise FacilitatorHasNoVoiceError("You help this pool from outside, so what matters is for its members to say.")


def _the_criterion(session: Session, *, pool_id: PoolId, criterion_id: CriterionId) -> PoolCriterion:
    criterion = session.get(PoolCriterion, criterion_id, populate_existing=True)
    if criterion is None or criterion.pool_id != pool_id or criterion.removed_at is not None:
        raise CriterionNotFoundError("We could not find that. Somebody may have taken it away.")
    return criterion
