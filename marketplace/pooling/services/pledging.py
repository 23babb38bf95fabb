"""Joining a pool, which may make it met, and leaving it again."""

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.rules import PersonId
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import OfferTerms
from marketplace.catalogue.rules import OfferStatus
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError
from marketplace.kit.said import day
from marketplace.pooling import rules
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules import PledgeId, PoolId, PoolStatus, known
from marketplace.pooling.services import letters
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import PoolNotFoundError, locked
from marketplace.purchasing import services as purchasing


class PoolClosedError(DomainError):
    """The pool can no longer be joined, left or closed."""


class AlreadyInError(DomainError):
    """The person is in the pool."""


class NotInError(DomainError):
    """The person is not in the pool."""


class OwnOfferError(NotAllowedError):
    """Whoever provides something does not also buy it."""


class OfferGoneError(DomainError):
    """The provider no longer offers what the pool is for."""


def pledge_to_pool(
    session: Session, *, pool_id: PoolId, by: PersonId, address: PoolAddress, now: datetime
) -> PoolStatus:
    """
    Let a person join a pool, and return where the pool stands then.

    Whoever makes up the minimum closes the pool as met, in this transaction: everybody in it gets an arrangement of
    their own at the group price of the day it was opened, and a letter. So does the provider.

    :raises PoolNotFoundError: if there is no such pool, or it is kept from view.
    :raises PoolClosedError: if the pool is over, or its last day has passed.
    :raises OfferGoneError: if the provider no longer offers this.
    :raises OwnOfferError: if this person speaks for the provider.
    :raises AlreadyInError: if this person is in the pool already.
    """
    pool = locked(session, pool_id=pool_id)
    if not rules.accepts_pledges(status=pool.status, closes_at=known(pool.closes_at), now=now):
        raise PoolClosedError(_why_closed(pool))
    terms = catalogue.offer_terms(
        session, offer_id=known(pool.offer_id), on=day_of(now), people=known(pool.minimum_people)
    )
    if terms is None or terms.status is not OfferStatus.LIVE:
        raise OfferGoneError("The provider no longer offers this, so this pool cannot take more people.")
    if accounts.speaks_for(session, person_id=by, organisation_id=terms.organisation_id):
        raise OwnOfferError("This is your own offer, so you cannot join a pool on it.")
    add_pledge(session, pool=pool, person_id=by, now=now)
    people = members(session, pool_id=pool.id)
    if rules.is_met(people=len(people), minimum_people=known(pool.minimum_people)):
        _close_as_met(session, pool=pool, people=people, terms=terms, address=address, now=now)
        audit.record(session, by=by, did="met", to_kind="pool", to_id=pool.id, now=now)
    return pool.status


def leave_pool(session: Session, *, pool_id: PoolId, by: PersonId, now: datetime) -> None:
    """
    Let a person leave a pool that is still forming. It costs nothing. The last one out closes the pool.

    :raises PoolNotFoundError: if there is no such pool, or it is kept from view and this person is not in it.
    :raises PoolClosedError: if the pool is over, or its last day has passed.
    :raises NotInError: if this person is not in the pool.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    pledge = session.scalars(
        select(Pledge).where(Pledge.pool_id == pool_id, Pledge.person_id == by, Pledge.withdrawn_at.is_(None))
    ).one_or_none()
    if pledge is None and pool.held_at is not None:
        raise PoolNotFoundError("We could not find that pool.")
    if not rules.accepts_pledges(status=pool.status, closes_at=known(pool.closes_at), now=now):
        raise PoolClosedError(_why_no_leaving(pool))
    if pledge is None:
        raise NotInError("You are not in this pool, so there is nothing to leave.")
    pledge.withdrawn_at = now
    session.flush()
    if not members(session, pool_id=pool_id):
        # A pool with nobody in it is only noise for people who look for one.
        pool.status, pool.closed_at = rules.next_status(status=pool.status, wanted=PoolStatus.WITHDRAWN), now
        session.flush()


def members(session: Session, *, pool_id: PoolId) -> list[PersonId]:
    """Return who is in a pool, for services that act for each of them. No page and no other package asks this."""
    return list(
        session.scalars(
            select(Pledge.person_id)
            .where(Pledge.pool_id == pool_id, Pledge.withdrawn_at.is_(None))
            .order_by(Pledge.pledged_at, Pledge.id)
        )
    )


def add_pledge(session: Session, *, pool: Pool, person_id: PersonId, now: datetime) -> PledgeId:
    """
    Put a person into a pool whose row the caller holds.

    :raises AlreadyInError: if they are in it already.
    """
    # Nobody else can add one meanwhile: they would wait for the pool's row.
    if person_id in members(session, pool_id=pool.id):
        raise AlreadyInError("You are in this pool already.")
    quantity, price = known(pool.quantity), known(pool.unit_price)
    pledge = Pledge(
        id=PledgeId(uuid.uuid4()),
        pool_id=pool.id,
        person_id=person_id,
        least=quantity,
        most=quantity,
        most_price=price,
        at_worst=price * quantity * pool.weeks,
        pledged_at=now,
    )
    session.add(pledge)
    session.flush()
    return pledge.id


def _close_as_met(
    session: Session, *, pool: Pool, people: list[PersonId], terms: OfferTerms, address: PoolAddress, now: datetime
) -> None:
    pool.status, pool.closed_at = rules.next_status(status=pool.status, wanted=PoolStatus.TIPPING), now
    pool.status, pool.confirmed_at = rules.next_status(status=pool.status, wanted=PoolStatus.CONFIRMED), now
    # Whatever the provider asks today, people get what they were told when they joined.
    terms = replace(terms, unit=pool.unit)
    for person_id in people:
        purchasing.make_arrangement_for_pool(
            session,
            terms=terms,
            unit_price=known(pool.unit_price),
            quantity=known(pool.quantity),
            person_id=person_id,
            pool_key=pool.id,
            what=f"From the pool “{pool.title}”.",
            starts_on=known(pool.starts_on),
            now=now,
        )
    letters.tell_members_it_is_met(session, pool=pool, people=people, address=address, now=now)
    letters.tell_provider_it_is_met(
        session, pool=pool, organisation_id=terms.organisation_id, people=len(people), address=address, now=now
    )
    session.flush()


def _why_closed(pool: Pool) -> str:
    if pool.status is PoolStatus.CONFIRMED:
        return "This pool has all the people it needed and is going ahead, so nobody else can join."
    if pool.status is PoolStatus.WITHDRAWN:
        return "This pool has been closed, so nobody else can join."
    return f"The last day to join was {day(rules.last_day(known(pool.closes_at)))}, so this pool has ended."


def _why_no_leaving(pool: Pool) -> str:
    if pool.status is PoolStatus.CONFIRMED:
        return "This pool is going ahead, so you have an arrangement now. You can cancel it under your arrangements."
    return "This pool has ended, so there is nothing to leave. You pay nothing."
