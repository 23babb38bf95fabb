"""Opening a pool for pledges: a new one on an offer, or one that has found its people."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services import take_turns
from marketplace.catalogue.rules import OfferId, Unit
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.money import Money
from marketplace.pooling import rules
from marketplace.pooling.models import Pool, PoolTier
from marketplace.pooling.queries import opening as queries
from marketplace.pooling.queries.membership import member_people
from marketplace.pooling.queries.opening import GroupOffer, WholeAnswer
from marketplace.pooling.queries.wishes import organisations_within
from marketplace.pooling.rules import NewPool, PoolId, PoolStatus, pools
from marketplace.pooling.rules.nouns import Counts, MemberRole
from marketplace.pooling.rules.pledging import Ladder
from marketplace.pooling.rules.solving import Step
from marketplace.pooling.services import joining, letters
from marketplace.pooling.services.counting import count_opened
from marketplace.pooling.services.following import take_back_brief
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked
from marketplace.pooling.services.pledging import OwnOfferError, PoolClosedError
from marketplace.purchasing.rules import terms


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


class PoolRoomError(WrongAnswerError):
    """More people than there is room for, or fewer than it takes."""

    field = "most_people"


class PoolKindError(WrongAnswerError):
    """What is offered cannot be arranged so."""

    field = "kind"


class PoolWeeksError(WrongAnswerError):
    """The number of weeks will not do."""

    field = "weeks"


class PoolCountsError(WrongAnswerError):
    """The price does not go down by that."""

    field = "counts"


class SellerInsideError(DomainError):
    """A provider sees numbers only before a pool is certain, so nobody of theirs is in its own room."""


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
    Open a pool on an offer at its group prices of today. Whoever opens it belongs to it, and keeps it going.

    They have pledged nothing by that: like everybody else they see what it costs first.

    :raises OfferNotFoundError: if there is no such offer, or nobody can see it.
    :raises OwnOfferError: if this person speaks for the provider.
    :raises PoolTitleError, PoolPurposeError, PoolSizeError, PoolRoomError, PoolQuantityError: if that will not do.
    :raises PoolKindError, PoolWeeksError, PoolCountsError, PoolDeadlineError, PoolStartError: if that will not do.
    :raises AlreadyOpenError: if this person has a pool open on this offer.
    """
    offer = _offer_to_share(session, offer_id=offer_id, by=by, now=now)
    plan = _plan(offer, wanted=wanted, answer=None, now=now)
    take_turns(session, person_id=by)
    if _has_one_open(session, by=by, offer_id=offer_id, now=now):
        raise AlreadyOpenError("You have a pool open on this offer already. Close it before you open another.")
    pool = Pool(
        id=PoolId(uuid.uuid4()),
        opened_by=by,
        council=accounts.council_of(session, person_id=by),
        status=PoolStatus.OPEN,
        opened_at=now,
    )
    _set_up(session, pool, offer=offer, wanted=wanted, plan=plan)
    audit.record(session, by=by, did="opened", to_kind="pool", to_id=pool.id, now=now)
    joining.join_pool(session, pool_id=pool.id, by=by, called="", role=MemberRole.CHAMPION, now=now)
    return pool.id


def open_draft(
    session: Session,
    *,
    pool_id: PoolId,
    offer_id: OfferId,
    by: PersonId,
    wanted: NewPool,
    address: PoolAddress,
    now: datetime,
) -> None:
    """
    Open a pool that has found its people for pledges, on an offer, and tell them.

    If the provider has answered this pool's wish with a price for the whole group, everybody shares that; if not, the
    offer's own group prices hold.

    :raises PoolNotFoundError: if there is no such pool, or this person does not belong to it.
    :raises NotChampionError: if somebody else keeps it going.
    :raises PoolClosedError: if it is no draft any more.
    :raises SellerInsideError: if somebody in it speaks for the provider, or helps it from there.
    :raises DomainError: else as `open_pool`.
    """
    pool = locked(session, pool_id=pool_id)
    joining.the_champion(session, pool_id=pool_id, person_id=by)
    if pool.status is not PoolStatus.DRAFT:
        raise PoolClosedError("This pool is open already, or it is over.")
    offer = _offer_to_share(session, offer_id=offer_id, by=by, now=now)
    if offer.organisation_id in organisations_within(session, pool_id=pool_id):
        raise SellerInsideError(
            "Somebody in this pool speaks for this provider. They would see what you say to each other. "
            "Ask them to leave the pool first, or choose another offer."
        )
    answer = queries.whole_answer(session, pool_id=pool_id, offer_id=offer_id)
    plan = _plan(offer, wanted=wanted, answer=answer, now=now)
    pool.status = rules.next_status(status=pool.status, wanted=PoolStatus.OPEN)
    _set_up(session, pool, offer=offer, wanted=wanted, plan=plan)
    take_back_brief(session, pool_id=pool_id, now=now)
    count_opened(session, pool, member_people(session, pool_id=pool_id, with_facilitators=False), now=now)
    audit.record(session, by=by, did="opened for pledges", to_kind="pool", to_id=pool.id, now=now)
    people = [person_id for person_id in member_people(session, pool_id=pool_id) if person_id != by]
    letters.tell_members_it_is_open(session, pool=pool, people=people, address=address, now=now)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a pool is opened with, once every answer will do."""

    title: str
    purpose: str
    unit: Unit
    price_alone: Money | None
    ladder: Ladder
    closes_at: datetime


def _plan(offer: GroupOffer, *, wanted: NewPool, answer: WholeAnswer | None, now: datetime) -> _Plan:
    title, purpose = text.tidy_line(wanted.title), text.tidy(wanted.purpose)
    _refuse(PoolTitleError, rules.title_problem(title))
    _refuse(PoolPurposeError, rules.purpose_problem(purpose))
    unit = answer.unit if answer else offer.unit
    if unit is None:
        raise PoolSizeError("This offer has no price for groups. So nobody would pay less by clubbing together.")
    counts = Counts.PEOPLE if answer else wanted.counts
    _refuse(PoolCountsError, pools.counts_problem(counts=counts, unit=unit))
    people_from = answer.people_from if answer else offer.people_from
    _refuse(
        PoolSizeError,
        rules.size_problem(minimum_people=wanted.minimum_people, people_from=people_from, counts=counts),
    )
    can_take = answer.most_people if answer else None
    _refuse(
        PoolRoomError,
        pools.room_problem(most_people=wanted.most_people, minimum_people=wanted.minimum_people, can_take=can_take),
    )
    _refuse(PoolQuantityError, rules.quantity_problem(wanted.quantity))
    _refuse_kind(wanted, unit=unit)
    _refuse(PoolDeadlineError, rules.deadline_problem(wanted.days))
    closes_at = rules.closing_moment(opened_at=now, days=wanted.days)
    _refuse(PoolStartError, rules.start_problem(closes_at=closes_at, starts_on=wanted.starts_on))
    ladder = Ladder(
        steps=(Step(answer.people_from, None, answer.whole_price),) if answer else offer.steps,
        counts=counts,
        minimum_people=wanted.minimum_people,
        most_people=wanted.most_people or can_take,
        quantity=wanted.quantity,
        weeks=wanted.weeks,
    )
    price_alone = offer.price_alone if offer.unit is unit and offer.is_cheaper_than_alone(ladder.dearest) else None
    return _Plan(title, purpose, unit, price_alone, ladder, closes_at)


def _refuse_kind(wanted: NewPool, *, unit: Unit) -> None:
    _refuse(PoolKindError, terms.kind_problem(kind=wanted.kind, unit=unit))
    _refuse(PoolWeeksError, terms.weeks_problem(kind=wanted.kind, weeks=wanted.weeks))
    _refuse(PoolQuantityError, terms.weekly_problem(kind=wanted.kind, unit=unit, quantity=wanted.quantity))


def _set_up(session: Session, pool: Pool, *, offer: GroupOffer, wanted: NewPool, plan: _Plan) -> None:
    """Write down what everybody is told from now on: nothing of it changes while people pledge."""
    pool.title, pool.purpose = plan.title, plan.purpose
    pool.offer_id, pool.category = offer.id, offer.category
    pool.minimum_people, pool.most_people = wanted.minimum_people, plan.ladder.most_people
    pool.counts, pool.kind, pool.weeks = plan.ladder.counts, wanted.kind, wanted.weeks
    pool.unit, pool.quantity = plan.unit, wanted.quantity
    pool.unit_price, pool.price_alone = plan.ladder.dearest, plan.price_alone
    pool.starts_on, pool.closes_at = wanted.starts_on, plan.closes_at
    session.add(pool)
    session.flush()
    session.add_all(
        PoolTier(
            pool_id=pool.id,
            counted_from=step.counted_from,
            unit_price=step.unit_price,
            whole_price=step.whole_price,
        )
        for step in plan.ladder.steps
    )
    session.flush()


def _offer_to_share(session: Session, *, offer_id: OfferId, by: PersonId, now: datetime) -> GroupOffer:
    offer = queries.group_offer(session, offer_id=offer_id, on=day_of(now))
    if offer is None:
        raise OfferNotFoundError("We could not find that offer.")
    if accounts.speaks_for(session, person_id=by, organisation_id=offer.organisation_id):
        raise OwnOfferError("This is your own offer, so you cannot open a pool on it. Other people can.")
    if offer.organisation_id is None:
        raise PoolSizeError("Nobody answers for this offer here. So you cannot club together for it.")
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
