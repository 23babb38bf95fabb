"""What the members of a pool look at before and after: choosing it, and what each says, which stays their own."""

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.pooling.models import Pool, PoolMeasure, PoolReading
from marketplace.pooling.rules import PoolId
from marketplace.pooling.rules import measures as rules
from marketplace.pooling.rules.measures import Round
from marketplace.pooling.rules.nouns import Measure, MeasureId, MemberRole
from marketplace.pooling.services.joining import the_champion, the_member
from marketplace.pooling.services.locking import PoolNotFoundError, locked


class MeasureUnclearError(WrongAnswerError):
    """We could not take that as it stands."""


class MeasureThereError(DomainError):
    """The pool looks at that already, or at as much as it can."""


class RoundOverError(DomainError):
    """Nobody can answer at the moment."""


class NotAskedError(NotAllowedError):
    """Whoever helps from outside is not asked."""


def choose_measure(
    session: Session, *, pool_id: PoolId, by: PersonId, measure: Measure, words: str, now: datetime
) -> MeasureId:
    """
    Look at something before and after, for any member of a pool.

    :raises PoolNotFoundError: if `by` does not belong to it.
    :raises MeasureUnclearError: if it is to be in their own words and those will not do.
    :raises MeasureThereError: if it is looked at already, or there are enough.
    """
    locked(session, pool_id=pool_id)
    the_member(session, pool_id=pool_id, person_id=by)
    words = text.tidy_line(words) if measure is Measure.OWN else ""
    problem = rules.words_problem(words) if measure is Measure.OWN else None
    if problem:
        raise MeasureUnclearError(problem, field="words")
    there = session.scalars(
        select(PoolMeasure).where(PoolMeasure.pool_id == pool_id, PoolMeasure.removed_at.is_(None))
    ).all()
    if any((one.measure, one.words.casefold()) == (measure, words.casefold()) for one in there):
        raise MeasureThereError("You look at that already.")
    if len(there) >= rules.MOST_MEASURES:
        raise MeasureThereError(
            worded(
                "You look at {most_measures} things already. Take one away first.", most_measures=rules.MOST_MEASURES
            )
        )
    row = PoolMeasure(id=MeasureId(uuid.uuid4()), pool_id=pool_id, measure=measure, words=words, chosen_at=now)
    session.add(row)
    session.flush()
    audit.record(session, by=by, did="chose a measure for", to_kind="pool", to_id=pool_id, now=now)
    return row.id


def remove_measure(session: Session, *, measure_id: MeasureId, by: PersonId, now: datetime) -> None:
    """
    Look at something no more, for a champion. What was said about it is kept from view with it.

    :raises PoolNotFoundError: if there is no such measure, or `by` does not belong to the pool.
    :raises NotChampionError: if they are no champion.
    """
    row = _measure(session, measure_id)
    the_champion(session, pool_id=row.pool_id, person_id=by)
    row.removed_at = now
    session.flush()
    audit.record(session, by=by, did="took a measure away from", to_kind="pool", to_id=row.pool_id, now=now)


def say_reading(session: Session, *, measure_id: MeasureId, by: PersonId, value: int | None, now: datetime) -> None:
    """
    Answer a measure in the round that is open, or answer it anew. The others never see it.

    :raises PoolNotFoundError: if there is no such measure, or `by` does not belong to the pool.
    :raises NotAskedError: if they help from outside.
    :raises RoundOverError: if no round is open.
    :raises MeasureUnclearError: if the answer will not do.
    """
    row = _measure(session, measure_id)
    opened = _open_round(session, row, by=by, now=now)
    problem = rules.value_problem(value, is_scale=rules.asked(row.measure, row.words).is_scale)
    if problem or value is None:
        raise MeasureUnclearError(problem or "", field="value")
    reading = _reading(session, row, opened, by=by)
    if reading is None:
        reading = PoolReading(measure_id=row.id, person_id=by, round=opened.number)
        session.add(reading)
    reading.value, reading.said_on = Decimal(value), day_of(now)
    session.flush()


def take_back_reading(session: Session, *, measure_id: MeasureId, by: PersonId, now: datetime) -> None:
    """
    Take back what one has answered, while the round is open. Whoever has not answered takes nothing back.

    :raises PoolNotFoundError, NotAskedError, RoundOverError: as `say_reading`.
    """
    row = _measure(session, measure_id)
    reading = _reading(session, row, _open_round(session, row, by=by, now=now), by=by)
    if reading is not None:
        session.delete(reading)
        session.flush()


def _measure(session: Session, measure_id: MeasureId) -> PoolMeasure:
    row = session.get(PoolMeasure, measure_id)
    if row is None or row.removed_at is not None:
        raise PoolNotFoundError("We could not find that.")
    return row


def _open_round(session: Session, row: PoolMeasure, *, by: PersonId, now: datetime) -> Round:
    if the_member(session, pool_id=row.pool_id, person_id=by).role is MemberRole.FACILITATOR:
        raise NotAskedError("Those who help from outside are not asked.")
    starts_on = session.scalar(select(Pool.starts_on).where(Pool.id == row.pool_id))
    today = day_of(now)
    begun = rules.rounds(chosen_on=day_of(row.chosen_at), starts_on=starts_on, today=today)
    opened = next((one for one in begun if one.is_open(today)), None)
    if opened is None:
        raise RoundOverError("This is not asked at the moment. The page says when it is asked again.")
    return opened


def _reading(session: Session, row: PoolMeasure, opened: Round, *, by: PersonId) -> PoolReading | None:
    return session.scalars(
        select(PoolReading).where(
            PoolReading.measure_id == row.id, PoolReading.person_id == by, PoolReading.round == opened.number
        )
    ).one_or_none()
