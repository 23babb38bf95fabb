"""Stepping out of a pool one has promised nothing to, and ending well one that is still finding people."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.pooling import rules
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.queries.membership import member_people, member_roles
from marketplace.pooling.rules import OVER
from marketplace.pooling.rules.membership import keeps_it_going
from marketplace.pooling.rules.nouns import EndReason, PoolId, PoolOrigin, PoolStatus
from marketplace.pooling.rules.starting import LONGEST_LAST_WORDS
from marketplace.pooling.services.counting import count_failed
from marketplace.pooling.services.following import take_back_brief
from marketplace.pooling.services.joining import NotChampionError, leave_membership, the_member
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked

_WHY = {
    EndReason.TOO_FEW: "Too few people came together.",
    EndReason.INTEREST_DWINDLED: "People were not so keen any more.",
    EndReason.COSTS_TOO_MUCH: "It would have cost too much.",
    EndReason.FOUND_ANOTHER_WAY: "People found another way.",
    EndReason.DID_NOT_WORK: "It did not work out.",
    EndReason.PROVIDER_GONE: "Nobody offers it, or nobody does any more.",
}


class StillPledgedError(DomainError):
    """Whoever has promised something takes that back first."""


class NotADraftError(DomainError):
    """The pool is past finding people, or over, and ends in another way."""


class EndReasonError(WrongAnswerError):
    """Nobody has said why it ends."""

    field = "reason"


class LastWordsError(WrongAnswerError):
    """What is kept about why is too long."""

    field = "words"


def step_out(session: Session, *, pool_id: PoolId, by: PersonId, now: datetime) -> PoolStatus:
    """
    Let somebody who has promised nothing leave a pool, and return where it stands. It costs nothing.

    The last one out ends a pool that is finding people.

    :raises PoolNotFoundError: if they are not in it.
    :raises StillPledgedError: if they have a promise in it that they have not taken back.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    the_member(session, pool_id=pool_id, person_id=by)
    if pool.status not in OVER and _has_pledged(session, pool_id=pool_id, person_id=by):
        raise StillPledgedError(
            "You have promised to pay for a part of this. Take that back first, on the pool’s page."
        )
    leave_membership(session, pool_id=pool_id, person_id=by, now=now)
    if pool.status is PoolStatus.DRAFT and not member_people(session, pool_id=pool_id, with_facilitators=False):
        _close(session, pool=pool, by=by, reason=EndReason.TOO_FEW, words="", now=now)
    session.flush()
    return pool.status


def end_draft(
    session: Session,
    *,
    pool_id: PoolId,
    by: PersonId,
    reason: EndReason | None,
    words: str,
    address: PoolAddress,
    now: datetime,
) -> None:
    """
    End a pool that is finding people, keep why, and tell everybody in it. Ending is no failure.

    A champion may; where there is none left, any member may.

    :raises PoolNotFoundError: if they are not in it.
    :raises NotChampionError: if somebody else keeps it going.
    :raises NotADraftError: if it is past finding people, or over.
    :raises EndReasonError: if there is no reason.
    :raises LastWordsError: if the words are too long.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    member = the_member(session, pool_id=pool_id, person_id=by)
    if not keeps_it_going(role=member.role, roles=member_roles(session, pool_id=pool_id)):
        raise NotChampionError("Only a champion can end this pool for everybody. You can leave it.")
    if pool.status is not PoolStatus.DRAFT:
        raise NotADraftError("This pool is past finding people, so it cannot be ended like this.")
    if reason not in _WHY and reason is not EndReason.OTHER:
        raise EndReasonError("Choose why it ends.")
    words = tidy_last_words(words)
    _close(session, pool=pool, by=by, reason=reason, words=words, now=now)
    for person_id in member_people(session, pool_id=pool_id):
        if person_id != by:
            accounts.write_to_person(
                session,
                person_id=person_id,
                subject=worded("Your pool has ended: {title}", title=pool.title),
                body=f"This pool has ended before anybody promised anything. {_WHY.get(reason, '')}".rstrip()
                + " You pay nothing.\n\nThat is a normal thing to happen. You can start another pool, or join one, "
                f"whenever you like. What was written in this one stays here for its members:\n{address(pool_id)}",
                now=now,
            )
    session.flush()


def tidy_last_words(words: str) -> str:
    """
    Return what is kept about why a pool ended, tidied.

    :raises LastWordsError: if it is too long.
    """
    words = text.tidy(words)
    if len(words) > LONGEST_LAST_WORDS:
        raise LastWordsError(
            worded("Use at most {longest_last_words:,} characters.", longest_last_words=LONGEST_LAST_WORDS)
        )
    return words


def _has_pledged(session: Session, *, pool_id: PoolId, person_id: PersonId) -> bool:
    found = session.scalars(
        select(Pledge.id).where(Pledge.pool_id == pool_id, Pledge.person_id == person_id, Pledge.withdrawn_at.is_(None))
    ).first()
    return found is not None


def _close(session: Session, *, pool: Pool, by: PersonId, reason: EndReason | None, words: str, now: datetime) -> None:
    pool.status, pool.closed_at = rules.next_status(status=pool.status, wanted=PoolStatus.WITHDRAWN), now
    pool.end_reason, pool.end_words = reason, words
    if pool.began_from is PoolOrigin.WISH:
        # Providers were asked for it, and none of them came.
        people = member_people(session, pool_id=pool.id, with_facilitators=False)
        count_failed(session, pool, people, why=reason, now=now)
    session.flush()
    take_back_brief(session, pool_id=pool.id, now=now)
    audit.record(session, by=by, did="ended", to_kind="pool", to_id=pool.id, now=now)
