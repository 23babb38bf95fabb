"""Which money could pay for something, and who is asked for it? Answers are plain frozen data."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.budgets.models import Budget, Entry, FundingStream, Promise
from marketplace.budgets.rules import Account, BudgetId, Holding, Purpose, Stream, StreamId, TransferId
from marketplace.kit.money import ZERO, Money

_HELD_BY_ONESELF = (Holding.DIRECT_PAYMENT, Holding.OWN_MONEY)


@dataclass(frozen=True, slots=True)
class PayableStream:
    """One funding stream that a person could pay from, and what is left in it."""

    stream_id: StreamId
    budget_id: BudgetId
    budget_name: str
    kind: Stream
    holding: Holding
    left: Money
    begins_on: date
    ends_on: date


def payable_streams(session: Session, *, viewer: Viewer) -> tuple[PayableStream, ...]:
    """Return the streams of the viewer's own open budgets, the earliest period first. One query."""
    rows = session.execute(
        select(
            FundingStream.id,
            FundingStream.budget_id,
            Budget.name,
            FundingStream.kind,
            Budget.holding,
            FundingStream.left,
            Budget.begins_on,
            Budget.ends_on,
        )
        .join(Budget, Budget.id == FundingStream.budget_id)
        .where(Budget.person_id == viewer.person_id, Budget.closed_at.is_(None))
        .order_by(Budget.begins_on, Budget.id, FundingStream.kind)
    )
    return tuple(PayableStream(*row) for row in rows)


class BillTo(NamedTuple):
    """Whom an invoice is addressed to, when it is not the person."""

    name: str
    email: str


def bill_to(session: Session, *, purpose: Purpose) -> BillTo | None:
    """
    Return who holds the budget that pays for something, or None if the person does or no budget pays.

    Where several budgets pay, whoever holds the one that pays most. For invoices only: it is nobody else's business.
    """
    row = session.execute(
        select(Budget.holder_name, Budget.holder_email)
        .join(FundingStream, FundingStream.budget_id == Budget.id)
        .join(Promise, Promise.stream_id == FundingStream.id)
        .where(Promise.purpose == purpose, Budget.holding.not_in(_HELD_BY_ONESELF), Budget.holder_name != "")
        .order_by((Promise.promised + Promise.spent).desc(), Budget.id)
        .limit(1)
    ).one_or_none()
    return BillTo(row.holder_name, row.holder_email) if row else None


class SetAside(NamedTuple):
    """What stands behind a purpose in all budgets together."""

    promised: Money
    spent: Money


def set_aside(session: Session, *, purpose: Purpose) -> SetAside:
    """Return what is promised for something and what was spent on it. For services: nobody is shown it."""
    row = session.execute(
        select(func.sum(Promise.promised), func.sum(Promise.spent)).where(Promise.purpose == purpose)
    ).one()
    return SetAside(row[0] or ZERO, row[1] or ZERO)


def borne(session: Session, *, key: TransferId) -> dict[Stream, Money]:
    """
    Return how much each kind of stream bears of one payment, or gets back of one refund. For services: nobody is shown.

    Both are above zero. What no budget here bears is not in it.
    """
    rows = session.execute(
        select(FundingStream.kind, func.sum(Entry.amount))
        .join(FundingStream, FundingStream.id == Entry.stream_id)
        .where(Entry.transfer_id == key, Entry.account == Account.SPENT)
        .group_by(FundingStream.kind)
        .order_by(FundingStream.kind)
    )
    return {kind: max(amount, -amount) for kind, amount in rows}


def shares_set_aside(session: Session, *, purpose: Purpose, viewer: Viewer) -> dict[StreamId, Money]:
    """Return what is promised for something from each of the viewer's own streams. Others' are nothing to them."""
    rows = session.execute(
        select(Promise.stream_id, Promise.promised)
        .join(FundingStream, FundingStream.id == Promise.stream_id)
        .join(Budget, Budget.id == FundingStream.budget_id)
        .where(Promise.purpose == purpose, Budget.person_id == viewer.person_id, Promise.promised > ZERO)
        .order_by(Budget.begins_on, Budget.id, FundingStream.kind)
    )
    return {row.stream_id: row.promised for row in rows}
