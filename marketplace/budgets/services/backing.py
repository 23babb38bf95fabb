"""Which streams stand behind a purpose, read anew under the lock of their budgets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.budgets.models import Budget, Entry, FundingStream, Promise, Transfer
from marketplace.budgets.rules import Account, Movement, PromiseId, Purpose, Reason, Stream, StreamId, TransferId
from marketplace.budgets.services.ledger import lock_budgets
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded

_STREAMS = {
    Stream.SOCIAL_CARE: "social care money",
    Stream.NHS: "NHS money",
    Stream.HOUSING: "housing money",
    Stream.OWN_MONEY: "own money",
}


class NotEnoughLeftError(DomainError):
    """More than is left. `left` says how much there is, in the stream that has too little."""

    def __init__(self, sentence: str, *, left: Money) -> None:
        super().__init__(sentence)
        self.left = left


class KeySpentError(DomainError):
    """A key that was used for something else. A bug of ours, never a person's mistake."""


@dataclass(frozen=True, slots=True)
class Backing:
    """One stream behind a purpose: what is promised for it, spent on it, and left besides."""

    promise_id: PromiseId
    stream_id: StreamId
    kind: Stream
    budget_name: str
    closed_at: datetime | None
    promised: Money
    spent: Money
    left: Money

    @property
    def weight(self) -> int:
        """What falls on this stream, as a weight: what was ever promised from it and not released."""
        return (self.promised + self.spent).pence

    @property
    def freed(self) -> Account:
        """Where money goes that is no longer promised or spent. A closed budget keeps none: its funder does."""
        return Account.LEFT if self.closed_at is None else Account.RETURNED

    def moved(self, account: Account, amount: Money) -> Movement:
        """Return one side of a transfer of this stream."""
        promise_id = self.promise_id if account in {Account.PROMISED, Account.SPENT} else None
        return Movement(self.stream_id, account, amount, promise_id)


def locked_backing(session: Session, *, purpose: Purpose) -> list[Backing]:
    """Return the streams behind a purpose, their budgets locked. Empty if no budget pays for it."""
    budgets = select(FundingStream.budget_id).join(Promise, Promise.stream_id == FundingStream.id)
    lock_budgets(session, budget_ids=session.scalars(budgets.where(Promise.purpose == purpose)))
    rows = session.execute(
        select(
            Promise.id,
            Promise.stream_id,
            FundingStream.kind,
            Budget.name,
            Budget.closed_at,
            Promise.promised,
            Promise.spent,
            FundingStream.left,
        )
        .join(FundingStream, FundingStream.id == Promise.stream_id)
        .join(Budget, Budget.id == FundingStream.budget_id)
        .where(Promise.purpose == purpose)
        .order_by(Budget.begins_on, Budget.id, FundingStream.kind)
    )
    return [Backing(*row) for row in rows]


def done_before(session: Session, *, key: TransferId, purpose: Purpose, reason: Reason) -> Money | None:
    """
    Return how much the transfer of this key moved for a purpose, or None if there is no such transfer.

    :raises KeySpentError: if the key belongs to another purpose's transfer, or to one for another reason.
    """
    made_for = session.scalars(select(Transfer.reason).where(Transfer.id == key)).one_or_none()
    if made_for is None:
        return None
    account = Account.PROMISED if reason in {Reason.PROMISED, Reason.RELEASED} else Account.SPENT
    moved = session.scalars(
        select(Entry.amount)
        .join(Promise, Promise.id == Entry.promise_id)
        .where(Entry.transfer_id == key, Entry.account == account, Promise.purpose == purpose)
    ).all()
    if made_for is not reason or not moved:
        raise KeySpentError("This was done already, for something else, so we have changed nothing.")
    total = sum(moved, ZERO)
    return max(total, -total)


def check_enough(wanted: Iterable[tuple[Backing, Money]]) -> None:
    """
    Refuse, in words, if any stream has less left than is wanted of it.

    :raises NotEnoughLeftError: and says how much is left.
    """
    for one, amount in wanted:
        if amount > one.left:
            raise NotEnoughLeftError(
                worded(
                    "This needs {amount} of the {streams} in “{budget_name}”, and {left} is left.",
                    amount=amount,
                    streams=_STREAMS[one.kind],
                    budget_name=one.budget_name,
                    left=one.left,
                ),
                left=one.left,
            )


def lock_behind(session: Session, *, purposes: Iterable[Purpose]) -> None:
    """Lock the budgets behind several purposes at once, so that two who move money of many never cross."""
    budgets = select(FundingStream.budget_id).join(Promise, Promise.stream_id == FundingStream.id)
    lock_budgets(session, budget_ids=session.scalars(budgets.where(Promise.purpose.in_(set(purposes)))))
