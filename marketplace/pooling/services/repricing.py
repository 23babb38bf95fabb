"""A pool that is getting ready is worked out again: what changes for whom, and who must say yes to that first."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.kit import audit
from marketplace.kit.money import Money
from marketplace.payments.services.repaying import repay_for_pool
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules.nouns import PledgeId, PledgePart
from marketplace.pooling.rules.pools import known
from marketplace.pooling.rules.solving import Solution
from marketplace.pooling.rules.tipping import AGREE_IN
from marketplace.pooling.services import settling_letters as letters
from marketplace.pooling.services.releasing import let_go
from marketplace.pooling.services.tipping import hopeful_pledges, include, price_told
from marketplace.purchasing.services import for_pools

_TOO_DEAR = "It now costs more than the most you said you would pay, since fewer people are in it."


def ask_about_dearer(session: Session, *, pool: Pool, solution: Solution, now: datetime) -> bool:
    """
    Ask everybody for whom a solution is dearer than what they were last told, and return whether anybody must say yes.

    Whoever said yes to as much already is not asked again. Never more than somebody pledged: the solution sees to that.
    """
    prices = _prices(solution)
    waits, is_new = False, False
    for pledge in _included(session, pool):
        price = prices.get(PledgeId(pledge.id))
        if price is None or price <= _accepted(pledge):
            if pledge.agreed_at is None:
                pledge.asked_price = pledge.declined_at = pledge.remind_at = None
            continue
        waits = True
        if pledge.asked_price != price:
            pledge.asked_price, pledge.agreed_at, pledge.declined_at, pledge.remind_at = price, None, None, now
            is_new = True
    if is_new:
        pool.reconsent_until = now + AGREE_IN
        audit.record(session, by=None, did="asked about a dearer price", to_kind="pool", to_id=pool.id, now=now)
    session.flush()
    return waits


def take_on(session: Session, *, pool: Pool, solution: Solution, now: datetime) -> None:
    """
    Let a solution hold that nobody must be asked about, or everybody has said yes to. The pool is locked.

    Who is not part of it waits as before. Where a card was asked already, nobody comes back: they are released.
    """
    prices = _prices(solution)
    for pledge in _included(session, pool):
        if PledgeId(pledge.id) not in prices and pledge.arrangement_id is not None:
            repaid = let_go(session, pledge=pledge, by=None, now=now)
            letters.tell_of_going_on_without(
                session, pool=pool, person_id=pledge.person_id, why=_TOO_DEAR, repaid=repaid, now=now
            )
    include(session, pool=pool, solution=solution)
    for pledge in _included(session, pool):
        pledge.asked_price = pledge.agreed_at = pledge.declined_at = None
        if pledge.arrangement_id is not None:
            for_pools.reprice_for_pool(
                session,
                arrangement_id=pledge.arrangement_id,
                quantity=known(pledge.quantity),
                unit_price=price_told(pledge),
                now=now,
            )
            repay_for_pool(session, arrangement_id=pledge.arrangement_id, now=now)
    pool.reconsent_until = None
    session.flush()


def _included(session: Session, pool: Pool) -> list[Pledge]:
    return [pledge for pledge in hopeful_pledges(session, pool=pool) if pledge.part is PledgePart.INCLUDED]


def _accepted(pledge: Pledge) -> Money:
    """Return the dearest price for a unit that somebody knows of and has not refused."""
    return known(pledge.asked_price) if pledge.agreed_at is not None else price_told(pledge)


def _prices(solution: Solution) -> dict[PledgeId, Money]:
    return {PledgeId(share.pledge_key): Money(share.amount.pence // share.quantity) for share in solution.included}
