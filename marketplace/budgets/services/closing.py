"""What happens when a period ends: money is carried over, the rest goes back, and the budget is closed."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.budgets import rules
from marketplace.budgets.models import Budget, Entry, FundingStream
from marketplace.budgets.rules import Account, BudgetId, Movement, Reason, Stream, StreamId
from marketplace.budgets.services.budgets import BudgetNotFoundError
from marketplace.budgets.services.ledger import lock_budgets, write_transfer
from marketplace.kit import audit
from marketplace.kit.errors import DomainError
from marketplace.kit.model import Pence
from marketplace.kit.money import ZERO, Money


class BudgetsDoNotFollowError(DomainError):
    """Money is carried from one open budget into a later one of the same person."""


@dataclass(frozen=True, slots=True)
class _Period:
    id: BudgetId
    begins_on: date
    ends_on: date
    carry_over_percent: int
    closed_at: datetime | None


def carry_over(session: Session, *, from_budget: BudgetId, to_budget: BudgetId, by: PersonId, now: datetime) -> Money:
    """
    Take what the funder's rule allows into the next period, stream by stream, and return how much.

    The rule counts all that was ever carried out of the period: doing it twice carries no more. Promised money stays.

    :raises BudgetNotFoundError: if either is not this person's.
    :raises BudgetsDoNotFollowError: if either is closed, or the second does not begin after the first.
    """
    before, after = _locked(session, by=by, wanted=(from_budget, to_budget))
    if before.closed_at or after.closed_at or after.begins_on <= before.begins_on:
        raise BudgetsDoNotFollowError("Choose an open budget that begins after this one.")
    sides: list[Movement] = []
    total = ZERO
    for stream_id, kind, amount in _carried(session, before):
        into = _stream_of(session, budget_id=after.id, kind=kind)
        sides += [
            Movement(stream_id, Account.LEFT, -amount),
            Movement(stream_id, Account.CARRIED, amount),
            Movement(into, Account.CARRIED, -amount),
            Movement(into, Account.LEFT, amount),
        ]
        total += amount
    write_transfer(session, movements=sides, reason=Reason.CARRIED_OVER, by=by, now=now)
    if total > ZERO:
        audit.record(session, by=by, did="carried over", to_kind="budget", to_id=from_budget, now=now)
    return total


def close_budget(session: Session, *, budget_id: BudgetId, by: PersonId, now: datetime) -> Money:
    """
    Close a period for good: what is left goes back to whoever granted it. Return how much that is.

    What is promised stays promised until it is spent; what is released of it later goes back as well. Carry over first.
    Closing what is closed does nothing.

    :raises BudgetNotFoundError: if it is not this person's.
    """
    [period] = _locked(session, by=by, wanted=(budget_id,))
    if period.closed_at is not None:
        return ZERO
    left = session.execute(
        select(FundingStream.id, FundingStream.left).where(FundingStream.budget_id == budget_id)
    ).all()
    sides = [
        side
        for stream_id, amount in left
        for side in (Movement(stream_id, Account.LEFT, -amount), Movement(stream_id, Account.RETURNED, amount))
    ]
    write_transfer(session, movements=sides, reason=Reason.RETURNED, by=by, now=now)
    budget = session.get_one(Budget, budget_id)
    budget.closed_at, budget.closed_by = now, by
    session.flush()
    audit.record(session, by=by, did="closed", to_kind="budget", to_id=budget_id, now=now)
    return sum((amount for _stream_id, amount in left), ZERO)


def _locked(session: Session, *, by: PersonId, wanted: tuple[BudgetId, ...]) -> list[_Period]:
    lock_budgets(session, budget_ids=wanted)
    rows = session.execute(
        select(Budget.id, Budget.begins_on, Budget.ends_on, Budget.carry_over_percent, Budget.closed_at).where(
            Budget.id.in_(wanted), Budget.person_id == by
        )
    )
    found = {row.id: _Period(*row) for row in rows}
    if len(found) < len(set(wanted)):
        raise BudgetNotFoundError("We could not find that budget.")
    return [found[budget_id] for budget_id in wanted]


def _carried(session: Session, period: _Period) -> list[tuple[StreamId, Stream, Money]]:
    """Return what each stream of a period may still carry, where that is something."""
    out = func.coalesce(
        select(func.sum(Entry.amount))
        .where(Entry.stream_id == FundingStream.id, Entry.account == Account.CARRIED, Entry.amount > ZERO)
        .scalar_subquery(),
        literal(ZERO, Pence()),
    )
    streams = session.execute(
        select(FundingStream.id, FundingStream.kind, FundingStream.granted, FundingStream.left, out.label("out"))
        .where(FundingStream.budget_id == period.id)
        .order_by(FundingStream.kind)
    )
    carried = []
    for stream_id, kind, granted, left, before in streams:
        most = rules.carry_over_most(
            kind=kind,
            granted=-granted,
            begins_on=period.begins_on,
            ends_on=period.ends_on,
            percent=period.carry_over_percent,
        )
        amount = rules.may_carry(left=left, most=most, carried_before=before)
        if amount > ZERO:
            carried.append((stream_id, kind, amount))
    return carried


def _stream_of(session: Session, *, budget_id: BudgetId, kind: Stream) -> StreamId:
    """Return the stream of this kind in a budget, begun if there is none."""
    known = session.scalars(
        select(FundingStream.id).where(FundingStream.budget_id == budget_id, FundingStream.kind == kind)
    ).one_or_none()
    if known is not None:
        return known
    stream = FundingStream(id=StreamId(uuid.uuid4()), budget_id=budget_id, kind=kind)
    session.add(stream)
    session.flush()
    return stream.id
