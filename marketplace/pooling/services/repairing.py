"""What members do while their pool gets ready: pay in another way, and say yes or no to a dearer price."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.payments.queries.for_pools import standings
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules.nouns import PledgePart, PoolId, PoolStatus
from marketplace.pooling.rules.pools import SETTLING, known
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked
from marketplace.pooling.services.pledging import NotInError
from marketplace.pooling.services.settling import PoolMovedOnError, leave_while_settling
from marketplace.pooling.services.tipping import hopeful_pledges
from marketplace.purchasing.rules.nouns import PayBy
from marketplace.purchasing.services import for_pools

_MOVED_ON = "This pool has moved on. Open its page again to see what you can do now."


class CardAtWorkError(DomainError):
    """The card is being charged at this moment."""


class SameWayError(WrongAnswerError):
    """They pay in that way already, and it does not work."""

    field = "pay_by"


class PriceMovedOnError(DomainError):
    """They are asked about another price by now, or about none."""


def pay_in_another_way(session: Session, *, pool_id: PoolId, by: PersonId, pay_by: PayBy, now: datetime) -> None:
    """
    Let somebody pay in another way than they pledged, while their pool gets ready. `settling` goes on from there.

    :raises PoolNotFoundError: if there is no such pool.
    :raises PoolMovedOnError: if it is not getting ready.
    :raises NotInError: if this person is not one of those it is made of.
    :raises SameWayError: if they pay by card already: a card is put right by another card.
    :raises CardAtWorkError: if their card is being charged at this moment.
    """
    pledge = _my_part(session, pool_id=pool_id, by=by)
    if pledge.pay_by is pay_by:
        raise SameWayError("You pay in this way already. Choose another way to pay.")
    if pledge.arrangement_id is not None:
        # Its lock is what a charge begins under, so none begins before this is done.
        for_pools.change_way_to_pay(session, arrangement_id=pledge.arrangement_id, pay_by=pay_by, now=now)
        if standings(session, arrangement_ids=[pledge.arrangement_id])[pledge.arrangement_id].under_way > ZERO:
            raise CardAtWorkError("Your card is being charged at this moment. Wait a minute, then look again.")
    pledge.pay_by = pay_by
    session.flush()
    audit.record(session, by=by, did="changed how to pay", to_kind="pool", to_id=pool_id, now=now)


def agree_to_price(session: Session, *, pool_id: PoolId, by: PersonId, pence: int, now: datetime) -> None:
    """
    Say yes to the dearer price that was shown. `settling` goes on once everybody has answered.

    :raises PoolNotFoundError: if there is no such pool.
    :raises PoolMovedOnError: if nobody is asked any more.
    :raises NotInError: if this person is not one of those it is made of.
    :raises PriceMovedOnError: if they are asked about another price by now, or about none.
    """
    pledge = _my_part(session, pool_id=pool_id, by=by)
    pool = session.get_one(Pool, pool_id)
    if pool.status is not PoolStatus.RECONSENT or now >= known(pool.reconsent_until):
        raise PoolMovedOnError(_MOVED_ON)
    if pledge.asked_price != Money(pence):
        raise PriceMovedOnError("The price has changed since you opened this page. Look again before you say yes.")
    if pledge.agreed_at is None:
        pledge.agreed_at, pledge.declined_at, pledge.remind_at = now, None, None
        audit.record(session, by=by, did="agreed to a dearer price", to_kind="pool", to_id=pool_id, now=now)
    session.flush()


def decline_price(session: Session, *, pool_id: PoolId, by: PersonId, address: PoolAddress, now: datetime) -> Money:
    """
    Say no to a dearer price: they are out at once, and pay nothing. Return what a card had paid, which comes back.

    :raises PoolNotFoundError: if there is no such pool.
    :raises PoolMovedOnError: if nobody is asked any more.
    :raises NotInError: if this person is not one of those it is made of.
    """
    pledge = _my_part(session, pool_id=pool_id, by=by)
    if session.get_one(Pool, pool_id).status is not PoolStatus.RECONSENT:
        raise PoolMovedOnError(_MOVED_ON)
    pledge.declined_at = now
    return leave_while_settling(session, pool_id=pool_id, by=by, address=address, now=now)


def _my_part(session: Session, *, pool_id: PoolId, by: PersonId) -> Pledge:
    pool = locked(session, pool_id=pool_id, even_held=True)
    if pool.status not in SETTLING:
        raise PoolMovedOnError(_MOVED_ON)
    mine = [pledge for pledge in hopeful_pledges(session, pool=pool) if pledge.person_id == by]
    if not mine or mine[0].part is not PledgePart.INCLUDED:
        raise NotInError("You are not one of those this pool is made of, so there is nothing to put right.")
    return mine[0]
