"""When is it in the town? Five closed quarters and what has passed of the next, counted back from one day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from marketplace.kit.days import LONDON, day_of, midnight
from marketplace.kit.quarters import Quarter

CLOSED_QUARTERS = 5
_WAKES, _SLEEPS = 8, 21
"""People write between these hours, in London."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The town's time. It ends before the day it is built on, so that all who build it on one day build the same."""

    built_on: date

    @property
    def until(self) -> datetime:
        """The moment up to which things have happened."""
        return midnight(self.built_on)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The closed quarters, oldest first."""
        found = [Quarter.of(self.built_on).previous]
        while len(found) < CLOSED_QUARTERS:
            found.append(found[-1].previous)
        return tuple(reversed(found))

    @property
    def current(self) -> Quarter:
        """The quarter that is not over."""
        return Quarter.of(self.built_on)

    @property
    def opens_on(self) -> date:
        """The first day on which anything is asked for."""
        return self.quarters[0].starts_on

    def days_ago(self, days: int) -> date:
        """Return a day counted back from the one the town is built on."""
        return self.built_on - timedelta(days=days)


def some_time(draw: Random, on: date) -> datetime:
    """Return a moment of a day at which people are up."""
    minute = draw.randrange(_WAKES * 60, _SLEEPS * 60)
    return datetime.combine(on, time(minute // 60, minute % 60), tzinfo=LONDON).astimezone(UTC)


def some_day(draw: Random, since: date, until: date) -> date:
    """Return a day from `since` up to, but not including, `until`."""
    return since + timedelta(days=draw.randrange((until - since).days))


def later(draw: Random, moment: datetime, *, days: tuple[int, int]) -> datetime:
    """Return a moment some days after another, from and to."""
    return some_time(draw, day_of(moment) + timedelta(days=draw.randint(*days)))
