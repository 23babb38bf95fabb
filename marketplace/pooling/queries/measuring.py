"""What a pool looks at before and after. A member sees their own answers, and of all together averages alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.kit.days import day_of
from marketplace.pooling.models import Pool, PoolMeasure, PoolReading
from marketplace.pooling.queries.gains import Gains, gains_of
from marketplace.pooling.queries.membership import my_membership
from marketplace.pooling.rules import PoolId
from marketplace.pooling.rules import measures as rules
from marketplace.pooling.rules.measures import FEWEST_ANSWERS, Asked, Round
from marketplace.pooling.rules.nouns import MeasureId


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round of a measure: what the viewer said, and what all say together once nobody can answer any more."""

    round: Round
    is_open: bool
    mine: int | None
    average: Decimal | None
    # How many answered, where there is an average.
    answers: int | None


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One thing that a pool looks at."""

    id: MeasureId
    asked: Asked
    rounds: tuple[RoundLine, ...]
    next_opens_on: date | None

    @property
    def open_round(self) -> RoundLine | None:
        """The round that can be answered now."""
        return next((line for line in self.rounds if line.is_open), None)

    @property
    def shown(self) -> tuple[RoundLine, ...]:
        """The rounds that have an average."""
        return tuple(line for line in self.rounds if line.average is not None)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What comes of a pool, to one of its members."""

    pool_id: PoolId
    title: str
    is_champion: bool
    # Whoever helps from outside is not asked.
    is_asked: bool
    may_choose: bool
    measures: tuple[MeasureLine, ...]
    gains: Gains
    fewest: int = FEWEST_ANSWERS


@dataclass(frozen=True, slots=True)
class MeasureAsked:
    """One measure, as a member is asked for it now."""

    id: MeasureId
    pool_id: PoolId
    title: str
    asked: Asked
    # None if nobody is asked at the moment.
    open_round: Round | None
    mine: int | None


def outcomes(session: Session, *, pool_id: PoolId, viewer: Viewer, now: datetime) -> Outcomes | None:
    """Return what comes of a pool, to its members alone."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    lines = [
        _line(session, row, starts_on, viewer, today=day_of(now)) for row, starts_on in _measures(session, pool_id)
    ]
    return Outcomes(
        pool_id=pool_id,
        title=mine.pool_title,
        is_champion=mine.is_champion,
        is_asked=not mine.is_facilitator,
        may_choose=len(lines) < rules.MOST_MEASURES,
        measures=tuple(lines),
        gains=gains_of(session, pool_id=pool_id, viewer=viewer),
    )


def measure_asked(session: Session, *, measure_id: MeasureId, viewer: Viewer, now: datetime) -> MeasureAsked | None:
    """Return a measure to a member of its pool, with what they said in the round that is open."""
    row = session.execute(
        select(PoolMeasure, Pool.starts_on)
        .join(Pool, Pool.id == PoolMeasure.pool_id)
        .where(PoolMeasure.id == measure_id, PoolMeasure.removed_at.is_(None))
    ).one_or_none()
    mine = my_membership(session, pool_id=row.PoolMeasure.pool_id, viewer=viewer) if row else None
    if row is None or mine is None:
        return None
    line = _line(session, row.PoolMeasure, row.starts_on, viewer, today=day_of(now))
    opened = line.open_round if not mine.is_facilitator else None
    return MeasureAsked(
        id=line.id,
        pool_id=mine.pool_id,
        title=mine.pool_title,
        asked=line.asked,
        open_round=opened.round if opened else None,
        mine=opened.mine if opened else None,
    )


def averages_to_tell(
    session: Session, *, pool_id: PoolId, today: date
) -> tuple[tuple[str, Decimal, Decimal, int], ...]:
    """Return of each measure its name, its first and newest average, and after how many months: for a story."""
    found = []
    for row, starts_on in _measures(session, pool_id):
        begun = rules.rounds(chosen_on=day_of(row.chosen_at), starts_on=starts_on, today=today)
        averages = _averages(session, row.id, [one for one in begun if one.is_over(today)])
        if len(averages) > 1 and 0 in averages:
            newest = max(averages)
            name = rules.asked(row.measure, row.words).name
            found.append((name, averages[0][0], averages[newest][0], newest * 3))
    return tuple(found)


def _measures(session: Session, pool_id: PoolId) -> list[tuple[PoolMeasure, date | None]]:
    rows = session.execute(
        select(PoolMeasure, Pool.starts_on)
        .join(Pool, Pool.id == PoolMeasure.pool_id)
        .where(PoolMeasure.pool_id == pool_id, PoolMeasure.removed_at.is_(None))
        .order_by(PoolMeasure.chosen_at, PoolMeasure.id)
    )
    return [(row, starts_on) for row, starts_on in rows]


def _line(session: Session, row: PoolMeasure, starts_on: date | None, viewer: Viewer, *, today: date) -> MeasureLine:
    chosen_on = day_of(row.chosen_at)
    begun = rules.rounds(chosen_on=chosen_on, starts_on=starts_on, today=today)
    mine = _own(session, row.id, viewer.person_id)
    averages = _averages(session, row.id, [one for one in begun if one.is_over(today)])
    return MeasureLine(
        id=row.id,
        asked=rules.asked(row.measure, row.words),
        rounds=tuple(
            RoundLine(
                round=one,
                is_open=one.is_open(today),
                mine=mine.get(one.number),
                average=averages[one.number][0] if one.number in averages else None,
                answers=averages[one.number][1] if one.number in averages else None,
            )
            for one in begun
        ),
        next_opens_on=rules.next_opens_on(chosen_on=chosen_on, starts_on=starts_on, today=today),
    )


def _own(session: Session, measure_id: MeasureId, person_id: PersonId | None) -> dict[int, int]:
    rows = session.execute(
        select(PoolReading.round, PoolReading.value).where(
            PoolReading.measure_id == measure_id, PoolReading.person_id == person_id
        )
    )
    return {number: int(value) for number, value in rows}


def _averages(session: Session, measure_id: MeasureId, over: Sequence[Round]) -> dict[int, tuple[Decimal, int]]:
    """Return the averages of rounds that are over, from three answers up. Fewer never leave the database."""
    rows = session.execute(
        select(PoolReading.round, func.sum(PoolReading.value), func.count())
        .where(PoolReading.measure_id == measure_id, PoolReading.round.in_([one.number for one in over]))
        .group_by(PoolReading.round)
        .having(func.count() >= FEWEST_ANSWERS)
    )
    found = {}
    for number, total, answers in rows:
        average = rules.average(total=Decimal(total), answers=answers)
        if average is not None:
            found[number] = (average, answers)
    return found
