"""What is true of pools. Pure: no database, no web, no clock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from marketplace.catalogue.rules import Unit
from marketplace.kit.days import day_of, midnight
from marketplace.kit.said import month
from marketplace.kit.sentences import worded
from marketplace.pooling.rules.nouns import Counts, PoolStatus
from marketplace.purchasing.rules.nouns import ArrangementKind

FEWEST_PEOPLE, MOST_PEOPLE = 2, 50
SHORTEST_WAIT_DAYS, LONGEST_WAIT_DAYS = 1, 90
MOST_EACH = 1000
"""The most of an offer that one person can ask for in a pool, in the offer's unit."""
LONGEST_TITLE, LONGEST_PURPOSE = 80, 1000
"""Most characters in a pool's name, and in what it is for."""
LATEST_START_DAYS = 365
"""How long after the last day to join a pool's support may begin, in days."""


T = TypeVar("T")
_S = PoolStatus
NEXT: dict[PoolStatus, frozenset[PoolStatus]] = {
    _S.DRAFT: frozenset({_S.OPEN, _S.WITHDRAWN}),
    _S.OPEN: frozenset({_S.TIPPING, _S.EXPIRED, _S.WITHDRAWN}),
    _S.TIPPING: frozenset({_S.REPAIRING, _S.RECONSENT, _S.CONFIRMED, _S.EXPIRED, _S.WITHDRAWN}),
    _S.REPAIRING: frozenset({_S.TIPPING, _S.RECONSENT, _S.CONFIRMED, _S.EXPIRED, _S.WITHDRAWN}),
    _S.RECONSENT: frozenset({_S.TIPPING, _S.REPAIRING, _S.CONFIRMED, _S.EXPIRED, _S.WITHDRAWN}),
    _S.CONFIRMED: frozenset({_S.RUNNING, _S.ENDED}),
    _S.RUNNING: frozenset({_S.ENDED}),
    _S.ENDED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}
"""What a pool may become [ANCHORS C3]."""

SETTLING = frozenset({_S.TIPPING, _S.REPAIRING, _S.RECONSENT})
"""Nobody joins any more, and nothing is certain yet."""
GOES_AHEAD = frozenset({_S.CONFIRMED, _S.RUNNING})
OVER = frozenset({_S.ENDED, _S.EXPIRED, _S.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class NewPool:
    """
    What somebody who opens a pool asks for.

    `quantity` is what each person gets, in the offer's unit: of weekly support, in each of the weeks. People can join
    for `days` days after today. `most_people` is how many the provider can take, or None if nobody says.
    """

    title: str
    purpose: str
    minimum_people: int
    quantity: int
    days: int
    starts_on: date
    most_people: int | None = None
    kind: ArrangementKind = ArrangementKind.ONE_OFF
    weeks: int = 1
    counts: Counts = Counts.PEOPLE


def next_status(*, status: PoolStatus, wanted: PoolStatus) -> PoolStatus:
    """
    Return the status a pool moves to.

    :raises ValueError: if a pool in this status can never become that. Services refuse in words before they ask.
    """
    if wanted not in NEXT[status]:
        raise ValueError(worded("a pool that is {status} cannot become {wanted}", status=status, wanted=wanted))
    return wanted


def accepts_pledges(*, status: PoolStatus, closes_at: datetime, now: datetime) -> bool:
    """Test whether a pool can still be joined, left or withdrawn. The clock decides, not the job that tidies up."""
    return status is PoolStatus.OPEN and now < closes_at


def status_shown(*, status: PoolStatus, closes_at: datetime, now: datetime) -> PoolStatus:
    """Return the status people see: a pool past its last day has expired, even if nothing has closed it yet."""
    if status is PoolStatus.OPEN and now >= closes_at:
        return PoolStatus.EXPIRED
    return status


def closing_moment(*, opened_at: datetime, days: int) -> datetime:
    """Return the moment a pool closes: midnight in London at the end of the last day, `days` after it was opened."""
    return midnight(day_of(opened_at) + timedelta(days=days + 1))


def last_day(closes_at: datetime) -> date:
    """Return the last day on which a pool can be joined."""
    return day_of(closes_at - timedelta(microseconds=1))


def title_problem(title: str) -> str | None:
    """Return why a pool's name will not do, as a sentence, or None if it will."""
    if not title:
        return "Give your pool a name."
    return (
        None
        if len(title) <= LONGEST_TITLE
        else worded("Use at most {longest_title} characters.", longest_title=LONGEST_TITLE)
    )


def purpose_problem(purpose: str) -> str | None:
    """Return why what a pool is for will not do, as a sentence, or None if it will."""
    if not purpose:
        return "Say what you would like to do together."
    return (
        None
        if len(purpose) <= LONGEST_PURPOSE
        else worded("Use at most {longest_purpose:,} characters.", longest_purpose=LONGEST_PURPOSE)
    )


def size_problem(*, minimum_people: int, people_from: int | None, counts: Counts = Counts.PEOPLE) -> str | None:
    """
    Return why a pool of this size will not do, as a sentence, or None if it will.

    `people_from` is the smallest group the provider has a price for, or None if there is no group price.
    """
    if people_from is None:
        return "This offer has no price for groups, so there is nothing to gain by clubbing together."
    if not FEWEST_PEOPLE <= minimum_people <= MOST_PEOPLE:
        return worded(
            "Choose a number of people from {fewest_people} to {most_people}.",
            fewest_people=FEWEST_PEOPLE,
            most_people=MOST_PEOPLE,
        )
    if counts is Counts.PEOPLE and minimum_people < people_from:
        return worded(
            "The group price starts at {people_from} people. Choose {people_from} or more.", people_from=people_from
        )
    return None


def room_problem(*, most_people: int | None, minimum_people: int, can_take: int | None = None) -> str | None:
    """
    Return why so many people at most will not do, as a sentence, or None if they will.

    `can_take` is how many the provider has said they can take, or None if they have not.
    """
    if most_people is None:
        return None
    largest = MOST_PEOPLE if can_take is None else can_take
    if not minimum_people <= most_people <= largest:
        return worded(
            "Choose a number of people from {minimum_people} to {largest}, or leave this empty.",
            minimum_people=minimum_people,
            largest=largest,
        )
    return None


def counts_problem(*, counts: Counts, unit: Unit) -> str | None:
    """
    Return why a price cannot go down by what is counted, as a sentence, or None if it can.

    Providers set prices for so many people. Of things and places one person may take several, and each counts as one.
    """
    if counts is Counts.QUANTITY and unit is not Unit.ITEM:
        return "The provider’s price goes down with the number of people, so choose that."
    return None


def deadline_problem(days: int) -> str | None:
    """Return why a pool may not be open for so many days, as a sentence, or None if it may."""
    if not SHORTEST_WAIT_DAYS <= days <= LONGEST_WAIT_DAYS:
        return worded(
            "Keep the pool open for {shortest_wait_days} to {longest_wait_days} days.",
            shortest_wait_days=SHORTEST_WAIT_DAYS,
            longest_wait_days=LONGEST_WAIT_DAYS,
        )
    return None


def start_problem(*, closes_at: datetime, starts_on: date) -> str | None:
    """Return why what a pool buys may not begin on this day, as a sentence, or None if it may."""
    final = last_day(closes_at)
    if starts_on <= final:
        return worded(
            "People can join until {day} {month}, so choose a start date after that: "
            "then everyone knows before it begins.",
            day=final.day,
            month=month(final),
        )
    if starts_on > final + timedelta(days=LATEST_START_DAYS):
        return "Choose a start date within a year of the last day to join."
    return None


def quantity_problem(quantity: int) -> str | None:
    """Return why this much for each person will not do, as a sentence, or None if it will."""
    return (
        None
        if 1 <= quantity <= MOST_EACH
        else worded("Choose an amount for each person from 1 to {most_each:,}.", most_each=MOST_EACH)
    )


def known(value: T | None) -> T:
    """
    Return what a pool has once people can pledge to it.

    :raises ValueError: if it is not there: the database promises that it is.
    """
    if value is None:
        raise ValueError("a pool that people pledge to is complete")
    return value
