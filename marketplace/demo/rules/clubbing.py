"""Who joins which pool when, and how it ends."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from marketplace.demo.rules.calendar import Calendar, later, some_day, some_time
from marketplace.demo.rules.trade import Reach
from marketplace.demo.rules.written import WrittenPool, WrittenTown
from marketplace.kit.days import midnight

_WAVERS_OF = 3
"""In one pool of so many, somebody joins and thinks better of it."""


@dataclass(frozen=True, slots=True)
class PlannedPool:
    """
    A pool, and when each thing that happens to it does.

    The first of `joins` opens it. `waverer` joins and leaves again. `closes_at` is when the worker sees that
    its last day is over; `done_at` when a pool that was met is done with.
    """

    pool: WrittenPool
    joins: tuple[tuple[str, datetime], ...]
    starts_on: date
    waverer: tuple[str, datetime, datetime] | None = None
    withdrawn_at: datetime | None = None
    closes_at: datetime | None = None
    starts_at: datetime | None = None
    done_at: datetime | None = None


def plan_pools(
    draw: Random, *, town: WrittenTown, calendar: Calendar, people: list[str], reach: Reach
) -> tuple[PlannedPool, ...]:
    """Return who joins each pool and when. People who open one do not open another."""
    free = draw.sample(people, len(people))
    return tuple(
        _plan(draw, pool, wavers=number % _WAVERS_OF == 0, calendar=calendar, free=free, reach=reach)
        for number, pool in enumerate(town.pools)
    )


def _plan(
    draw: Random, pool: WrittenPool, *, wavers: bool, calendar: Calendar, free: list[str], reach: Reach
) -> PlannedPool:
    opened_on = calendar.days_ago(pool.opened_days_ago)
    last_day = opened_on + timedelta(days=pool.open_for_days)
    # The last to join a pool that is met leaves some days to spare; a pool that was withdrawn was given up half-way.
    share = {"met": 0.8, "withdrawn": 0.6}.get(pool.state, 1.0)
    final = min(opened_on + timedelta(days=max(round(pool.open_for_days * share), 1)), calendar.built_on)
    members = [_take(free, pool.offer, reach) for _ in range(pool.joined)]
    opened_at = some_time(draw, opened_on)
    joined_at = sorted(some_time(draw, some_day(draw, opened_on + timedelta(days=1), final)) for _ in members[1:])
    starts_on = last_day + timedelta(days=pool.starts_days_after_close)
    waverer = None
    if wavers and pool.joined < pool.minimum_people - 1:
        came_at = opened_at + timedelta(minutes=draw.randint(90, 600))
        waverer = (_take(free, pool.offer, reach), came_at, came_at + timedelta(hours=draw.randint(3, 12)))
    return PlannedPool(
        pool=pool,
        joins=tuple(zip(members, [opened_at, *joined_at], strict=True)),
        starts_on=starts_on,
        waverer=waverer,
        withdrawn_at=some_time(draw, final) if pool.state == "withdrawn" else None,
        closes_at=_after_midnight(last_day),
        starts_at=_after_midnight(starts_on - timedelta(days=1)),
        done_at=later(draw, some_time(draw, starts_on), days=(3, 30)) if pool.state == "met" else None,
    )


def _take(free: list[str], offer: str, reach: Reach) -> str:
    """Return somebody who has not been in a pool yet and whom the offer reaches, and put them at the end of the row."""
    person = next((one for one in free if reach(one, offer)), free[0])
    free.remove(person)
    free.append(person)
    return person


def _after_midnight(last_day: date) -> datetime:
    """Return when the job that closes pools comes by, after the last day to join."""
    return midnight(last_day + timedelta(days=1)) + timedelta(minutes=1)
