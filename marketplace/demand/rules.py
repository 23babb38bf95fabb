"""What is true of demand figures: which quarters there are, and what may be shown. Pure: no database, no clock."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import NewType

from marketplace.brokerage.rules.nouns import NoBid
from marketplace.kit.days import day_of, midnight
from marketplace.kit.money import Money

ReleaseId = NewType("ReleaseId", uuid.UUID)

THRESHOLD = 10
"""The smallest number that is shown, and the fewest people who may stand behind it (C5, R2)."""
ROUND_TO = 5
"""Shown figures are rounded to the nearest of these (C5, R3)."""
FEWEST_PROVIDERS = 3
"""The fewest providers whose prices may stand behind a price that is shown: nobody learns what another asks."""
ROUND_PRICES_TO = Money(50)
"""Shown prices are rounded to the nearest of these."""
NOT_SHOWN = "not shown"
"""The one mark for every figure that is hidden, zero included, so that the mark itself gives nothing away (C5, R2)."""
METHOD_VERSION = 2
"""Raise this when the rules below change: a release says by which method it was made."""

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
        return f"{self.starts_on:%B} to {self.last_day:%B} {self.year}"

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


def closed_quarters(*, since: date, today: date) -> list[Quarter]:
    """Return every quarter that is over, oldest first, from the one that `since` falls in."""
    quarters, quarter = [], Quarter.of(since)
    while quarter.is_closed(today):
        quarters.append(quarter)
        quarter = quarter.next
    return quarters


def shown(number: int, *, people: int | None = None) -> int | None:
    """
    Return a true count as it may be shown: rounded, or None when it must stay hidden.

    `people` is how many different people stand behind the count; leave it out when the count is of people, or when
    nothing is known about who did it. Ten arrangements made by one person are one person, not ten (C5, R1).
    """
    behind = number if people is None else people
    if number < THRESHOLD or behind < THRESHOLD:
        return None
    return (number + ROUND_TO // 2) // ROUND_TO * ROUND_TO


@dataclass(frozen=True, slots=True)
class Counted:
    """A true count, and how many different people stand behind it (None: nobody knows). Never shown as it is."""

    number: int = 0
    people: int | None = None

    @property
    def shown(self) -> str:
        """The figure as a release says it."""
        figure = shown(self.number, people=self.people)
        return NOT_SHOWN if figure is None else str(figure)


def shown_price(prices: Sequence[Money], *, people: int, providers: int) -> str:
    """
    Return the middle one of some prices as it may be shown: rounded, in pounds, or the mark of what is hidden.

    Enough people must stand behind them, as behind a count, and enough providers.
    """
    if people < THRESHOLD or len(prices) < THRESHOLD or providers < FEWEST_PROVIDERS:
        return NOT_SHOWN
    step = ROUND_PRICES_TO.pence
    pence = (median_low(prices).pence + step // 2) // step * step
    return f"{pence // 100}.{pence % 100:02d}"


@dataclass(frozen=True, slots=True)
class CategoryCounts:
    """The true counts of one category in one council and quarter. They never leave the package."""

    category: str
    name: str
    people: Counted = Counted()
    arrangements: Counted = Counted()
    pools_opened: Counted = Counted()
    pools_met: Counted = Counted()
    searches: Counted = Counted()
    briefs: Counted = Counted()
    awards: Counted = Counted()
    hourly_price: str = NOT_SHOWN
    no_bids: Mapping[NoBid, Counted] = field(default_factory=dict)


ANY_CATEGORY, ANY_CATEGORY_NAME = "none", "No category chosen"
"""Where searches count that asked for no one category."""

COLUMNS = (
    "council_code",
    "council",
    "quarter",
    "first_day",
    "last_day",
    "category_code",
    "category",
    "people",
    "arrangements",
    "pools_opened",
    "pools_met",
    "searches_with_no_result",
    "briefs_opened",
    "quotes_chosen",
    "price_of_an_hour",
    *(f"no_quote_{reason}" for reason in NoBid),
)
"""The columns of a release, in their order. The method page says what each means."""


def release_row(counts: CategoryCounts, *, council_code: str, council: str, quarter: Quarter) -> tuple[str, ...]:
    """Return one row of a release, with every figure under the rule."""
    return (
        council_code,
        council,
        quarter.slug,
        quarter.starts_on.isoformat(),
        quarter.last_day.isoformat(),
        counts.category,
        counts.name,
        counts.people.shown,
        counts.arrangements.shown,
        counts.pools_opened.shown,
        counts.pools_met.shown,
        counts.searches.shown,
        counts.briefs.shown,
        counts.awards.shown,
        counts.hourly_price,
        *(counts.no_bids.get(reason, Counted()).shown for reason in NoBid),
    )
