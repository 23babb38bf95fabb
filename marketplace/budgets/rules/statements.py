"""What a statement and a quarterly return say. Pure: no database, no web, no clock."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from marketplace.budgets.rules.ledger import Account, Reason
from marketplace.kit.money import ZERO, Money

_CODE = re.compile(r"(20\d\d)-q([1-4])")
LONGEST_STATEMENT = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Moved:
    """What one account of one stream took in or gave out for one reason: before a time, and within it."""

    account: Account
    reason: Reason
    is_in: bool
    before: Money
    within: Money


@dataclass(frozen=True, slots=True)
class Balance:
    """
    One stream over a time: what was unspent, what came and went, and what is unspent then.

    Unspent is promised or left. `closing` is counted by itself, not worked out from the rest: that they agree is a
    promise of the ledger (`agrees`).
    """

    opening: Money = ZERO
    granted: Money = ZERO
    brought: Money = ZERO
    spent: Money = ZERO
    refunded: Money = ZERO
    carried: Money = ZERO
    returned: Money = ZERO
    promised: Money = ZERO
    left: Money = ZERO

    @property
    def closing(self) -> Money:
        """What is unspent at the end."""
        return self.promised + self.left

    @property
    def agrees(self) -> bool:
        """Whether what came and went explains what is there."""
        came = self.opening + self.granted + self.brought + self.refunded
        return came - self.spent - self.carried - self.returned == self.closing

    def __add__(self, other: Self) -> "Balance":
        return Balance(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def balance_of(moved: Iterable[Moved]) -> Balance:
    """Return how one stream stood over a time, from what each of its accounts took in and gave out."""
    moves = list(moved)

    def within(account: Account, *, is_in: bool | None = None, reasons: frozenset[Reason] = frozenset(Reason)) -> Money:
        chosen = (m for m in moves if m.account is account and is_in in {None, m.is_in} and m.reason in reasons)
        return sum((m.within for m in chosen), ZERO)

    def until_then(*accounts: Account) -> Money:
        return sum((m.before for m in moves if m.account in accounts), ZERO)

    refunds = frozenset({Reason.REFUNDED})
    return Balance(
        opening=until_then(Account.LEFT, Account.PROMISED),
        granted=-within(Account.GRANTED),
        brought=-within(Account.CARRIED, is_in=False),
        spent=within(Account.SPENT, reasons=frozenset(Reason) - refunds),
        refunded=-within(Account.SPENT, reasons=refunds),
        carried=within(Account.CARRIED, is_in=True),
        returned=within(Account.RETURNED),
        promised=until_then(Account.PROMISED) + within(Account.PROMISED),
        left=until_then(Account.LEFT) + within(Account.LEFT),
    )


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year, as funders count them: from January, April, July or October."""

    year: int
    number: int

    @classmethod
    def holding(cls, day: date) -> Self:
        """Return the quarter that a day is in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def from_code(cls, code: str) -> Self | None:
        """Return the quarter of a code, `2026-q2`, or None if it is no such code."""
        found = _CODE.fullmatch(code)
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def code(self) -> str:
        """The quarter as addresses have it."""
        return f"{self.year}-q{self.number}"

    @property
    def begins_on(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.following.begins_on - timedelta(days=1)

    @property
    def following(self) -> "Quarter":
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        """The quarter before it."""
        return Quarter(self.year - (self.number == 1), (self.number + 2) % 4 + 1)


def statement_is_sound(*, begins_on: date, ends_on: date) -> bool:
    """Test whether a time is one that a statement can be about: at least a day, at most two years."""
    return begins_on <= ends_on <= begins_on + LONGEST_STATEMENT


def following_period(*, begins_on: date, ends_on: date) -> tuple[date, date]:
    """Return the period after one that is as long: a year after a year, leap or not, or as many days."""
    following = ends_on + timedelta(days=1)
    years = following.year - begins_on.year
    if years and (following.month, following.day) == (begins_on.month, begins_on.day):
        return following, following.replace(year=following.year + years) - timedelta(days=1)
    return following, following + (ends_on - begins_on)
