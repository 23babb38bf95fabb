"""
What happens to a budget's money when something is bought: promised, handed over, released, spent, given back.

Every function takes the session of a transaction, locks the budgets it touches and is idempotent: what is done twice
with one key is done once. A purpose that no budget here pays for is left alone, and the answer is nothing.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.budgets import rules
from marketplace.budgets.models import Budget, FundingStream, Promise
from marketplace.budgets.rules import Account, Movement, Purpose, Reason, StreamId, TransferId
from marketplace.budgets.services.backing import (
    Backing,
    KeySpentError,
    NotEnoughLeftError,
    check_enough,
    done_before,
    locked_backing,
)
from marketplace.budgets.services.budgets import BudgetClosedError, NoMoneyError
from marketplace.budgets.services.ledger import lock_budgets, write_transfer
from marketplace.kit.errors import NotFoundError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded

__all__ = [
    "BudgetClosedError",
    "KeySpentError",
    "NotEnoughLeftError",
    "StreamNotFoundError",
    "give_back",
    "hand_over",
    "promise",
    "promise_more",
    "release",
    "spend",
]


class StreamNotFoundError(NotFoundError):
    """There is no such funding stream, or it is of somebody else's budget."""


def promise(
    session: Session,
    *,
    by: PersonId,
    purpose: Purpose,
    shares: Mapping[StreamId, Money],
    what: str,
    key: TransferId,
    now: datetime,
) -> None:
    """
    Set money aside for one purpose: so much of each stream, all of it or nothing.

    Again, with another key, it adds to what is promised. No shares: nothing happens.

    :raises NoMoneyError: if a share is less than nothing.
    :raises StreamNotFoundError: if a stream is not of one of this person's budgets.
    :raises BudgetClosedError: if a stream's budget is closed.
    :raises NotEnoughLeftError: if a stream has less left than its share.
    """
    wanted = {stream_id: amount for stream_id, amount in shares.items() if amount != ZERO}
    if not wanted:
        return
    if min(wanted.values()) < ZERO:
        raise NoMoneyError("Enter an amount of at least a penny.")
    _lock_own(session, by=by, stream_ids=set(wanted))
    if done_before(session, key=key, purpose=purpose, reason=Reason.PROMISED) is not None:
        return
    _open_promises(session, purpose=purpose, stream_ids=wanted, what=what, now=now)
    behind = locked_backing(session, purpose=purpose)
    chosen = [(one, wanted[one.stream_id]) for one in behind if one.stream_id in wanted]
    _set_aside(session, chosen, by=by, key=key, now=now)


def promise_more(
    session: Session, *, purpose: Purpose, amount: Money, key: TransferId, now: datetime, by: PersonId | None
) -> Money:
    """
    Set more aside for a purpose, from the open streams behind it in proportion, and return how much: all or nothing.

    :raises NotEnoughLeftError: if a stream has less left than falls on it.
    """
    behind = locked_backing(session, purpose=purpose)
    if not behind or amount <= ZERO:
        return ZERO
    before = done_before(session, key=key, purpose=purpose, reason=Reason.PROMISED)
    if before is not None:
        return before
    still_open = [one for one in behind if one.closed_at is None]
    if not still_open:
        raise NotEnoughLeftError(
            worded("“{budget_name}” is closed, so nothing more can come from it.", budget_name=behind[-1].budget_name),
            left=ZERO,
        )
    shares = rules.share(amount, [one.weight for one in still_open])
    _set_aside(session, list(zip(still_open, shares, strict=True)), by=by, key=key, now=now)
    return amount


def release(
    session: Session, *, purpose: Purpose, amount: Money | None, key: TransferId, now: datetime, by: PersonId | None
) -> Money:
    """
    Let money go that was promised, in proportion, and return how much: at most all that is still promised.

    `amount=None` is all of it. Of a budget that was closed since, it goes back to the funder.
    """
    behind = locked_backing(session, purpose=purpose)
    before = done_before(session, key=key, purpose=purpose, reason=Reason.RELEASED) if behind else ZERO
    if before is not None:
        return before
    promised = sum((one.promised for one in behind), ZERO)
    total = promised if amount is None else max(min(amount, promised), ZERO)
    sides = [
        side
        for one, part in zip(behind, rules.share(total, [one.promised.pence for one in behind]), strict=True)
        for side in (one.moved(Account.PROMISED, -part), one.moved(one.freed, part))
    ]
    write_transfer(session, movements=sides, reason=Reason.RELEASED, by=by, now=now, key=key)
    return total


def hand_over(
    session: Session,
    *,
    purpose: Purpose,
    to: Purpose,
    amount: Money,
    what: str,
    key: TransferId,
    now: datetime,
    by: PersonId | None,
) -> Money:
    """
    Promise for another purpose what was promised for this one, let the rest go, and return how much was handed over.

    In proportion, at most all that is still promised: what was set aside for a pledge is set aside for what came of it.
    What a closed budget had promised stays promised; only its rest goes back to the funder.

    :raises KeySpentError: if the key was used for something else.
    """
    behind = locked_backing(session, purpose=purpose)
    second = TransferId(uuid.uuid5(key, "handed over"))
    if behind and done_before(session, key=key, purpose=purpose, reason=Reason.RELEASED) is not None:
        return done_before(session, key=second, purpose=to, reason=Reason.PROMISED) or ZERO
    promised = [one.promised for one in behind]
    total = max(min(amount, sum(promised, ZERO)), ZERO)
    parts = rules.share(total, [each.pence for each in promised])
    write_transfer(
        session,
        movements=[side for one, part in zip(behind, parts, strict=True) for side in _set_free(one, keep=part)],
        reason=Reason.RELEASED,
        by=by,
        now=now,
        key=key,
    )
    kept = {one.stream_id: part for one, part in zip(behind, parts, strict=True) if part != ZERO}
    _open_promises(session, purpose=to, stream_ids=kept, what=what, now=now)
    chosen = [(one, kept[one.stream_id]) for one in locked_backing(session, purpose=to) if one.stream_id in kept]
    _set_aside(session, chosen, by=by, key=second, now=now)
    return total


def spend(
    session: Session,
    *,
    purpose: Purpose,
    amount: Money,
    key: TransferId,
    note: str,
    now: datetime,
    by: PersonId | None,
) -> Money:
    """
    Charge money that was paid for a purpose to the budgets behind it, and return how much they bear.

    First what was promised. What is more than that comes out of what is left in the same streams, in proportion; no
    stream pays another's part, so the answer may be less than the amount. `note` is what the statement says besides.
    """
    behind = locked_backing(session, purpose=purpose)
    before = done_before(session, key=key, purpose=purpose, reason=Reason.SPENT) if behind else ZERO
    if before is not None:
        return before
    kept = sum((one.promised for one in behind), ZERO)
    from_promised = rules.share(max(min(amount, kept), ZERO), [one.promised.pence for one in behind])
    over = rules.share(max(amount - kept, ZERO), [one.weight for one in behind])
    from_left = [min(part, one.left) for one, part in zip(behind, over, strict=True)]
    charged = sum(from_promised, ZERO) + sum(from_left, ZERO)
    sides = [
        side
        for one, first, more in zip(behind, from_promised, from_left, strict=True)
        for side in (
            one.moved(Account.PROMISED, -first),
            one.moved(Account.LEFT, -more),
            one.moved(Account.SPENT, first + more),
        )
    ]
    write_transfer(session, movements=sides, reason=Reason.SPENT, by=by, now=now, key=key, note=note)
    return charged


def give_back(
    session: Session,
    *,
    purpose: Purpose,
    amount: Money,
    key: TransferId,
    note: str,
    now: datetime,
    by: PersonId | None,
) -> Money:
    """
    Return money that was refunded to the streams that bore it, in proportion, and say how much.

    Never more than was spent for the purpose. Of a budget that was closed since, it goes back to the funder.
    """
    behind = locked_backing(session, purpose=purpose)
    before = done_before(session, key=key, purpose=purpose, reason=Reason.REFUNDED) if behind else ZERO
    if before is not None:
        return before
    spent = sum((one.spent for one in behind), ZERO)
    total = max(min(amount, spent), ZERO)
    sides = [
        side
        for one, part in zip(behind, rules.share(total, [one.spent.pence for one in behind]), strict=True)
        for side in (one.moved(Account.SPENT, -part), one.moved(one.freed, part))
    ]
    write_transfer(session, movements=sides, reason=Reason.REFUNDED, by=by, now=now, key=key, note=note)
    return total


def _lock_own(session: Session, *, by: PersonId, stream_ids: set[StreamId]) -> None:
    """Lock the budgets of these streams, which must be open and the person's own."""
    own = (
        select(FundingStream.id, FundingStream.budget_id, Budget.name, Budget.closed_at)
        .join(Budget, Budget.id == FundingStream.budget_id)
        .where(FundingStream.id.in_(stream_ids), Budget.person_id == by)
    )
    lock_budgets(session, budget_ids=[row.budget_id for row in session.execute(own)])
    found = session.execute(own).all()
    if len(found) < len(stream_ids):
        raise StreamNotFoundError("We could not find that money in your budgets.")
    closed = [row.name for row in found if row.closed_at is not None]
    if closed:
        raise BudgetClosedError(worded("“{closed}” is closed, so nothing more can come from it.", closed=closed[0]))


def _open_promises(
    session: Session, *, purpose: Purpose, stream_ids: Mapping[StreamId, Money], what: str, now: datetime
) -> None:
    known = set(session.scalars(select(Promise.stream_id).where(Promise.purpose == purpose)))
    new = [
        {"id": uuid.uuid4(), "stream_id": stream_id, "purpose": purpose, "what": what[:200], "made_at": now}
        for stream_id in stream_ids
        if stream_id not in known
    ]
    if new:
        session.execute(insert(Promise), new)


def _set_free(one: Backing, *, keep: Money) -> list[Movement]:
    """Return the sides that let all go that a stream promised: so much to what is left, the rest to where it goes."""
    rest = one.promised - keep
    if one.freed is Account.LEFT:
        keep, rest = one.promised, ZERO
    return [
        one.moved(Account.PROMISED, -one.promised),
        one.moved(Account.LEFT, keep),
        one.moved(Account.RETURNED, rest),
    ]


def _set_aside(
    session: Session, behind: list[tuple[Backing, Money]], *, by: PersonId | None, key: TransferId, now: datetime
) -> None:
    check_enough(behind)
    sides = [
        side
        for one, amount in behind
        for side in (one.moved(Account.LEFT, -amount), one.moved(Account.PROMISED, amount))
    ]
    write_transfer(session, movements=sides, reason=Reason.PROMISED, by=by, now=now, key=key)
