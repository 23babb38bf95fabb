"""Pools that have closed and are getting ready: somebody's card is missing, or a dearer price waits for a yes."""

from datetime import UTC, datetime, timedelta

from marketplace.kit.money import Money
from marketplace.pooling.models import PoolTier
from marketplace.pooling.rules.nouns import PledgePart, PoolStatus
from marketplace.purchasing.rules.nouns import PayBy
from tests.factories import pooling, space

DEARER = Money(12_50)


def getting_ready(session, person, *, others, status=PoolStatus.REPAIRING, offer=None, **differences):
    """Add a pool of somebody who pays by card and has none, and of others whose ways to pay are ready."""
    now = datetime.now(UTC)
    it = pooling.pool_open_now(
        session, offer=offer, opened_by=person, status=status, closed_at=now - timedelta(hours=1), **differences
    )
    for number, one in enumerate([person, *others]):
        pledge = pooling.pledge(session, it, one)
        pledge.pledged_at += timedelta(minutes=number)
        pledge.part, pledge.quantity, pledge.amount = PledgePart.INCLUDED, it.quantity, it.unit_price * it.quantity
        pledge.pay_by = PayBy.CARD if one is person else PayBy.BANK_TRANSFER
        space.member(session, it, one)
        if one is person and status is PoolStatus.REPAIRING:
            pledge.failed_at, pledge.remind_at = now - timedelta(hours=1), now + timedelta(days=2)
    if status is PoolStatus.REPAIRING:
        it.repair_until = now + timedelta(days=6)
    session.flush()
    return it


def asked_about_price(session, person, *, others, offer=None):
    """Add a pool of four that lost one: the three who are left are asked about a dearer price."""
    it = getting_ready(
        session, person, others=others, status=PoolStatus.RECONSENT, offer=offer, price_alone=Money(20_00)
    )
    it.reconsent_until = datetime.now(UTC) + timedelta(days=6)
    session.get_one(PoolTier, (it.id, it.minimum_people)).unit_price = DEARER
    session.add(PoolTier(pool_id=it.id, counted_from=4, unit_price=it.unit_price))
    session.flush()
    for pledge in pooling.pledges(session, it):
        pledge.most_price, pledge.at_worst, pledge.asked_price = DEARER, DEARER * it.quantity, DEARER
        pledge.pay_by = PayBy.BANK_TRANSFER
    session.flush()
    return it
