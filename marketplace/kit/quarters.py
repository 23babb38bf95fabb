"""Which quarter of the year is it, and when does it begin and end? Quarters run by the clock in London."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.kit.days import day_of, midnight
from marketplace.kit.said import month_name
from marketplace.kit.sentences import worded

_SLUG = re.compile(r"(\d{4})-q([1-4])")
_MONTHS = 3
_QUARTERS = 4


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a calendar year, numbered from 1. They begin and end at midnight in London."""

    year: int
    number: int

    def __post_init__(self) -> None:
        """:raises ValueError: if there is no such quarter."""
        if not (date.min.year <= self.year < date.max.year and 1 <= self.number <= _QUARTERS):
            raise ValueError(f"there is no quarter {self.number} of {self.year}")

    @classmethod
    def of(cls, when: date | datetime) -> Quarter:
        """Return the quarter that a day or a moment falls in."""
        on = day_of(when) if isinstance(when, datetime) else when
        return cls(on.year, (on.month - 1) // _MONTHS + 1)

    @classmethod
    def from_slug(cls, slug: str) -> Quarter:
        """
        Return the quarter that a part of an address names, such as `2026-q1`.

        :raises ValueError: if it names none.
        """
        found = _SLUG.fullmatch(slug)
        if found is None:
            raise ValueError(f"{slug!r} is not a quarter")
        return cls(int(found[1]), int(found[2]))

    @property
    def slug(self) -> str:
        """The quarter as part of an address: `2026-q1`."""
        return f"{self.year:04d}-q{self.number}"

    @property
    def label(self) -> str:
        """The quarter as people say it: `January to March 2026`."""
        first, last = month_name(self.starts_on), month_name(self.last_day)
        return worded("{first} to {last} {year}", first=first, last=last, year=self.year)

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return date(self.year, _MONTHS * (self.number - 1) + 1, 1)

    @property
    def ends_on(self) -> date:
        """The first day after it."""
        return date(self.year + self.number // _QUARTERS, _MONTHS * self.number % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.ends_on - timedelta(days=1)

    @property
    def starts_at(self) -> datetime:
        """The moment it begins."""
        return midnight(self.starts_on)

    @property
    def ends_at(self) -> datetime:
        """The moment after its last."""
        return midnight(self.ends_on)

    @property
    def next(self) -> Quarter:
        """The quarter after this one."""
        return Quarter(self.year, self.number + 1) if self.number < _QUARTERS else Quarter(self.year + 1, 1)

    @property
    def previous(self) -> Quarter:
        """The quarter before this one."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, _QUARTERS)

    def is_closed(self, today: date) -> bool:
        """Test whether the quarter is over."""
        return self.ends_on <= today
