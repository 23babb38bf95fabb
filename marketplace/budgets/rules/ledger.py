"""What is true of budgets and their ledger. Pure: no database, no web, no clock."""

import enum
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NewType

from marketplace.kit.money import ZERO, Money

BudgetId = NewType("BudgetId", uuid.UUID)
StreamId = NewType("StreamId", uuid.UUID)
TransferId = NewType("TransferId", uuid.UUID)
PromiseId = NewType("PromiseId", uuid.UUID)
Purpose = NewType("Purpose", uuid.UUID)
"""What money is promised for: an arrangement. Packages above know what it is; here it is a key."""

LARGEST = Money(100_000_000)
"""One million pounds: more than any allocation, and less than a slip of the finger."""


class Holding(enum.StrEnum):
    """Who holds the money: the ways a personal budget is deployed [001, 003]. All give the same choice."""

    DIRECT_PAYMENT = "direct_payment"
    NOMINATED_THIRD_PARTY = "nominated_third_party"
    TRUST = "trust"
    BROKER = "broker"
    INDIVIDUAL_SERVICE_FUND = "individual_service_fund"
    COUNCIL_MANAGED = "council_managed"
    OWN_MONEY = "own_money"


class Stream(enum.StrEnum):
    """Where a part of a budget comes from [001, 003]."""

    SOCIAL_CARE = "social_care"
    NHS = "nhs"
    HOUSING = "housing"
    OWN_MONEY = "own_money"


class Account(enum.StrEnum):
    """
    Where money stands within one funding stream.

    What was granted (below zero) is the other side of all the rest, so that the accounts of a stream sum to zero.
    """

    GRANTED = "granted"
    LEFT = "left"
    PROMISED = "promised"
    SPENT = "spent"
    # Taken into the next period (above zero here, below zero there).
    CARRIED = "carried"
    # Given back to whoever granted it, when a period is closed.
    RETURNED = "returned"


class Reason(enum.StrEnum):
    """Why money moved: what can happen to it, the whole of it."""

    ALLOCATED = "allocated"
    PROMISED = "promised"
    RELEASED = "released"
    SPENT = "spent"
    REFUNDED = "refunded"
    CARRIED_OVER = "carried_over"
    RETURNED = "returned"


SOURCES = frozenset({Account.GRANTED, Account.CARRIED})
"""The accounts that may stand below zero: where money comes from."""

MOVES = {
    Reason.ALLOCATED: frozenset({Account.GRANTED, Account.LEFT}),
    Reason.PROMISED: frozenset({Account.LEFT, Account.PROMISED}),
    Reason.RELEASED: frozenset({Account.PROMISED, Account.LEFT, Account.RETURNED}),
    Reason.SPENT: frozenset({Account.PROMISED, Account.LEFT, Account.SPENT}),
    Reason.REFUNDED: frozenset({Account.SPENT, Account.LEFT, Account.RETURNED}),
    Reason.CARRIED_OVER: frozenset({Account.LEFT, Account.CARRIED}),
    Reason.RETURNED: frozenset({Account.LEFT, Account.RETURNED}),
}
"""Between which accounts money moves, for each reason."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One side of a transfer: pence into (or, below zero, out of) one account of one stream."""

    stream_id: StreamId
    account: Account
    amount: Money
    # What it is promised for or spent on; nothing elsewhere.
    promise_id: PromiseId | None = None


def allocation(*, stream_id: StreamId, amount: Money) -> tuple[Movement, Movement]:
    """Return the two sides of money arriving in a stream."""
    return Movement(stream_id, Account.GRANTED, -amount), Movement(stream_id, Account.LEFT, amount)


def sides_of(movements: Iterable[Movement]) -> tuple[Movement, ...]:
    """Return the movements of something, those that take money out of an account first."""
    return tuple(sorted((m for m in movements if m.amount != ZERO), key=lambda m: m.amount > ZERO))


def balances(movements: Iterable[Movement]) -> bool:
    """Test whether movements make a transfer: none of nothing, and zero together within each stream."""
    sums: dict[StreamId, Money] = {}
    moves = list(movements)
    for move in moves:
        sums[move.stream_id] = sums.get(move.stream_id, ZERO) + move.amount
    return bool(moves) and all(m.amount != ZERO for m in moves) and all(total == ZERO for total in sums.values())


def period_is_sound(*, begins_on: date, ends_on: date) -> bool:
    """Test whether a period is at least a day and at most two years long. `ends_on` is its last day."""
    return 0 <= (ends_on - begins_on).days <= 731  # noqa: PLR2004


def weeks_in(*, begins_on: date, ends_on: date) -> int:
    """Return how many weeks a period lasts, a started one counting as one."""
    return -(-((ends_on - begins_on).days + 1) // 7)
