"""What happens later to arrangements, by itself."""

from datetime import datetime

from marketplace.kit.addresses import page_address
from marketplace.kit.db import transaction
from marketplace.purchasing.rules.nouns import DisputeId
from marketplace.purchasing.services import disputes


def remind_of_disputes(now: datetime) -> int:
    """Write to those who wait for an answer that is late, and to moderators about late decisions. Safe to run twice."""
    with transaction() as session:
        return disputes.remind_of_disputes(session, link=_address, queue=page_address("purchasing.disputes"), now=now)


def _address(dispute_id: DisputeId) -> str:
    return page_address("purchasing.dispute", {"dispute_id": dispute_id})
