"""How a pool closes: its day has come, a champion lets it go ahead, gives it a week more, or ends it for everybody."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.queries import offer_terms
from marketplace.catalogue.rules import OfferStatus
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError
from marketplace.pooling import rules
from marketplace.pooling.models import Pool
from marketplace.pooling.queries.membership import champions
from marketplace.pooling.rules import PoolId, PoolStatus, known
from marketplace.pooling.rules.nouns import EndReason
from marketplace.pooling.rules.pools import SETTLING
from marketplace.pooling.rules.tipping import EXTENDED_BY
from marketplace.pooling.services import letters, settling_letters
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked
from marketplace.pooling.services.parting import tidy_last_words
from marketplace.pooling.services.pledging import PoolClosedError, members
from marketplace.pooling.services.releasing import end_without_going_ahead
from marketplace.pooling.services.tipping import tip


class NotYourPoolError(NotAllowedError):
    """Only those who keep a pool going may do that."""


class ExtendedAlreadyError(DomainError):
    """The last day has been moved once, and can be moved no more."""


class NoStepReachedError(DomainError):
    """The pool reaches no step of its prices yet."""


def withdraw_pool(
    session: Session,
    *,
    pool_id: PoolId,
    by: PersonId,
    address: PoolAddress,
    now: datetime,
    reason: EndReason | None = None,
    words: str = "",
) -> None:
    """
    Close a pool for everybody before it is certain, and tell them. It costs nobody anything.

    Why is kept for learning, if it is said. One that is still finding people ends by `parting.end_draft`.

    :raises PoolNotFoundError: if there is no such pool, or it is kept from view.
    :raises NotYourPoolError: if this person does not keep it going.
    :raises PoolClosedError: if the pool is over, goes ahead, is a draft, or its last day has passed.
    :raises LastWordsError: if the words are too long.
    """
    pool = locked(session, pool_id=pool_id)
    _check_keeps_it_going(session, pool, by=by, refusal="Only a champion can close this pool. You can leave it.")
    if pool.status is PoolStatus.DRAFT:
        raise PoolClosedError("This pool is still finding people. You can end it on its own page.")
    words = tidy_last_words(words)
    is_open = rules.accepts_pledges(status=pool.status, closes_at=known(pool.closes_at), now=now)
    if not is_open and pool.status not in SETTLING:
        raise PoolClosedError("This pool is over, so it cannot be closed again.")
    others = [person_id for person_id in members(session, pool_id=pool_id) if person_id != by]
    end_without_going_ahead(session, pool=pool, status=PoolStatus.WITHDRAWN, reason=reason, by=by, now=now)
    pool.end_words = words
    letters.tell_members_it_was_withdrawn(session, pool=pool, people=others, address=address, now=now)


def close_lapsed_pool(session: Session, *, pool_id: PoolId, address: PoolAddress, now: datetime) -> bool:
    """
    Close a pool whose last day has passed, and return whether there was anything to do.

    If it reaches a step it tips, and `settling.take_stock` goes on from there. If not, everybody is released and told.
    Safe to do twice, and from two places at once: the second finds it closed.

    :raises PoolNotFoundError: if there is no such pool.
    """
    pool = locked(session, pool_id=pool_id, even_held=True)
    if pool.status is not PoolStatus.OPEN or now < known(pool.closes_at):
        return False
    terms = offer_terms(session, offer_id=known(pool.offer_id), on=day_of(now))
    is_offered = terms is not None and terms.status is OfferStatus.LIVE
    # What a moderator looks at does not go ahead meanwhile.
    if is_offered and pool.held_at is None and tip(session, pool=pool, now=now):
        return True
    reason = EndReason.TOO_FEW if is_offered else EndReason.PROVIDER_GONE
    people = members(session, pool_id=pool_id)
    end_without_going_ahead(session, pool=pool, status=PoolStatus.EXPIRED, reason=reason, by=None, now=now)
    letters.tell_members_it_lapsed(session, pool=pool, people=people, address=address, now=now)
    return True


def go_ahead_now(session: Session, *, pool_id: PoolId, by: PersonId, now: datetime) -> None:
    """
    Close an open pool before its last day, for a champion, at the best step it reaches now.

    :raises PoolNotFoundError: if there is no such pool, or it is kept from view.
    :raises NotYourPoolError: if this person does not keep it going.
    :raises PoolClosedError: if it is not open.
    :raises NoStepReachedError: if it reaches no step yet.
    """
    pool = _open_pool_of(session, pool_id=pool_id, by=by, now=now)
    if not tip(session, pool=pool, now=now, by=by):
        raise NoStepReachedError("Too few people are in this pool yet for any of its prices, so it cannot go ahead.")


def extend_pool(session: Session, *, pool_id: PoolId, by: PersonId, address: PoolAddress, now: datetime) -> None:
    """
    Give an open pool a week more to find people, once, for a champion. Every pledge stands.

    If it would then begin before the last day to join, it begins as much later.

    :raises PoolNotFoundError: if there is no such pool, or it is kept from view.
    :raises NotYourPoolError: if this person does not keep it going.
    :raises PoolClosedError: if it is not open.
    :raises ExtendedAlreadyError: if it was given more time before.
    """
    pool = _open_pool_of(session, pool_id=pool_id, by=by, now=now)
    if pool.extended_at is not None:
        raise ExtendedAlreadyError("The last day has been moved once already, so it stays as it is.")
    # Days are London days: a week later is the same midnight, also when the clocks change.
    days = (rules.last_day(known(pool.closes_at)) - day_of(now)).days + EXTENDED_BY.days
    pool.closes_at, pool.extended_at = rules.closing_moment(opened_at=now, days=days), now
    earliest = rules.last_day(pool.closes_at) + timedelta(days=1)
    pool.starts_on = max(known(pool.starts_on), earliest)
    session.flush()
    audit.record(session, by=by, did="extended", to_kind="pool", to_id=pool.id, now=now)
    others = [person_id for person_id in members(session, pool_id=pool_id) if person_id != by]
    settling_letters.tell_of_longer_time(session, pool=pool, people=others, address=address, now=now)


def _open_pool_of(session: Session, *, pool_id: PoolId, by: PersonId, now: datetime) -> Pool:
    pool = locked(session, pool_id=pool_id)
    _check_keeps_it_going(session, pool, by=by, refusal="Only a champion of this pool can do that.")
    if not rules.accepts_pledges(status=pool.status, closes_at=known(pool.closes_at), now=now):
        raise PoolClosedError("This pool is not open any more, so its days cannot change.")
    return pool


def _check_keeps_it_going(session: Session, pool: Pool, *, by: PersonId, refusal: str) -> None:
    if by != pool.opened_by and by not in champions(session, pool_id=pool.id):
        raise NotYourPoolError(refusal)
