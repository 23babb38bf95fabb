"""Keeping a pool from view while a moderator looks at what it says, and showing it again."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import PersonId
from marketplace.catalogue.queries import offer_terms
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError
from marketplace.moderation import services as moderation
from marketplace.moderation.rules import Outcome, SubjectKind
from marketplace.pooling.models import Pool
from marketplace.pooling.queries.membership import member_people
from marketplace.pooling.rules import PoolId
from marketplace.pooling.services import letters
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked
from marketplace.pooling.services.pledging import members


class PoolHeldError(DomainError):
    """The pool is kept from view already."""


class PoolNotHeldError(DomainError):
    """The pool is in view."""


class OwnPoolDecisionError(NotAllowedError):
    """Nobody decides about a pool they opened, are in, or provide for."""


def hold_pool(
    session: Session, *, pool_id: PoolId, by: PersonId, reason: str, address: PoolAddress, now: datetime
) -> None:
    """
    Keep a pool from view, and tell whoever opened it. Those in it stay in and can leave; nobody can join meanwhile.

    :raises PoolNotFoundError: if there is no such pool.
    :raises OwnPoolDecisionError: if `by` opened it, is in it, or speaks for the provider.
    :raises PoolHeldError: if it is held already.
    :raises ReasonMissingError: if there is no reason.
    """
    pool = _to_decide(session, pool_id=pool_id, by=by, now=now)
    if pool.held_at is not None:
        raise PoolHeldError("This pool is held already.")
    pool.held_at = now
    _record(session, pool_id, Outcome.HELD, by=by, reason=reason, now=now)
    letters.tell_opener_it_is_held(session, pool=pool, address=address, now=now)


def release_pool(
    session: Session, *, pool_id: PoolId, by: PersonId, reason: str, address: PoolAddress, now: datetime
) -> None:
    """
    Show a held pool again, and tell whoever opened it.

    :raises PoolNotFoundError: if there is no such pool.
    :raises OwnPoolDecisionError: if `by` opened it, is in it, or speaks for the provider.
    :raises PoolNotHeldError: if it is not held.
    """
    pool = _to_decide(session, pool_id=pool_id, by=by, now=now)
    if pool.held_at is None:
        raise PoolNotHeldError("This pool is in view already.")
    pool.held_at = None
    _record(session, pool_id, Outcome.RELEASED, by=by, reason=reason, now=now)
    letters.tell_opener_it_is_shown_again(session, pool=pool, address=address, now=now)


def _to_decide(session: Session, *, pool_id: PoolId, by: PersonId, now: datetime) -> Pool:
    pool = locked(session, pool_id=pool_id, even_held=True)
    terms = offer_terms(session, offer_id=pool.offer_id, on=day_of(now)) if pool.offer_id else None
    provides = terms is not None and speaks_for(session, person_id=by, organisation_id=terms.organisation_id)
    people = [*members(session, pool_id=pool_id), *member_people(session, pool_id=pool_id)]
    if provides or by == pool.opened_by or by in people:
        raise OwnPoolDecisionError("You have a part in this pool, so another moderator must decide.")
    return pool


def _record(session: Session, pool_id: PoolId, outcome: Outcome, *, by: PersonId, reason: str, now: datetime) -> None:
    moderation.record_decision(
        session,
        subject_kind=SubjectKind.POOL,
        subject_id=pool_id,
        outcome=outcome,
        reason=reason,
        by=by,
        now=now,
    )
