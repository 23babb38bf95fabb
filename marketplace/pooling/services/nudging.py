"""Noticing that a pool has gone quiet, and asking those who keep it going about it."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.kit.sentences import worded
from marketplace.pooling.queries.membership import champions, member_people
from marketplace.pooling.queries.quiet import quiet_pools
from marketplace.pooling.rules.nouns import PoolId, PoolStatus
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked


def nudge(session: Session, *, pool_id: PoolId, address: PoolAddress, now: datetime) -> bool:
    """
    Write to the champions of a pool that has gone quiet, or to everybody in it if there are none; return whether.

    Safe to do twice, and from two places at once: the second finds it done.

    :raises PoolNotFoundError: if there is no such pool, or it is kept from view.
    """
    pool = locked(session, pool_id=pool_id)
    if pool_id not in quiet_pools(session, now=now, only=pool_id):
        return False
    pool.nudged_at = now
    ways = "You can invite more people, write a few words to the others, or take the next step of getting ready."
    if pool.status is PoolStatus.DRAFT:
        ways += " Or end it well: many pools end before they begin, and that is all right."
    people = champions(session, pool_id=pool_id)
    keeping = "" if people else "Nobody keeps this pool going at the moment. Any of you can.\n\n"
    for person_id in people or member_people(session, pool_id=pool_id, with_facilitators=False):
        accounts.write_to_person(
            session,
            person_id=person_id,
            subject=worded("It has gone quiet in your pool: {title}", title=pool.title),
            body=worded(
                "Nothing has happened in this pool for two weeks.\n\n{keeping}{ways}\n\n{address}\n\n"
                "You need do nothing. We ask again in four weeks at the earliest.",
                keeping=keeping,
                ways=ways,
                address=address(pool_id),
            ),
            now=now,
        )
    session.flush()
    return True
