"""Opening a pool on an offer."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services import take_turns
from marketplace.catalogue.rules import OfferId
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.pooling import queries, rules
from marketplace.pooling.models import Pool, PoolTier
from marketplace.pooling.queries import GroupOffer
from marketplace.pooling.rules import NewPool, PoolId, PoolStatus
from marketplace.pooling.services.pledging import OwnOfferError, add_pledge


class OfferNotFoundError(NotFoundError):
    """There is no such offer, or nobody can see it."""


class PoolTitleError(WrongAnswerError):
    """The pool has no name, or too long a one."""

    field = "title"


class PoolPurposeError(WrongAnswerError):
    """The purpose says nothing, or too much."""

    field = "purpose"


class PoolSizeError(WrongAnswerError):
    """The number of people does not reach a group price, or is out of bounds."""

    field = "minimum_people"


class PoolQuantityError(WrongAnswerError):
    """What each person would get is out of bounds."""

    field = "quantity"


class PoolDeadlineError(WrongAnswerError):
    """The pool would be open for too short or too long a time."""

    field = "days"


class PoolStartError(WrongAnswerError):
    """What is bought would begin too early or too late."""

    field = "starts_on"


class AlreadyOpenError(DomainError):
    """The person has a pool open on that offer already."""


def open_pool(
    session: Session,
    *,
    offer_id: OfferId,
    by: PersonId,
    wanted: NewPool,
    now: datetime,
) -> PoolId:
    """
    Open a pool on an offer at its group price of today, with whoever opens it as the first one in.

    :raises OfferNotFoundError: if there is no such offer, or nobody can see it.
    :raises OwnOfferError: if this person speaks for the provider.
    :raises PoolTitleError: if the title is missing or too long.
    :raises PoolPurposeError: if the purpose is missing or too long.
    :raises PoolSizeError: if so many people have no group price.
    :raises PoolQuantityError: if the amount for each person is out of bounds.
    :raises PoolDeadlineError: if the pool would be open for too short or too long a time.
    :raises PoolStartError: if it would start too early or too late.
    :raises AlreadyOpenError: if this person has a pool open on this offer.
    """
    offer = _offer_to_share(session, offer_id=offer_id, by=by, now=now)
    title, purpose = text.tidy_line(wanted.title), text.tidy(wanted.purpose)
    _refuse(PoolTitleError, rules.title_problem(title))
    _refuse(PoolPurposeError, rules.purpose_problem(purpose))
    problem = rules.size_problem(minimum_people=wanted.minimum_people, people_from=offer.people_from)
    price = offer.group_price(wanted.minimum_people)
    if problem or price is None or offer.price_alone is None or offer.unit is None:
        raise PoolSizeError(problem or "This offer has no price for so many people.")
    _refuse(PoolQuantityError, rules.quantity_problem(wanted.quantity))
    _refuse(PoolDeadlineError, rules.deadline_problem(wanted.days))
    closes_at = rules.closing_moment(opened_at=now, days=wanted.days)
    _refuse(PoolStartError, rules.start_problem(closes_at=closes_at, starts_on=wanted.starts_on))
    take_turns(session, person_id=by)
    if _has_one_open(session, by=by, offer_id=offer_id, now=now):
        raise AlreadyOpenError("You have a pool open on this offer already. Close it before you open another.")
    pool = Pool(
        id=PoolId(uuid.uuid4()),
        offer_id=offer_id,
        opened_by=by,
        title=title,
        purpose=purpose,
        minimum_people=wanted.minimum_people,
        unit_price=price,
        price_alone=offer.price_alone,
        unit=offer.unit,
        quantity=wanted.quantity,
        starts_on=wanted.starts_on,
        council=accounts.council_of(session, person_id=by),
        category=offer.category,
        status=PoolStatus.OPEN,
        opened_at=now,
        closes_at=closes_at,
    )
    session.add(pool)
    session.flush()
    session.add_all(
        PoolTier(pool_id=pool.id, counted_from=step.people_from, unit_price=step.amount) for step in offer.group_prices
    )
    session.flush()
    audit.record(session, by=by, did="opened", to_kind="pool", to_id=pool.id, now=now)
    # Alone they cannot reach the minimum, which is two or more: it is not met yet.
    add_pledge(session, pool=pool, person_id=by, now=now)
    return pool.id


def _offer_to_share(session: Session, *, offer_id: OfferId, by: PersonId, now: datetime) -> GroupOffer:
    offer = queries.group_offer(session, offer_id=offer_id, on=day_of(now))
    if offer is None:
        raise OfferNotFoundError("We could not find that offer.")
    if accounts.speaks_for(session, person_id=by, organisation_id=offer.organisation_id):
        raise OwnOfferError("This is your own offer, so you cannot open a pool on it. Other people can.")
    if offer.organisation_id is None:
        raise PoolSizeError("Nobody answers for this offer here, so there is nothing to club together for.")
    return offer


def _refuse(kind: type[WrongAnswerError], problem: str | None) -> None:
    if problem:
        raise kind(problem)


def _has_one_open(session: Session, *, by: PersonId, offer_id: OfferId, now: datetime) -> bool:
    found = session.scalars(
        select(Pool.id).where(
            Pool.opened_by == by,
            Pool.offer_id == offer_id,
            Pool.status == PoolStatus.OPEN,
            Pool.closes_at > now,
        )
    ).first()
    return found is not None
