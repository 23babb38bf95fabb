"""The rota of a pool: putting down what is to be done, taking a turn, handing it back, crossing it out."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.pooling.models import PoolTurn
from marketplace.pooling.queries.membership import member_people
from marketplace.pooling.rules import space as rules
from marketplace.pooling.rules.nouns import MemberRole, PoolId, TurnId
from marketplace.pooling.services.joining import the_member
from marketplace.pooling.services.locking import locked


class TurnUnclearError(WrongAnswerError):
    """What is to be done, or when, will not do."""


class RotaFullError(DomainError):
    """Enough lies ahead of the pool."""


class TurnNotFoundError(NotFoundError):
    """The pool has no such turn."""


class TurnTakenError(DomainError):
    """Somebody else does it."""


class TurnPastError(DomainError):
    """Its day is over."""


class NotYourTurnError(NotAllowedError):
    """Somebody else's turn, or somebody else's line."""


@dataclass(frozen=True, slots=True)
class NewTurn:
    """Something to be done on a day, and on the same day of as many weeks after it as `weeks` says, less one."""

    what: str
    held_on: date
    starts_at: time | None
    weeks: int
    is_mine: bool


def add_turns(session: Session, *, pool_id: PoolId, by: PersonId, wanted: NewTurn, now: datetime) -> int:
    """
    Put something down on the rota, and return on how many days. Sent twice in a row, it is put down once.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises TurnUnclearError: if what is to be done, its day or its weeks will not do.
    :raises RotaFullError: if too much lies ahead already.
    """
    locked(session, pool_id=pool_id, even_held=True)
    the_member(session, pool_id=pool_id, person_id=by)
    what, today = text.tidy_line(wanted.what), day_of(now)
    _refuse("what", rules.turn_problem(what))
    _refuse("held_on", rules.turn_day_problem(held_on=wanted.held_on, today=today))
    _refuse("weeks", rules.weeks_problem(wanted.weeks))
    days = rules.days_of(held_on=wanted.held_on, weeks=wanted.weeks)
    if _sent_before(session, pool_id, by=by, what=what, days=days, now=now):
        return len(days)
    ahead = session.scalar(select(func.count()).where(PoolTurn.pool_id == pool_id, PoolTurn.held_on >= today)) or 0
    if ahead + len(days) > rules.MOST_TURNS:
        raise RotaFullError(
            worded("A rota has room for {most_turns} turns ahead. Use fewer weeks.", most_turns=rules.MOST_TURNS)
        )
    for held_on in days:
        session.add(
            PoolTurn(
                id=TurnId(uuid.uuid4()),
                pool_id=pool_id,
                held_on=held_on,
                starts_at=wanted.starts_at,
                what=what,
                person_id=by if wanted.is_mine else None,
                made_by=by,
                made_at=now,
            )
        )
    session.flush()
    return len(days)


def take_turn(session: Session, *, pool_id: PoolId, turn_id: TurnId, by: PersonId, now: datetime) -> None:
    """
    Say that one will do something on the rota. Saying it twice is saying it once.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises TurnNotFoundError: if the pool has no such turn.
    :raises TurnPastError: if its day is over.
    :raises TurnTakenError: if another member does it. Whoever has left does nothing any more.
    """
    turn = _turn(session, pool_id=pool_id, turn_id=turn_id, by=by)
    if turn.held_on < day_of(now):
        raise TurnPastError("That day is over.")
    if turn.person_id not in {None, by} and turn.person_id in member_people(session, pool_id=pool_id):
        raise TurnTakenError("Somebody else has taken this turn.")
    turn.person_id = by
    session.flush()


def hand_back_turn(session: Session, *, pool_id: PoolId, turn_id: TurnId, by: PersonId) -> None:
    """
    Hand back one's own turn, so that somebody else can take it.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises TurnNotFoundError: if the pool has no such turn.
    :raises NotYourTurnError: if it is not theirs.
    """
    turn = _turn(session, pool_id=pool_id, turn_id=turn_id, by=by)
    if turn.person_id != by:
        raise NotYourTurnError("This is not your turn, so you cannot hand it back.")
    turn.person_id = None
    session.flush()


def cross_out_turn(session: Session, *, pool_id: PoolId, turn_id: TurnId, by: PersonId) -> None:
    """
    Take a turn off the rota.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises TurnNotFoundError: if the pool has no such turn.
    :raises NotYourTurnError: if `by` neither put it down nor is a champion.
    """
    member = the_member(session, pool_id=pool_id, person_id=by)
    turn = _turn(session, pool_id=pool_id, turn_id=turn_id, by=by)
    if turn.made_by != by and member.role is not MemberRole.CHAMPION:
        raise NotYourTurnError("Only whoever put it down, or a champion of the pool, can cross it out.")
    session.delete(turn)
    session.flush()


def _refuse(field: str, problem: str | None) -> None:
    if problem:
        raise TurnUnclearError(problem, field=field)


def _sent_before(
    session: Session, pool_id: PoolId, *, by: PersonId, what: str, days: Sequence[date], now: datetime
) -> bool:
    again = select(PoolTurn.id).where(
        PoolTurn.pool_id == pool_id,
        PoolTurn.made_by == by,
        PoolTurn.what == what,
        PoolTurn.held_on.in_(days),
        PoolTurn.made_at > now - rules.SAME_AGAIN,
    )
    return session.scalars(again).first() is not None


def _turn(session: Session, *, pool_id: PoolId, turn_id: TurnId, by: PersonId) -> PoolTurn:
    the_member(session, pool_id=pool_id, person_id=by)
    turn = session.get(PoolTurn, turn_id, with_for_update=True, populate_existing=True)
    if turn is None or turn.pool_id != pool_id:
        raise TurnNotFoundError("We could not find that turn. Perhaps somebody has crossed it out.")
    return turn
