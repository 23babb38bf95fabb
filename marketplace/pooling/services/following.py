"""What follows for the briefs of a pool from who is in it, and from its end."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.brokerage.queries.pools import live_brief_of
from marketplace.brokerage.services.ending_briefs import withdraw_brief
from marketplace.brokerage.services.scoring import follow_pool
from marketplace.pooling.queries.membership import buyers_called, champions
from marketplace.pooling.rules.nouns import PoolId


def follow_members(session: Session, *, pool_id: PoolId, now: datetime) -> dict[PersonId, str]:
    """
    Let just those who would buy see and score the quotes of a pool's briefs. Return them, and what each is called.

    Where whoever began a brief has left, a champion looks after it.
    """
    members = buyers_called(session, pool_id=pool_id)
    keepers = [*champions(session, pool_id=pool_id), *members]
    follow_pool(session, pool_key=pool_id, members=members, keeper=next(iter(keepers), None), now=now)
    return members


def asks_for_quotes(session: Session, *, pool_id: PoolId) -> bool:
    """Test whether a locked pool asks for quotes, or chooses, so that who is in it matters: most pools never do."""
    return live_brief_of(session, pool_key=pool_id) is not None


def take_back_brief(session: Session, *, pool_id: PoolId, now: datetime) -> None:
    """Take back what a pool asked for quotes for, if it has not chosen: it has ended, or opens on something else."""
    live = live_brief_of(session, pool_key=pool_id)
    if live is not None:
        withdraw_brief(session, brief_id=live.id, by=live.keeper, why="", now=now)
