"""What happens to pools by itself: those whose last day has passed are closed."""

import logging
from datetime import datetime

from marketplace.kit.db import db, transaction
from marketplace.pooling import queries, services
from marketplace.pooling.views.blueprint import pool_address

log = logging.getLogger(__name__)


def close_lapsed_pools(now: datetime) -> int:
    """Close every pool whose last day has passed, each in its own transaction; return how many. Safe to run twice."""
    closed = 0
    for pool_id in queries.lapsed_pools(db.session, now=now):
        try:
            with transaction() as session:
                closed += services.close_lapsed_pool(session, pool_id=pool_id, address=pool_address, now=now)
        except Exception:
            # One pool that cannot be closed does not keep the others open.
            log.exception("pool %s could not be closed", pool_id)
    return closed
