"""Keeping a pool from view while a moderator looks at what it says."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit.errors import DomainError
from marketplace.moderation import services as moderation
from marketplace.moderation.rules import Outcome, SubjectKind
from marketplace.pooling.rules import PoolId
from marketplace.pooling.services.pledging import locked


class PoolHeldError(DomainError):
    """The pool is kept from view already."""


class PoolNotHeldError(DomainError):
    """The pool is in view."""


def hold_pool(session: Session, *, pool_id: PoolId, by: PersonId, reason: str, now: datetime) -> None:
    """
    Keep a pool from view. The people in it stay in and can still leave; nobody else can join meanwhile.

    :raises PoolNotFoundError: if there is no such pool.
    :raises PoolHeldError: if it is held already.
    :raises ReasonMissingError: if there is no reason.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    if pool.held_at is not None:
        raise PoolHeldError("This pool is held already.")
    pool.held_at = now
    _decide(session, pool_id, Outcome.HELD, by=by, reason=reason, now=now)


def release_pool(session: Session, *, pool_id: PoolId, by: PersonId, reason: str, now: datetime) -> None:
    """
    Show a held pool again.

    :raises PoolNotFoundError: if there is no such pool.
    :raises PoolNotHeldError: if it is not held.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    if pool.held_at is None:
        raise PoolNotHeldError("This pool is in view already.")
    pool.held_at = None
    _decide(session, pool_id, Outcome.RELEASED, by=by, reason=reason, now=now)


def _decide(session: Session, pool_id: PoolId, outcome: Outcome, *, by: PersonId, reason: str, now: datetime) -> None:
    moderation.record_decision(
        session,
        subject_kind=SubjectKind.POOL,
        subject_id=pool_id,
        outcome=outcome,
        reason=reason,
        by=by,
        now=now,
    )
