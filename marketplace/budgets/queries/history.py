"""What happened to a budget's money, when, and what for? Each question takes the viewer and filters in SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import Viewer
from marketplace.budgets import rules
from marketplace.budgets.models import Budget, Entry, FundingStream, Promise, Transfer
from marketplace.budgets.queries.budgets import visible
from marketplace.budgets.rules import Account, BudgetId, Holding, Reason, Stream
from marketplace.budgets.rules.statements import Balance, Moved, Quarter, balance_of
from marketplace.kit.days import midnight
from marketplace.kit.model import Pence
from marketplace.kit.money import ZERO, Money
from marketplace.kit.pages import Slice

PAGE = 50
_NOTHING = literal(ZERO, Pence())
_STAYS = (Reason.PROMISED, Reason.RELEASED)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What one transfer did to one stream. `to_unspent` is above zero if money came, below if it went."""

    at: datetime
    reason: Reason
    kind: Stream
    what: str
    note: str
    amount: Money
    to_unspent: Money


def _moves() -> Select[*tuple[Any, ...]]:
    unspent = func.sum(Entry.amount).filter(Entry.account.in_((Account.LEFT, Account.PROMISED)))
    return (
        select(
            Transfer.made_at,
            Transfer.reason,
            FundingStream.kind,
            func.coalesce(func.max(Promise.what), ""),
            Transfer.note,
            func.sum(Entry.amount).filter(Entry.amount > _NOTHING),
            func.coalesce(unspent, _NOTHING),
        )
        .join(Entry, Entry.transfer_id == Transfer.id)
        .join(FundingStream, FundingStream.id == Entry.stream_id)
        .join(Budget, Budget.id == FundingStream.budget_id)
        .join(Promise, Promise.id == Entry.promise_id, isouter=True)
        .group_by(Transfer.id, FundingStream.id)
    )


def history(
    session: Session, *, viewer: Viewer, on: date, budget_id: BudgetId, page: int = 1, size: int = PAGE
) -> tuple[tuple[HistoryLine, ...], Slice]:
    """Return one page of everything that happened to a budget, the newest first. Two queries."""
    wanted = _moves().where(Budget.id == budget_id, visible(viewer, on=on))
    total = session.scalars(select(func.count()).select_from(wanted.subquery())).one()
    part = Slice.within(total=total, size=size, page=page)
    rows = session.execute(
        wanted.order_by(Transfer.made_at.desc(), Transfer.id, FundingStream.kind).limit(size).offset(part.offset)
    )
    return tuple(HistoryLine(*row) for row in rows), part


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement of a statement, and what was unspent after it."""

    line: HistoryLine
    unspent: Money

    @property
    def came(self) -> Money | None:
        """What came in, if something did."""
        return self.line.to_unspent if self.line.to_unspent > ZERO else None

    @property
    def went(self) -> Money | None:
        """What went out, if something did."""
        return -self.line.to_unspent if self.line.to_unspent < ZERO else None


@dataclass(frozen=True, slots=True)
class Statement:
    """What came and went in one budget from one day to another, both included, and how each stream stood."""

    budget_id: BudgetId
    person_name: str
    is_own: bool
    name: str
    holding: Holding
    holder_name: str
    reference: str
    begins_on: date
    ends_on: date
    streams: tuple[tuple[Stream, Balance], ...]
    lines: tuple[StatementLine, ...]

    @property
    def balance(self) -> Balance:
        """All streams together."""
        return sum((balance for _kind, balance in self.streams), Balance())


def statement(
    session: Session, *, viewer: Viewer, on: date, budget_id: BudgetId, begins_on: date, ends_on: date
) -> Statement | None:
    """Return a statement of a budget, or None if there is none that the viewer may see. Three queries."""
    budget = session.execute(
        select(Budget, Person.name)
        .join(Person, Person.id == Budget.person_id)
        .where(Budget.id == budget_id, visible(viewer, on=on))
    ).one_or_none()
    if budget is None:
        return None
    found, person_name = budget
    sums = _balances(session, _sums(begins_on, ends_on).where(Budget.id == budget_id))
    streams = tuple((kind, balance) for (_budget_id, kind), balance in sums)
    rows = session.execute(
        _moves()
        .where(
            Budget.id == budget_id,
            Transfer.reason.not_in(_STAYS),
            Transfer.made_at >= midnight(begins_on),
            Transfer.made_at < midnight(ends_on + timedelta(days=1)),
        )
        .order_by(Transfer.made_at, Transfer.id, FundingStream.kind)
    )
    return Statement(
        budget_id=found.id,
        person_name=person_name,
        is_own=found.person_id == viewer.person_id,
        name=found.name,
        holding=found.holding,
        holder_name=found.holder_name,
        reference=found.reference,
        begins_on=begins_on,
        ends_on=ends_on,
        streams=streams,
        lines=tuple(_running(sum((b.opening for _kind, b in streams), ZERO), (HistoryLine(*row) for row in rows))),
    )


def _running(opening: Money, lines: Iterator[HistoryLine]) -> Iterator[StatementLine]:
    unspent = opening
    for line in lines:
        unspent += line.to_unspent
        yield StatementLine(line, unspent)


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One account of a quarterly return: one stream of one budget."""

    person_name: str
    is_own: bool
    budget_id: BudgetId
    name: str
    holding: Holding
    holder_name: str
    reference: str
    kind: Stream
    balance: Balance
    # The most that the funder's rule lets into the next period; None if there is no limit.
    carry_over_most: Money | None


def quarterly_return(session: Session, *, viewer: Viewer, on: date, quarter: Quarter) -> tuple[ReturnLine, ...]:
    """Return how each account the viewer may see stood over a quarter: those that were open in it. Two queries."""
    budgets = session.execute(
        select(Budget, FundingStream.kind, FundingStream.granted, Person.name)
        .join(FundingStream, FundingStream.budget_id == Budget.id)
        .join(Person, Person.id == Budget.person_id)
        .where(
            visible(viewer, on=on),
            Budget.begins_on <= quarter.ends_on,
            (Budget.closed_at.is_(None)) | (Budget.closed_at >= midnight(quarter.begins_on)),
        )
        .order_by(Person.name, Budget.begins_on, Budget.name, Budget.id, FundingStream.kind)
    ).all()
    ids = {row.Budget.id for row in budgets}
    sums = dict(_balances(session, _sums(quarter.begins_on, quarter.ends_on).where(Budget.id.in_(ids))))
    return tuple(
        ReturnLine(
            person_name=person_name,
            is_own=budget.person_id == viewer.person_id,
            budget_id=budget.id,
            name=budget.name,
            holding=budget.holding,
            holder_name=budget.holder_name,
            reference=budget.reference,
            kind=kind,
            balance=sums.get((budget.id, kind), Balance()),
            carry_over_most=rules.carry_over_most(
                kind=kind,
                granted=-granted,
                begins_on=budget.begins_on,
                ends_on=budget.ends_on,
                percent=budget.carry_over_percent,
            ),
        )
        for budget, kind, granted, person_name in budgets
    )


def _sums(begins_on: date, ends_on: date) -> Select[*tuple[Any, ...]]:
    begins, ends = midnight(begins_on), midnight(ends_on + timedelta(days=1))
    is_in = Entry.amount > _NOTHING
    return (
        select(
            Budget.id,
            FundingStream.kind,
            Entry.account,
            Transfer.reason,
            is_in.label("is_in"),
            func.coalesce(func.sum(Entry.amount).filter(Transfer.made_at < begins), _NOTHING),
            func.coalesce(func.sum(Entry.amount).filter(Transfer.made_at >= begins), _NOTHING),
        )
        .join(FundingStream, FundingStream.budget_id == Budget.id)
        .join(Entry, Entry.stream_id == FundingStream.id)
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .where(Transfer.made_at < ends)
        .group_by(Budget.id, FundingStream.kind, Entry.account, Transfer.reason, is_in)
        .order_by(Budget.id, FundingStream.kind)
    )


def _balances(session: Session, sums: Select[*tuple[Any, ...]]) -> list[tuple[tuple[BudgetId, Stream], Balance]]:
    moved: dict[tuple[BudgetId, Stream], list[Moved]] = {}
    for budget_id, kind, account, reason, is_in, before, within in session.execute(sums):
        moved.setdefault((budget_id, kind), []).append(Moved(account, reason, bool(is_in), before, within))
    return [(key, balance_of(moves)) for key, moves in moved.items()]
