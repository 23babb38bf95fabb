"""Quarters of a year, and what the moderation ledger adds up in one. Pure: no database, no web, no clock."""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_MONTHS = 3
_CODE = re.compile(r"(2\d{3})-q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months: the first of a year begin in January."""

    year: int
    number: int

    @property
    def begins_on(self) -> date:
        """Its first day."""
        return date(self.year, _MONTHS * self.number - 2, 1)

    @property
    def next(self) -> "Quarter":
        """The one that follows."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)  # noqa: PLR2004

    @property
    def code(self) -> str:
        """What it is called in an address: `2026-q3`."""
        return f"{self.year}-q{self.number}"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        months = ("January to March", "April to June", "July to September", "October to December")
        return f"{months[self.number - 1]} {self.year}"


def quarter_of(day: date) -> Quarter:
    """Return the quarter that a day is in."""
    return Quarter(day.year, (day.month - 1) // _MONTHS + 1)


def quarter_coded(code: str) -> Quarter | None:
    """Return the quarter of that name in an address, or None."""
    found = _CODE.fullmatch(code)
    return Quarter(int(found[1]), int(found[2])) if found else None


def quarters_between(first: Quarter, last: Quarter) -> tuple[Quarter, ...]:
    """Return all quarters from the first to the last, the newest first."""
    found = []
    while first <= last:
        found.append(first)
        first = first.next
    return tuple(reversed(found))


class Band(enum.StrEnum):
    """How good a review is, so that everybody sees whether good and bad are treated alike."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {Band.LOW: "1 or 2 stars", Band.MIDDLE: "3 stars", Band.HIGH: "4 or 5 stars"}[self]

    @property
    def stars(self) -> tuple[int, ...]:
        """Which numbers of stars are in it."""
        return {Band.LOW: (1, 2), Band.MIDDLE: (3,), Band.HIGH: (4, 5)}[self]


def at_percentile(values: Sequence[float], percent: int) -> float | None:
    """Return the smallest of some values that at least so many per cent of them do not exceed; None for no values."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
