"""The moderation ledger: what became of all reviews that came in, added up for everybody to check."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal_column, select
from sqlalchemy.orm import Session

from marketplace.kit.days import day_of, midnight
from marketplace.ratings.models import LedgerLine
from marketplace.ratings.rules.nouns import AppealOutcome, Ground
from marketplace.ratings.rules.quarters import (
    Band,
    Quarter,
    at_percentile,
    quarter_of,
    quarters_between,
)

_HOUR = 3600
_MEDIAN, _SLOWEST = 50, 90


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the reviews of one band. Each that came in is in exactly one of shown, refused, waiting, gone."""

    received: int
    shown: int
    refused: int
    waiting: int
    withdrawn: int
    # Of all that came in: how many a screen stopped, so that a person read them first.
    stopped: int
    # Hours from being stopped to a decision: half took no longer, and nine in ten took no longer.
    median_hours: float | None
    slow_hours: float | None
    refused_on: Mapping[Ground, int]
    appealed: int
    overturned: int
    upheld: int

    @property
    def shown_percent(self) -> int | None:
        """How many of a hundred were shown."""
        return round(100 * self.shown / self.received) if self.received else None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one quarter."""

    quarter: Quarter
    is_over: bool
    bands: Mapping[Band, Fate]
    all: Fate


def ledger_quarters(session: Session, *, today: date) -> tuple[Quarter, ...]:
    """Return the quarters that have a ledger, the newest first: from the first review to today's."""
    first = session.scalar(select(func.min(LedgerLine.received_at)))
    current = quarter_of(today)
    return quarters_between(quarter_of(day_of(first)), current) if first else (current,)


def ledger_of(session: Session, *, quarter: Quarter, today: date) -> Ledger:
    """Return what became, until now, of the reviews that came in during a quarter. Anybody may see it."""
    within = and_(
        LedgerLine.received_at >= midnight(quarter.begins_on),
        LedgerLine.received_at < midnight(quarter.next.begins_on),
    )
    alike, hours = _alike(session, within), _hours(session, within)
    return Ledger(
        quarter=quarter,
        is_over=today >= quarter.next.begins_on,
        bands={band: _fate(band.stars, alike, hours) for band in Band},
        all=_fate((1, 2, 3, 4, 5), alike, hours),
    )


@dataclass(frozen=True, slots=True)
class _Alike:
    """How many reviews had the same stars and the same fate."""

    stars: int
    ground: Ground | None
    appeal_outcome: AppealOutcome | None
    stopped: bool
    published: bool
    refused: bool
    withdrawn: bool
    appealed: bool
    times: int


def _alike(session: Session, within: ColumnElement[bool]) -> tuple[_Alike, ...]:
    """Count in one pass: a quarter may have many lines, but they have few fates."""
    moments = (
        LedgerLine.stopped_at,
        LedgerLine.published_at,
        LedgerLine.refused_at,
        LedgerLine.withdrawn_at,
        LedgerLine.appealed_at,
    )
    yes: ColumnElement[int] = literal_column("1")
    no: ColumnElement[int] = literal_column("0")
    kinds: list[Any] = [
        LedgerLine.stars,
        LedgerLine.ground,
        LedgerLine.appeal_outcome,
        # Written out: PostgreSQL takes two parameters of one value for two things, and groups by neither.
        *(case((moment.is_not(None), yes), else_=no) for moment in moments),
    ]
    rows: Iterable[Any] = session.execute(select(*kinds, func.count()).where(within).group_by(*kinds))
    return tuple(
        _Alike(stars, ground, appeal, bool(stopped), bool(published), bool(refused), bool(gone), bool(appealed), times)
        for stars, ground, appeal, stopped, published, refused, gone, appealed, times in rows
    )


def _hours(session: Session, within: ColumnElement[bool]) -> dict[int, list[float]]:
    rows = session.execute(
        select(LedgerLine.stars, LedgerLine.stopped_at, LedgerLine.decided_at).where(
            within, LedgerLine.decided_at.is_not(None)
        )
    )
    found: dict[int, list[float]] = {}
    for stars, stopped_at, decided_at in rows:
        if stopped_at is not None and decided_at is not None:
            found.setdefault(stars, []).append((decided_at - stopped_at).total_seconds() / _HOUR)
    return found


def _fate(stars: tuple[int, ...], alike: Iterable[_Alike], hours: Mapping[int, list[float]]) -> Fate:
    ours = [one for one in alike if one.stars in stars]
    stayed = [one for one in ours if not one.withdrawn]
    refused = [one for one in stayed if one.refused]
    took = [hour for one in stars for hour in hours.get(one, ())]
    received, shown = _times(ours), _times(one for one in stayed if one.published and not one.refused)
    return Fate(
        received=received,
        shown=shown,
        refused=_times(refused),
        waiting=_times(stayed) - shown - _times(refused),
        withdrawn=received - _times(stayed),
        stopped=_times(one for one in ours if one.stopped),
        median_hours=at_percentile(took, _MEDIAN),
        slow_hours=at_percentile(took, _SLOWEST),
        refused_on={ground: _times(one for one in refused if one.ground is ground) for ground in Ground},
        appealed=_times(one for one in ours if one.appealed),
        overturned=_times(one for one in ours if one.appeal_outcome is AppealOutcome.OVERTURNED),
        upheld=_times(one for one in ours if one.appeal_outcome is AppealOutcome.UPHELD),
    )


def _times(some: Iterable[_Alike]) -> int:
    return sum(one.times for one in some)
