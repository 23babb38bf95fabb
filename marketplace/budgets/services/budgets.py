"""What can happen to budgets. One public function per thing a person can do."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services import take_turns
from marketplace.budgets import rules
from marketplace.budgets.models import Budget, Entry, FundingStream, Transfer
from marketplace.budgets.rules import BudgetId, Holding, Reason, Stream, StreamId, TransferId
from marketplace.budgets.services.ledger import write_transfer
from marketplace.kit import audit
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded


class BudgetNotFoundError(NotFoundError):
    """There is no such budget, or it is somebody else's."""


class NoMoneyError(DomainError):
    """A budget needs an amount from at least one stream."""


class TooMuchMoneyError(DomainError):
    """An amount larger than any allocation."""


class UnsoundPeriodError(DomainError):
    """A period that ends before it begins, or lasts longer than two years."""


class BudgetClosedError(DomainError):
    """A period that was closed takes no more money, and promises none."""


class HolderUnnamedError(WrongAnswerError):
    """An address of nobody."""

    field = "holder_name"


@dataclass(frozen=True, slots=True)
class HeldBy:
    """
    Who holds a budget, what its funder calls it, and which part of a week's money may be kept for the next period.

    Nobody's name: the person holds it, or has not said who does.
    """

    holding: Holding
    name: str = ""
    email: str = ""
    reference: str = ""
    carry_over_percent: int = 0


def set_up_budget(
    session: Session,
    *,
    by: PersonId,
    name: str,
    holding: Holding,
    begins_on: date,
    ends_on: date,
    amounts: Mapping[Stream, Money],
    now: datetime,
    key: BudgetId | None = None,
    held_by: HeldBy | None = None,
) -> BudgetId:
    """
    Write down what a person has for a period (both days included), and from which streams.

    Idempotent: the same key and name write one budget down. `held_by` says more about the holding.

    :raises HolderUnnamedError: if whoever holds it has an address but no name.
    :raises NoMoneyError: if no stream brings anything, or one brings less than nothing.
    :raises TooMuchMoneyError: if an amount is over a million pounds.
    :raises UnsoundPeriodError: if the period ends before it begins, or lasts over two years.
    """
    given = {stream: amount for stream, amount in amounts.items() if amount != ZERO}
    if not given or min(given.values()) < ZERO:
        raise NoMoneyError("Enter an amount of at least a penny from one of the places the money comes from.")
    if not rules.period_is_sound(begins_on=begins_on, ends_on=ends_on):
        raise UnsoundPeriodError("The last day must come after the first, and within two years of it.")
    take_turns(session, person_id=by)
    known = session.get(Budget, key) if key else None
    if known is not None and (known.person_id, known.name) == (by, name):
        return known.id
    budget = Budget(
        id=BudgetId(uuid.uuid4()) if known or key is None else key,
        person_id=by,
        name=name,
        begins_on=begins_on,
        ends_on=ends_on,
        created_at=now,
    )
    _hold(budget, held_by or HeldBy(holding))
    session.add(budget)
    session.flush()
    for stream, amount in given.items():
        _allocate(session, budget=budget, stream=stream, amount=amount, by=by, now=now)
    audit.record(session, by=by, did="set up", to_kind="budget", to_id=budget.id, now=now)
    return budget.id


def change_budget(
    session: Session, *, budget_id: BudgetId, by: PersonId, name: str, held_by: HeldBy, now: datetime
) -> None:
    """
    Call a budget something else, or say who holds it now. Its money and its period stay what they are.

    :raises BudgetNotFoundError: if it is not this person's.
    :raises HolderUnnamedError: if whoever holds it has an address but no name.
    """
    budget = _own(session, budget_id=budget_id, by=by)
    budget.name = name
    _hold(budget, held_by)
    audit.record(session, by=by, did="changed", to_kind="budget", to_id=budget.id, now=now)


def _own(session: Session, *, budget_id: BudgetId, by: PersonId) -> Budget:
    """Return somebody's own budget, locked."""
    budget = session.get(Budget, budget_id, with_for_update=True)
    if budget is None or budget.person_id != by:
        raise BudgetNotFoundError("We could not find that budget.")
    return budget


def _hold(budget: Budget, held_by: HeldBy) -> None:
    if held_by.email and not held_by.name:
        raise HolderUnnamedError("Say what they are called too, so that invoices have a name on them.")
    budget.holding, budget.carry_over_percent = held_by.holding, held_by.carry_over_percent
    budget.holder_name, budget.holder_email = held_by.name, held_by.email
    budget.reference = held_by.reference


def top_up(
    session: Session,
    *,
    budget_id: BudgetId,
    by: PersonId,
    stream: Stream,
    amount: Money,
    now: datetime,
    key: TransferId | None = None,
) -> None:
    """
    Add money to a budget, from a stream it has or a new one. Idempotent: the same key and amount add it once.

    :raises BudgetNotFoundError: if it is not this person's.
    :raises BudgetClosedError: if its period was closed.
    :raises NoMoneyError: if the amount is nothing or less.
    :raises TooMuchMoneyError: if the amount is over a million pounds.
    """
    budget = _own(session, budget_id=budget_id, by=by)
    if budget.closed_at is not None:
        raise BudgetClosedError(worded("“{name}” is closed. Add the money to a budget that is open.", name=budget.name))
    if amount <= ZERO:
        raise NoMoneyError("Enter an amount of at least a penny.")
    _refuse_too_much(amount)
    if key is not None and session.get(Transfer, key) is not None:
        if session.scalars(select(Entry.id).where(Entry.transfer_id == key, Entry.amount == amount)).first():
            return
        key = None
    _allocate(session, budget=budget, stream=stream, amount=amount, by=by, now=now, key=key)
    audit.record(session, by=by, did="topped up", to_kind="budget", to_id=budget.id, now=now)


def _refuse_too_much(amount: Money) -> None:
    if amount > rules.LARGEST:
        raise TooMuchMoneyError("That is over a million pounds. Check the amount.")


def _allocate(
    session: Session,
    *,
    budget: Budget,
    stream: Stream,
    amount: Money,
    by: PersonId,
    now: datetime,
    key: TransferId | None = None,
) -> None:
    _refuse_too_much(amount)
    stream_id = session.scalars(
        select(FundingStream.id).where(FundingStream.budget_id == budget.id, FundingStream.kind == stream)
    ).one_or_none()
    if stream_id is None:
        stream_id = StreamId(uuid.uuid4())
        session.add(FundingStream(id=stream_id, budget_id=budget.id, kind=stream))
        session.flush()
    movements = rules.allocation(stream_id=stream_id, amount=amount)
    write_transfer(session, movements=movements, reason=Reason.ALLOCATED, by=by, now=now, key=key)
