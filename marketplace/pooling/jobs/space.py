"""What happens in a pool's own room by itself: questions close, news is told, what was taken back is forgotten."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from marketplace.kit.db import db, transaction
from marketplace.pooling.queries.agreement import agreements_waiting
from marketplace.pooling.queries.deciding import overdue_proposals
from marketplace.pooling.queries.messages import messages_taken_back
from marketplace.pooling.queries.space import members_to_tell
from marketplace.pooling.rules.nouns import MemberId, MessageId, PoolId, ProposalId
from marketplace.pooling.rules.space import is_time_for_letters, this_morning
from marketplace.pooling.services import agreeing, deciding, messages, news
from marketplace.pooling.views.blueprint import space_address

log = logging.getLogger(__name__)
_Id = TypeVar("_Id")


def tidy_pool_rooms(now: datetime) -> int:
    """Close questions, let agreements hold for which only those who left were missing, and forget what is gone."""

    def close(session: Session, proposal_id: ProposalId) -> bool:
        return deciding.close_proposal(session, proposal_id=proposal_id, now=now)

    def settle(session: Session, pool_id: PoolId) -> bool:
        return agreeing.settle_agreement(session, pool_id=pool_id, now=now)

    def forget(session: Session, message_id: MessageId) -> bool:
        return messages.forget_message_taken_back(session, message_id=message_id)

    return (
        _each(overdue_proposals(db.session, now=now), close)
        + _each(agreements_waiting(db.session), settle)
        + _each(messages_taken_back(db.session), forget)
    )


def tell_news_of_pools(now: datetime) -> int:
    """Write to members about what is new in their pools, in the evening, at most once a day and pool."""
    if not is_time_for_letters(now):
        return 0

    def tell(session: Session, member_id: MemberId) -> bool:
        return news.tell_news(session, member_id=member_id, address=space_address, now=now)

    return _each(members_to_tell(db.session, since=this_morning(now), now=now), tell)


def _each(ids: Iterable[_Id], doing: Callable[[Session, _Id], bool]) -> int:
    """Do something for each in a transaction of its own; return for how many it was done. Safe to run twice."""
    done = 0
    for each in ids:
        try:
            with transaction() as session:
                done += doing(session, each)
        except Exception:
            # One that cannot be done does not keep the others from it.
            log.exception("%s could not be done", each)
    return done
