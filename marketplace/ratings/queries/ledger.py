"""The moderation ledger: what became of all reviews that came in, added up for everybody to check."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, select
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
    counts = _counts(session, within)
    refused = _refused(session, within)
    hours = _hours(session, within)
    return Ledger(
        quarter=quarter,
        is_over=today >= quarter.next.begins_on,
        bands={band: _fate(band.stars, counts, refused, hours) for band in Band},
        all=_fate((1, 2, 3, 4, 5), counts, refused, hours),
    )


_IS_GONE = LedgerLine.withdrawn_at.is_not(None)
_IS_REFUSED = and_(~_IS_GONE, LedgerLine.refused_at.is_not(None))
_IS_SHOWN = and_(~_IS_GONE, ~_IS_REFUSED, LedgerLine.published_at.is_not(None))
_COUNTED: Mapping[str, ColumnElement[bool]] = {
    "shown": _IS_SHOWN,
    "refused": _IS_REFUSED,
    "withdrawn": _IS_GONE,
    "stopped": LedgerLine.stopped_at.is_not(None),
    "appealed": LedgerLine.appealed_at.is_not(None),
    "overturned": LedgerLine.appeal_outcome == AppealOutcome.OVERTURNED,
    "upheld": LedgerLine.appeal_outcome == AppealOutcome.UPHELD,
}


def _counts(session: Session, within: ColumnElement[bool]) -> dict[int, dict[str, int]]:
    columns = [func.sum(case((condition, 1), else_=0)).label(name) for name, condition in _COUNTED.items()]
    rows = session.execute(
        select(LedgerLine.stars, func.count().label("received"), *columns).where(within).group_by(LedgerLine.stars)
    )
    return {row.stars: {name: int(row._mapping[name]) for name in ("received", *_COUNTED)} for row in rows}  # noqa: SLF001


def _refused(session: Session, within: ColumnElement[bool]) -> dict[tuple[int, Ground], int]:
    rows = session.execute(
        select(LedgerLine.stars, LedgerLine.ground, func.count())
        .where(within, _IS_REFUSED, LedgerLine.ground.is_not(None))
        .group_by(LedgerLine.stars, LedgerLine.ground)
    )
    return {(stars, ground): number for stars, ground, number in rows if ground is not None}


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


def _fate(
    stars: tuple[int, ...],
    counts: Mapping[int, Mapping[str, int]],
    refused: Mapping[tuple[int, Ground], int],
    hours: Mapping[int, list[float]],
) -> Fate:
    def total(name: str) -> int:
        return sum(counts.get(one, {}).get(name, 0) for one in stars)

    took = [hour for one in stars for hour in hours.get(one, ())]
    received, shown, kept_back, gone = total("received"), total("shown"), total("refused"), total("withdrawn")
    return Fate(
        received=received,
        shown=shown,
        refused=kept_back,
        waiting=received - shown - kept_back - gone,
        withdrawn=gone,
        stopped=total("stopped"),
        median_hours=at_percentile(took, _MEDIAN),
        slow_hours=at_percentile(took, _SLOWEST),
        refused_on={ground: sum(refused.get((one, ground), 0) for one in stars) for ground in Ground},
        appealed=total("appealed"),
        overturned=total("overturned"),
        upheld=total("upheld"),
    )
