"""Do the books keep what they promise? Every promise is one question in SQL, and names each row that breaks it."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, or_, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import Budget, Entry, FundingStream, Promise, Transfer
from marketplace.budgets.rules import MOVES, SOURCES, Account
from marketplace.kit.model import Pence
from marketplace.kit.money import ZERO

_NOTHING = literal(ZERO, Pence())
_OF_PROMISES = (Account.PROMISED, Account.SPENT)


@dataclass(frozen=True, slots=True)
class Broken:
    """One row that breaks a promise: which promise, of what kind the row is, and its id."""

    promise: str
    kind: str
    row_id: uuid.UUID


def broken_rows(session: Session) -> tuple[Broken, ...]:
    """Return every row of budgets that breaks a promise of the ledger, by name. An empty answer is clean books."""
    return named(session, _promises())


def named(session: Session, promises: Iterable[tuple[str, str, Select[Any]]]) -> tuple[Broken, ...]:
    """Return the rows that the questions find, each with the promise that it breaks and the kind of row it is."""
    return tuple(
        Broken(promise=promise, kind=kind, row_id=row_id)
        for promise, kind, broken in promises
        for row_id in session.scalars(broken)
    )


@cache
def _promises() -> tuple[tuple[str, str, Select[Any]], ...]:
    """Every promise of the ledger, the kind of row that can break it, and which rows do."""
    # Written once: writing these questions takes several times as long as asking them of small books.
    return (*_of_transfers(), *_of_streams(), *_of_purposes())


def _of_transfers() -> Iterator[tuple[str, str, Select[Any]]]:
    sums = select(Entry.transfer_id).group_by(Entry.transfer_id)
    each_stream = select(Entry.transfer_id).group_by(Entry.transfer_id, Entry.stream_id)
    yield (
        "a transfer sums to zero within each stream",
        "transfer",
        each_stream.having(func.sum(Entry.amount) != _NOTHING).distinct(),
    )
    sides = select(Entry.transfer_id).where(Entry.transfer_id == Transfer.id)
    yield "a transfer has at least two sides", "transfer", sums.having(func.count() < 2)  # noqa: PLR2004
    yield "a transfer has at least two sides", "transfer", select(Transfer.id).where(~sides.exists())
    yield (
        "what one period carries over the next one gets",
        "transfer",
        sums.where(Entry.account == Account.CARRIED).having(func.sum(Entry.amount) != _NOTHING),
    )
    fits = or_(*(and_(Transfer.reason == why, Entry.account.in_(accounts)) for why, accounts in MOVES.items()))
    yield (
        "money moves between the accounts that its reason names",
        "transfer",
        select(Transfer.id).join(Entry, Entry.transfer_id == Transfer.id).where(not_(fits)).distinct(),
    )
    yield (
        "a transfer moves one person's money",
        "transfer",
        sums.join(FundingStream, FundingStream.id == Entry.stream_id)
        .join(Budget, Budget.id == FundingStream.budget_id)
        .having(func.count(Budget.person_id.distinct()) > 1),
    )


def _of_streams() -> Iterator[tuple[str, str, Select[Any]]]:
    counted = select(Entry.stream_id, *(_sum_of(account) for account in Account)).group_by(Entry.stream_id).subquery()
    streams = select(FundingStream.id).join(counted, counted.c.stream_id == FundingStream.id, isouter=True)
    yield (
        "what a stream keeps is the sum of its entries",
        "funding stream",
        streams.where(or_(*(_kept(FundingStream, it) != _or_nothing(counted.c[it]) for it in Account))),
    )
    yield (
        "no account of a stream is below zero",
        "funding stream",
        streams.where(
            or_(
                counted.c[Account.GRANTED] > _NOTHING,
                *(counted.c[it] < _NOTHING for it in Account if it not in SOURCES),
            )
        ),
    )
    everything = sum((counted.c[it] for it in Account), _NOTHING)
    yield "what was granted is the other side of the rest", "funding stream", streams.where(everything != _NOTHING)
    yield (
        "a closed budget has nothing left",
        "budget",
        select(Budget.id)
        .join(FundingStream, FundingStream.budget_id == Budget.id)
        .where(Budget.closed_at.is_not(None), FundingStream.left != _NOTHING)
        .distinct(),
    )


def _of_purposes() -> Iterator[tuple[str, str, Select[Any]]]:
    counted = (
        select(Entry.promise_id, *(_sum_of(account) for account in _OF_PROMISES))
        .where(Entry.promise_id.is_not(None))
        .group_by(Entry.promise_id)
        .subquery()
    )
    promises = select(Promise.id).join(counted, counted.c.promise_id == Promise.id, isouter=True)
    yield (
        "what is kept of a promise is the sum of its entries",
        "promise",
        promises.where(or_(*(_kept(Promise, it) != _or_nothing(counted.c[it]) for it in _OF_PROMISES))),
    )
    yield (
        "no purpose spends more than was promised for it",
        "promise",
        promises.where(or_(*(counted.c[it] < _NOTHING for it in _OF_PROMISES))),
    )
    yield (
        "money is promised and spent in the stream of its promise",
        "transfer",
        select(Entry.transfer_id)
        .join(Promise, Promise.id == Entry.promise_id)
        .where(Promise.stream_id != Entry.stream_id)
        .distinct(),
    )


def _sum_of(account: Account) -> ColumnElement[Any]:
    return _or_nothing(func.sum(Entry.amount).filter(Entry.account == account)).label(account)


def _or_nothing(amount: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(amount, _NOTHING)


def _kept(model: type[FundingStream | Promise], account: Account) -> ColumnElement[Any]:
    column: ColumnElement[Any] = getattr(model, account)
    return column
