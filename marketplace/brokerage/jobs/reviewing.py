"""What happens by itself about plans: people are reminded of the days on which they want to look at theirs again."""

import logging
from datetime import datetime

from marketplace.brokerage.queries.reviewing import reviews_to_remind
from marketplace.brokerage.rules.nouns import PlanId
from marketplace.brokerage.services import reviewing
from marketplace.kit.addresses import page_address
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction

log = logging.getLogger(__name__)

_AT_ONCE = 500
"""How many letters one run writes. The rest follow in the next."""


def remind_of_reviews(now: datetime) -> int:
    """Write to each person whose day to look at their plan is near or there; return to how many. Safe to run twice."""
    told = 0
    for review_id in reviews_to_remind(db.session, today=day_of(now), limit=_AT_ONCE):
        try:
            with transaction() as session:
                told += reviewing.remind(session, review_id=review_id, link=_address, now=now)
        except Exception:
            # One person who cannot be written to does not keep the others waiting.
            log.exception("nobody could be reminded of review %s", review_id)
    return told


def _address(plan_id: PlanId) -> str:
    return page_address("brokerage.plan_reviews", {"plan_id": plan_id})
