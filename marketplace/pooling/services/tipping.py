"""
A pool closes: its best step is worked out, and everybody in it knows whether they are in and what they pay.

No money moves here. What follows, and may fail, is in `settling`: it is taken up again after any crash.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit
from marketplace.kit.money import Money
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.queries.pledging import steps_of
from marketplace.pooling.rules.nouns import PledgeId, PledgePart, PoolStatus
from marketplace.pooling.rules.pools import known, next_status
from marketplace.pooling.rules.solving import Solution, Step, Wish, solve
from marketplace.pooling.rules.tipping import closes_at_once

HOPING = (PledgePart.WAITING, PledgePart.INCLUDED, PledgePart.LEFT_OUT)
"""Parts of pledges that still bind, and may be included."""


def may_tip(session: Session, *, pool: Pool) -> Solution | None:
    """Return what a pool would come to if it closed now, or None if it reaches no step. The pool is locked."""
    return solution_of(session, pool=pool, pledges=hopeful_pledges(session, pool=pool))


def tip_if_nothing_to_wait_for(
    session: Session,
    *,
    pool: Pool,
    pledges: Collection[Pledge],
    steps: Sequence[Step],
    now: datetime,
    by: PersonId | None = None,
) -> bool:
    """
    Close an open pool that is full, or that nobody could have cheaper; return whether that was so. The pool is locked.

    `pledges` are all that bind, `steps` its ladder: whoever has just pledged has read them already.
    """
    hopeful = [one for one in pledges if one.part in HOPING]
    solution = _solve(pool, hopeful, steps)
    if solution is None:
        return False
    if not closes_at_once(solution, steps=steps, people=len(hopeful), most_people=pool.most_people):
        return False
    return tip(session, pool=pool, now=now, by=by)


def tip(session: Session, *, pool: Pool, now: datetime, by: PersonId | None = None) -> bool:
    """
    Close an open pool that reaches a step, and return whether it did. The pool is locked.

    Whoever is included knows how much they get and what they pay; the others wait. `settling.take_stock` goes on from
    here, in a transaction of its own.
    """
    solution = may_tip(session, pool=pool)
    if solution is None:
        return False
    pool.status, pool.closed_at = next_status(status=pool.status, wanted=PoolStatus.TIPPING), now
    include(session, pool=pool, solution=solution)
    audit.record(session, by=by, did="tipped", to_kind="pool", to_id=pool.id, now=now)
    return True


def include(session: Session, *, pool: Pool, solution: Solution) -> None:
    """Write down who is included in a solution, with how much and for how much. Everybody else is left out."""
    shares = {share.pledge_key: share for share in solution.included}
    for pledge in hopeful_pledges(session, pool=pool):
        share = shares.get(pledge.id)
        if share is None:
            pledge.part, pledge.quantity, pledge.amount = PledgePart.LEFT_OUT, None, None
        else:
            pledge.part, pledge.quantity, pledge.amount = PledgePart.INCLUDED, share.quantity, share.amount
    pool.unit_price = solution.unit_price
    if pool.price_alone is not None and pool.price_alone <= solution.unit_price:
        # A share of a price for the whole group may save nothing any more: then nothing is said to be saved.
        pool.price_alone = None
    session.flush()


def solution_of(session: Session, *, pool: Pool, pledges: Collection[Pledge]) -> Solution | None:
    """Return the best these pledges to a pool can have, or None if they reach no step. The earliest come first."""
    return _solve(pool, pledges, steps_of(session, pool_id=pool.id))


def _solve(pool: Pool, pledges: Collection[Pledge], steps: Sequence[Step]) -> Solution | None:
    ordered = sorted(pledges, key=lambda pledge: (pledge.pledged_at, pledge.id))
    return solve(
        (
            Wish(PledgeId(pledge.id), pledge.least, pledge.most, pledge.most_price, order)
            for order, pledge in enumerate(ordered)
        ),
        steps=steps,
        counts=pool.counts,
        minimum_people=known(pool.minimum_people),
        most_people=pool.most_people,
        quantity=known(pool.quantity),
    )


def hopeful_pledges(session: Session, *, pool: Pool) -> list[Pledge]:
    """Return the pledges to a pool that still bind, the earliest first."""
    return list(
        session.scalars(
            select(Pledge)
            .where(Pledge.pool_id == pool.id, Pledge.withdrawn_at.is_(None), Pledge.part.in_(HOPING))
            .order_by(Pledge.pledged_at, Pledge.id)
        )
    )


def price_told(pledge: Pledge) -> Money:
    """Return what somebody who is included was last told, and has not refused: for a unit, to the penny."""
    quantity, amount = known(pledge.quantity), known(pledge.amount)
    return Money(amount.pence // quantity)
