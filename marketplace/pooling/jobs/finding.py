"""What happens by itself while people find each other: they hear of others, and of a pool that has gone quiet."""

import logging
from datetime import datetime

from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.pooling.queries.interests import people_to_tell
from marketplace.pooling.queries.quiet import quiet_pools
from marketplace.pooling.services import interests, nudging
from marketplace.pooling.views.blueprint import pool_address

log = logging.getLogger(__name__)

_AT_ONCE = 500
"""How many letters one run writes. The rest hear the next day."""


def tell_of_shared_interests(now: datetime) -> int:
    """Write to people that enough others near them like the same; return to how many. Safe to run twice."""
    told = 0
    for person_id in people_to_tell(db.session, now=now, limit=_AT_ONCE):
        with transaction() as session:
            told += interests.tell_of_others(
                session, person_id=person_id, address=page_address("pooling.interests"), now=now
            )
    return told


def nudge_quiet_pools(now: datetime) -> int:
    """Ask about each pool that has gone quiet, in its own transaction; return how many. Safe to run twice."""
    asked = 0
    for pool_id in quiet_pools(db.session, now=now):
        try:
            with transaction() as session:
                asked += nudging.nudge(session, pool_id=pool_id, address=pool_address, now=now)
        except Exception:
            # One pool that cannot be asked about does not keep the others waiting.
            log.exception("pool %s could not be asked about", pool_id)
    return asked
