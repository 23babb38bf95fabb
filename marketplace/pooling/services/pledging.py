"""Pledging to a pool, changing a pledge, and taking it back. The money is promised the moment it is pledged."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.budgets.rules import Purpose, StreamId, TransferId
from marketplace.budgets.services import promising
from marketplace.budgets.services.backing import locked_backing
from marketplace.catalogue.rules import OfferStatus
from marketplace.kit import audit
from marketplace.kit.errors import DomainError, NotAllowedError, WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.payments.queries import payments
from marketplace.pooling import rules
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.queries.membership import member_people
from marketplace.pooling.queries.pledging import ladder_from, selling_of
from marketplace.pooling.rules import PledgeId, PoolId, PoolStatus, known
from marketplace.pooling.rules.nouns import MemberRole, PledgePart
from marketplace.pooling.rules.pledging import Ladder, NewPledge, amount_problem, price_problem, shares_problem
from marketplace.pooling.rules.pools import GOES_AHEAD, SETTLING
from marketplace.pooling.services import joining, tipping
from marketplace.pooling.services.locking import PoolNotFoundError, locked
from marketplace.purchasing.rules.nouns import PayBy


class PoolClosedError(DomainError):
    """The pool can no longer be joined, left or closed."""


class AlreadyInError(DomainError):
    """The person has pledged to the pool."""


class NotInError(DomainError):
    """The person has not pledged to the pool."""


class OwnOfferError(NotAllowedError):
    """Whoever provides something does not also buy it."""


class FacilitatorError(DomainError):
    """Whoever helps from outside does not also buy."""


class OfferGoneError(DomainError):
    """The provider no longer offers what the pool is for."""


class PledgeAmountError(WrongAnswerError):
    """The least or the most will not do. `field` says which."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


class PledgePriceError(WrongAnswerError):
    """The pool can never be as cheap as this."""

    field = "most_price"


class PledgeSharesError(WrongAnswerError):
    """The budgets that would pay do not pay just what the pledge can come to."""

    field = "first"


class PledgeRouteError(WrongAnswerError):
    """The provider cannot be paid in that way."""

    field = "pay_by"


def pledge_to_pool(
    session: Session,
    *,
    pool_id: PoolId,
    by: PersonId,
    wanted: NewPledge,
    called: str,
    now: datetime,
) -> PoolStatus:
    """
    Let a person pledge to a pool, and return where the pool stands then.

    What it can come to at worst is promised in the ledger, if budgets here pay. Nothing is paid. Whoever has not
    belonged to the pool does so now. If there is nothing left to wait for, the pool closes at the best step it reaches;
    `settling` takes it from there.

    :raises PoolNotFoundError: if there is no such pool, or it is kept from view.
    :raises PoolClosedError: if nobody can pledge to it yet, or any more.
    :raises OfferGoneError: if the provider no longer offers this.
    :raises OwnOfferError: if this person speaks for the provider.
    :raises FacilitatorError: if this person helps the pool from outside.
    :raises AlreadyInError: if this person has pledged already.
    :raises PledgeAmountError, PledgePriceError, PledgeRouteError, PledgeSharesError: if an answer will not do.
    :raises StreamNotFoundError, BudgetClosedError, NotEnoughLeftError: as `promising.promise`.
    :raises CalledError: if what the others would call them is too long.
    """
    pool = locked(session, pool_id=pool_id)
    _refuse_if_closed(pool, now=now)
    organisation_id = _who_provides(session, pool, by=by)
    pledges = _live_pledges(session, pool_id=pool_id)
    if any(one.person_id == by for one in pledges):
        raise AlreadyInError("You are in this pool already. You can change what you have pledged.")
    ladder = ladder_from(session, pool)
    at_worst = _at_worst(session, ladder, wanted=wanted, organisation_id=organisation_id)
    _join(session, pool, by=by, called=called, now=now)
    pledge = Pledge(
        id=PledgeId(uuid.uuid4()),
        pool_id=pool_id,
        person_id=by,
        least=wanted.least,
        most=wanted.most,
        most_price=wanted.most_price,
        pay_by=wanted.pay_by,
        at_worst=at_worst,
        part=PledgePart.WAITING,
        pledged_at=now,
    )
    session.add(pledge)
    audit.record(session, by=by, did="pledged", to_kind="pool", to_id=pool_id, now=now)
    session.flush()
    _promise(session, pledge, wanted=wanted, title=pool.title, step="pledged", now=now)
    tipping.tip_if_nothing_to_wait_for(
        session, pool=pool, pledges=[*pledges, pledge], steps=ladder.steps, now=now, by=by
    )
    return pool.status


def change_pledge(
    session: Session,
    *,
    pool_id: PoolId,
    by: PersonId,
    wanted: NewPledge,
    called: str,
    now: datetime,
) -> PoolStatus:
    """
    Pledge more or less, at another price, or from other money, and return where the pool stands then.

    The promise in the ledger follows. Their place among the pledges stays: nobody is pushed back by thinking again.

    :raises NotInError: if this person has not pledged.
    :raises DomainError: else as `pledge_to_pool`.
    """
    pool = locked(session, pool_id=pool_id)
    _refuse_if_closed(pool, now=now)
    organisation_id = _who_provides(session, pool, by=by)
    pledges = _live_pledges(session, pool_id=pool_id)
    pledge = next((one for one in pledges if one.person_id == by), None)
    if pledge is None:
        raise NotInError("You are not in this pool, so there is nothing to change.")
    ladder = ladder_from(session, pool)
    pledge.at_worst = _at_worst(session, ladder, wanted=wanted, organisation_id=organisation_id)
    pledge.least, pledge.most, pledge.most_price = wanted.least, wanted.most, wanted.most_price
    pledge.pay_by = wanted.pay_by
    session.flush()
    _join(session, pool, by=by, called=called, now=now)
    shares = {stream_id: amount for stream_id, amount in wanted.shares.items() if amount != ZERO}
    if shares != _set_aside(session, pledge):
        _release(session, pledge, step=f"changed {now.isoformat()}", by=by, now=now)
        _promise(
            session,
            pledge,
            wanted=wanted,
            title=pool.title,
            step=f"pledged {now.isoformat()}",
            now=now,
        )
    audit.record(session, by=by, did="changed a pledge", to_kind="pool", to_id=pool_id, now=now)
    tipping.tip_if_nothing_to_wait_for(session, pool=pool, pledges=pledges, steps=ladder.steps, now=now, by=by)
    return pool.status


def price_pledge(wanted: NewPledge, *, ladder: Ladder) -> Money:
    """
    Return what a pledge can come to at worst, in all weeks together. Changes nothing.

    :raises PledgeAmountError, PledgePriceError: if it can never be included.
    """
    amount = amount_problem(wanted, ladder=ladder)
    if amount is not None:
        raise PledgeAmountError(amount[1], field=amount[0])
    price = price_problem(wanted, ladder=ladder)
    if price is not None:
        raise PledgePriceError(price)
    # A price that will do is one at which it can be included.
    return known(ladder.at_worst(wanted))


def leave_pool(session: Session, *, pool_id: PoolId, by: PersonId, now: datetime) -> None:
    """
    Let a person leave a pool that is still open, or finding people. It costs nothing: what was promised is free again.

    The last one out closes the pool.

    :raises PoolNotFoundError: if there is no such pool, or it is kept from view and this person is not in it.
    :raises PoolClosedError: if the pool is past its last day, or no longer open.
    :raises NotInError: if this person is not in the pool.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    pledge = _live_pledge(session, pool_id=pool_id, by=by)
    belongs = by in member_people(session, pool_id=pool_id)
    is_draft = pool.status is PoolStatus.DRAFT
    if pledge is None and not belongs and (is_draft or pool.held_at is not None):
        raise PoolNotFoundError("We could not find that pool.")
    if not is_draft and not rules.accepts_pledges(status=pool.status, closes_at=known(pool.closes_at), now=now):
        raise PoolClosedError(_why_no_leaving(pool))
    if pledge is None and not belongs:
        raise NotInError("You are not in this pool, so there is nothing to leave.")
    if pledge is not None:
        _take_back(session, pledge, by=by, now=now)
    joining.leave_membership(session, pool_id=pool_id, person_id=by, now=now)
    if not members(session, pool_id=pool_id) and not member_people(session, pool_id=pool_id, with_facilitators=False):
        # A pool with nobody in it is only noise for people who look for one.
        pool.status, pool.closed_at = rules.next_status(status=pool.status, wanted=PoolStatus.WITHDRAWN), now
        session.flush()


def _take_back(session: Session, pledge: Pledge, *, by: PersonId | None, now: datetime) -> None:
    """Let a pledge bind nobody any more, and free what was promised for it. The pool is locked."""
    pledge.part, pledge.withdrawn_at = PledgePart.RELEASED, max(now, pledge.pledged_at)
    pledge.quantity = pledge.amount = pledge.remind_at = None
    session.flush()
    _release(session, pledge, step="taken back", by=by, now=now)
    audit.record(
        session,
        by=by,
        did="took back a pledge",
        to_kind="pool",
        to_id=pledge.pool_id,
        about=pledge.person_id,
        now=now,
    )


def _live_pledges(session: Session, *, pool_id: PoolId) -> list[Pledge]:
    """Return the pledges to a pool that were not taken back, the earliest first, for services. Never for a page."""
    return list(
        session.scalars(
            select(Pledge)
            .where(Pledge.pool_id == pool_id, Pledge.withdrawn_at.is_(None))
            .order_by(Pledge.pledged_at, Pledge.id)
        )
    )


def _live_pledge(session: Session, *, pool_id: PoolId, by: PersonId) -> Pledge | None:
    """Return somebody's pledge to a pool that they have not taken back, for services. Never for a page."""
    return session.scalars(
        select(Pledge).where(Pledge.pool_id == pool_id, Pledge.person_id == by, Pledge.withdrawn_at.is_(None))
    ).one_or_none()


def members(session: Session, *, pool_id: PoolId) -> list[PersonId]:
    """Return who has pledged, for services that act for each of them. No page and no other package asks this."""
    return list(
        session.scalars(
            select(Pledge.person_id)
            .where(Pledge.pool_id == pool_id, Pledge.withdrawn_at.is_(None))
            .order_by(Pledge.pledged_at, Pledge.id)
        )
    )


def _purpose_of(pledge: Pledge) -> Purpose:
    """Return what money is promised for in the ledger while nothing is arranged yet: the pledge itself."""
    return Purpose(pledge.id)


def _refuse_if_closed(pool: Pool, *, now: datetime) -> None:
    if pool.status is PoolStatus.DRAFT:
        raise PoolClosedError("This pool is still finding people, so there is nothing to pledge yet.")
    if not rules.accepts_pledges(status=pool.status, closes_at=known(pool.closes_at), now=now):
        raise PoolClosedError(_why_closed(pool))


def _who_provides(session: Session, pool: Pool, *, by: PersonId) -> OrganisationId | None:
    selling = selling_of(session, offer_id=known(pool.offer_id), person_id=by)
    if selling is None or selling.status is not OfferStatus.LIVE:
        raise OfferGoneError("The provider no longer offers this, so this pool cannot take more people.")
    if selling.is_own:
        raise OwnOfferError("This is your own offer, so you cannot join a pool on it.")
    return selling.organisation_id


def _at_worst(session: Session, ladder: Ladder, *, wanted: NewPledge, organisation_id: OrganisationId | None) -> Money:
    """Return what a pledge can come to at worst, once every answer will do."""
    at_worst = price_pledge(wanted, ladder=ladder)
    shares = shares_problem(wanted, at_worst=at_worst)
    if shares is not None:
        raise PledgeSharesError(shares)
    if wanted.pay_by is PayBy.CARD and not payments.takes_cards(session, organisation_id=known(organisation_id)):
        raise PledgeRouteError("This provider cannot be paid by card here now. Choose another way to pay.")
    return at_worst


def _join(session: Session, pool: Pool, *, by: PersonId, called: str, now: datetime) -> None:
    if joining.belong(session, pool, by=by, called=called, now=now).role is MemberRole.FACILITATOR:
        raise FacilitatorError("You help this pool from outside, so you buy nothing in it.")


def _promise(session: Session, pledge: Pledge, *, wanted: NewPledge, title: str, step: str, now: datetime) -> None:
    promising.promise(
        session,
        by=pledge.person_id,
        purpose=_purpose_of(pledge),
        shares=wanted.shares,
        what=worded("Pool: {title}", title=title),
        key=_key(pledge, step),
        now=now,
    )


def _set_aside(session: Session, pledge: Pledge) -> dict[StreamId, Money]:
    behind = locked_backing(session, purpose=_purpose_of(pledge))
    return {one.stream_id: one.promised for one in behind if one.promised != ZERO}


def _release(session: Session, pledge: Pledge, *, step: str, by: PersonId | None, now: datetime) -> None:
    promising.release(session, purpose=_purpose_of(pledge), amount=None, key=_key(pledge, step), now=now, by=by)


def _key(pledge: Pledge, step: str) -> TransferId:
    return TransferId(uuid.uuid5(pledge.id, step))


def _why_closed(pool: Pool) -> str:
    if pool.status in SETTLING:
        return "This pool is getting ready to go, so nobody else can join, and nothing can be changed now."
    if pool.status in GOES_AHEAD:
        return "This pool has all the people it needed and is going ahead, so nobody else can join."
    if pool.status is PoolStatus.WITHDRAWN:
        return "This pool has been closed, so nobody else can join."
    return worded(
        "The last day to join was {last_day}, so this pool has ended.",
        last_day=day(rules.last_day(known(pool.closes_at))),
    )


def _why_no_leaving(pool: Pool) -> str:
    if pool.status in GOES_AHEAD:
        return "This pool is going ahead, so you have an arrangement now. You can cancel it under your arrangements."
    if pool.status in SETTLING:
        return "This pool is getting ready to go. You can leave it on its own page."
    return "This pool has ended, so there is nothing to leave. You pay nothing."
