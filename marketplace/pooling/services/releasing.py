"""Letting people go from a pool that is not certain yet: what was charged goes back, what was set aside is free."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.budgets.rules import Purpose, TransferId
from marketplace.budgets.services import promising
from marketplace.budgets.services.backing import lock_behind
from marketplace.kit import audit
from marketplace.kit.money import ZERO, Money
from marketplace.payments.services.repaying import repay_for_pool
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.queries.membership import member_people
from marketplace.pooling.queries.settling import who_provides
from marketplace.pooling.rules.nouns import EndReason, PledgePart, PoolStatus
from marketplace.pooling.rules.pools import next_status
from marketplace.pooling.services.counting import count_failed
from marketplace.pooling.services.joining import leave_membership
from marketplace.pooling.services.tipping import hopeful_pledges
from marketplace.purchasing.services import for_pools


def hold_everything(session: Session, *, pool: Pool) -> None:
    """Lock all that may change with a pool, in the one order in which everybody does. The pool is locked."""
    organisation_id = who_provides(session, pool=pool)
    pledges = hopeful_pledges(session, pool=pool)
    arranged = [pledge.arrangement_id for pledge in pledges if pledge.arrangement_id is not None]
    for_pools.lock_arrangements(session, arrangement_ids=arranged, organisation_id=organisation_id)
    lock_behind(session, purposes=[*(Purpose(pledge.id) for pledge in pledges), *(Purpose(it) for it in arranged)])


def release_pledge(session: Session, *, pledge: Pledge, by: PersonId | None, now: datetime) -> Money:
    """
    Let a pledge bind nobody any more, and return how much a card had paid for it: that is on its way back.

    Its arrangement is undone, if it has one. The pool is locked.
    """
    pledge.part, pledge.remind_at, pledge.ready_at = PledgePart.RELEASED, None, None
    pledge.asked_price = pledge.agreed_at = None
    session.flush()
    repaid = ZERO
    if pledge.arrangement_id is not None:
        for_pools.cancel_for_pool(
            session, arrangement_id=pledge.arrangement_id, reason="The pool did not go ahead", now=now
        )
        repaid = repay_for_pool(session, arrangement_id=pledge.arrangement_id, now=now)
    key = TransferId(uuid.uuid5(pledge.id, "released"))
    promising.release(session, purpose=Purpose(pledge.id), amount=None, key=key, now=now, by=by)
    audit.record(
        session,
        by=by,
        did="was released from",
        to_kind="pool",
        to_id=pledge.pool_id,
        about=pledge.person_id,
        now=now,
    )
    return repaid


def let_go(session: Session, *, pledge: Pledge, by: PersonId | None, now: datetime) -> Money:
    """Release somebody from a pool that goes on without them: they are not in it any more. As `release_pledge`."""
    repaid = release_pledge(session, pledge=pledge, by=by, now=now)
    pledge.withdrawn_at = max(now, pledge.pledged_at)
    leave_membership(session, pool_id=pledge.pool_id, person_id=pledge.person_id, now=now)
    session.flush()
    return repaid


def end_without_going_ahead(
    session: Session,
    *,
    pool: Pool,
    status: PoolStatus,
    reason: EndReason | None,
    by: PersonId | None,
    now: datetime,
) -> dict[PersonId, Money]:
    """
    End a pool that will not go ahead, and release everybody. Return what each is repaid. The pool is locked.

    Its people stay members: they can still say goodbye to each other, or begin again.
    """
    hold_everything(session, pool=pool)
    people = {
        *member_people(session, pool_id=pool.id, with_facilitators=False),
        *(pledge.person_id for pledge in hopeful_pledges(session, pool=pool)),
    }
    count_failed(session, pool, sorted(people), why=reason, now=now)
    repaid = {
        pledge.person_id: release_pledge(session, pledge=pledge, by=by, now=now)
        for pledge in hopeful_pledges(session, pool=pool)
    }
    pool.status = next_status(status=pool.status, wanted=status)
    pool.closed_at = pool.closed_at or now
    pool.repair_until = pool.reconsent_until = None
    pool.end_reason = reason
    session.flush()
    audit.record(session, by=by, did=status.value, to_kind="pool", to_id=pool.id, now=now)
    return repaid
