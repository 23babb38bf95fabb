"""What did the members of a pool gain by it? The viewer sees their own; of all together only from three people up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.catalogue.rules import Rate
from marketplace.kit.money import ZERO, Money
from marketplace.pooling.models import Pool, SharedVisitMember
from marketplace.pooling.rules import PoolId
from marketplace.pooling.rules.gains import Gain, hour_alone, together
from marketplace.pooling.rules.measures import FEWEST_ANSWERS
from marketplace.pooling.rules.nouns import Presence
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind, VisitStatus
from marketplace.purchasing.rules.visits import VisitTerms, price_of_time

_WENT_AHEAD = (ArrangementStatus.ACCEPTED, ArrangementStatus.DONE)
_WAS_AGREED = (*_WENT_AHEAD, ArrangementStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Gains:
    """What the viewer gained, and what all of them did together: None under three people."""

    mine: Gain | None
    of_all: Gain | None


def gains_of(session: Session, *, pool_id: PoolId, viewer: Viewer) -> Gains:
    """Return what a pool has saved so far. Whoever asks has been let into the pool before."""
    found = _by_person(session, pool_id)
    mine = found.get(viewer.person_id) if viewer.person_id is not None else None
    is_enough = len(found) >= FEWEST_ANSWERS
    return Gains(mine=mine, of_all=together(found.values()) if is_enough else None)


def gain_of_all(session: Session, *, pool_id: PoolId, until: datetime) -> tuple[Gain | None, int]:
    """
    Return what a pool had saved in all by a moment, and how many people were in it. None under three people.

    For its story: what is shown stays what everybody has agreed to, and nobody is known by how it grows.
    """
    found = _by_person(session, pool_id, until=until)
    of_it = select(func.count()).where(
        Arrangement.pool_key == pool_id, Arrangement.status.in_(_WAS_AGREED), Arrangement.answered_at <= until
    )
    return (together(found.values()) if len(found) >= FEWEST_ANSWERS else None), session.scalars(of_it).one()


def _by_person(session: Session, pool_id: PoolId, *, until: datetime | None = None) -> dict[PersonId, Gain]:
    pool = session.get_one(Pool, pool_id)
    if pool.price_alone is None:
        return {}
    parts: dict[PersonId, list[Gain]] = {}
    for person_id, gain in (
        *_of_visits(session, pool, pool.price_alone, until=until),
        *_as_agreed(session, pool, pool.price_alone, until=until),
    ):
        parts.setdefault(person_id, []).append(gain)
    return {person_id: together(gains) for person_id, gains in parts.items()}


def _of_visits(
    session: Session, pool: Pool, price_alone: Money, *, until: datetime | None
) -> Iterable[tuple[PersonId, Gain]]:
    """Of weekly support: each visit that was confirmed, or that is owed for though it was called off."""
    rows = session.execute(
        select(Arrangement.person_id, Visit, SharedVisitMember.presence)
        .join(Visit, Visit.arrangement_id == Arrangement.id)
        .join(SharedVisitMember, SharedVisitMember.visit_id == Visit.id, isouter=True)
        .where(
            Arrangement.pool_key == pool.id,
            Arrangement.kind == ArrangementKind.WEEKLY,
            Visit.status.in_((VisitStatus.CONFIRMED, VisitStatus.CANCELLED)),
            *([func.coalesce(Visit.confirmed_at, Visit.ended_at) <= until] if until else []),
        )
    )
    for person_id, visit, presence in rows:
        was_there = visit.status is VisitStatus.CONFIRMED and presence in {None, Presence.PRESENT}
        if was_there or visit.amount > ZERO:
            minutes = visit.minutes if was_there else 0
            yield (
                person_id,
                Gain(
                    paid=visit.amount,
                    alone=_alone(pool, price_alone, minutes) if was_there else ZERO,
                    minutes=minutes,
                    hour_alone=hour_alone(unit=pool.unit, price_alone=price_alone),
                ),
            )


def _as_agreed(
    session: Session, pool: Pool, price_alone: Money, *, until: datetime | None
) -> Iterable[tuple[PersonId, Gain]]:
    """Of what is bought once: what was agreed, once it goes ahead."""
    rows = session.scalars(
        select(Arrangement).where(
            Arrangement.pool_key == pool.id,
            Arrangement.kind != ArrangementKind.WEEKLY,
            Arrangement.status.in_(_WENT_AHEAD),
            *([Arrangement.answered_at <= until] if until else []),
        )
    )
    per_hour = hour_alone(unit=pool.unit, price_alone=price_alone)
    for it in rows:
        minutes = it.quantity * 60 if per_hour is not None else 0
        yield it.person_id, Gain(it.total, price_alone * it.quantity, minutes, per_hour)


def _alone(pool: Pool, price_alone: Money, minutes: int) -> Money:
    terms = VisitTerms(
        kind=pool.kind, unit=pool.unit, unit_price=price_alone, prices={}, travel_per_mile=None, notice_hours=None,
        trial_until=None,
    )  # fmt: skip
    return price_of_time(terms, minutes=minutes, rate=Rate.STANDARD)
