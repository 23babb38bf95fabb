"""The one writer of transfers and their entries, and the lock that everything about money takes first."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.budgets import rules
from marketplace.budgets.models import Budget, Entry, Transfer
from marketplace.budgets.rules import BudgetId, Movement, Reason, TransferId
from marketplace.kit.errors import DomainError


class UnbalancedTransferError(DomainError):
    """Sides that do not sum to zero. A bug of ours, never a person's mistake."""


def lock_budgets(session: Session, *, budget_ids: Iterable[BudgetId]) -> None:
    """
    Let whatever moves money of these budgets happen one after the other, until this transaction ends.

    Always in the order of their ids, so that two who need the same two never wait for each other.
    """
    wanted = select(Budget.id).where(Budget.id.in_(set(budget_ids))).order_by(Budget.id)
    session.execute(wanted.with_for_update(key_share=True)).all()


def write_transfer(
    session: Session,
    *,
    movements: Sequence[Movement],
    reason: Reason,
    by: PersonId | None,
    now: datetime,
    key: TransferId | None = None,
    note: str = "",
) -> None:
    """
    Write all sides of a transfer at once. Sides of nothing are left out, and a transfer without sides is none.

    The budgets are locked already. The sums of streams and promises are kept by the database as entries arrive.

    :raises UnbalancedTransferError: if the sides within a stream do not sum to zero.
    """
    sides = rules.sides_of(movements)
    if not sides:
        return
    if not rules.balances(sides):
        raise UnbalancedTransferError("The books would not balance, so we have changed nothing.")
    transfer = Transfer(id=key or TransferId(uuid.uuid4()), made_at=now, made_by=by, reason=reason, note=note[:200])
    session.add(transfer)
    session.flush()
    session.add_all(
        Entry(
            transfer_id=transfer.id,
            stream_id=side.stream_id,
            promise_id=side.promise_id,
            account=side.account,
            amount=side.amount,
        )
        for side in sides
    )
    session.flush()
