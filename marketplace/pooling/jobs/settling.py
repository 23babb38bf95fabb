"""
What happens to pools that have closed: they are taken as far as they can go, and between two steps cards are charged.

No transaction is open while Stripe is asked. What a crash leaves is found again by the next run, here or elsewhere.
"""

from datetime import datetime

from marketplace.accounts.rules import PersonId
from marketplace.kit.db import db, transaction
from marketplace.payments.jobs.charging import charge_invoice
from marketplace.payments.jobs.stripe import each
from marketplace.pooling.queries import settling as queries
from marketplace.pooling.rules.nouns import PoolId, PoolStatus
from marketplace.pooling.rules.pools import SETTLING
from marketplace.pooling.services import ending, settling
from marketplace.pooling.views.blueprint import pool_address


def settle_pools(now: datetime) -> int:
    """Take every pool that is getting ready further, each by itself; return how many are not getting ready any more."""

    def settle(pool_id: PoolId) -> bool:
        return settle_pool(pool_id, now=now) not in SETTLING

    return each(queries.pools_getting_ready(db.session), settle, what="pool")


def settle_pool(pool_id: PoolId, *, now: datetime) -> PoolStatus:
    """Take one pool as far as it can go now, charge the cards it asks for, and return where it stands."""
    with transaction() as session:
        status = settling.take_stock(session, pool_id=pool_id, address=pool_address, now=now)
    invoices = queries.invoices_to_charge(db.session, pool_id=pool_id)
    if not each(invoices, lambda invoice_id: charge_invoice(invoice_id, now=now), what="the charge for invoice"):
        return status
    with transaction() as session:
        return settling.take_stock(session, pool_id=pool_id, address=pool_address, now=now)


def try_card_again(pool_id: PoolId, *, by: PersonId, now: datetime) -> PoolStatus:
    """Charge the card that somebody saved last for what was refused before, and return where their pool stands then."""
    for invoice_id in queries.my_refused_invoices(db.session, pool_id=pool_id, by=by):
        charge_invoice(invoice_id, now=now)
    return settle_pool(pool_id, now=now)


def look_after_pools(now: datetime) -> int:
    """See who has ended what a pool arranged, and whether it has begun or is over; return how many pools changed."""

    def look(pool_id: PoolId) -> bool:
        with transaction() as session:
            return ending.look_after(session, pool_id=pool_id, address=pool_address, now=now)

    return each(queries.pools_to_look_after(db.session, now=now), look, what="pool")
