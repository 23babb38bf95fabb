"""Who comes to a visit that a pool has together, and who was there? For its provider alone."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.pooling.models import Pool, SharedVisit, SharedVisitMember
from marketplace.pooling.queries.agreement import absence_rule_of
from marketplace.pooling.queries.visiting import provides
from marketplace.pooling.rules import PoolId, sharing
from marketplace.pooling.rules.agreement import AbsenceRule
from marketplace.pooling.rules.nouns import Presence, SharedVisitId, SharedVisitStatus
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.queries.sharing import arrangements_of_pool
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.purchasing.rules.hours import in_hours
from marketplace.purchasing.rules.nouns import VisitStatus
from marketplace.purchasing.rules.visits import begins


@dataclass(frozen=True, slots=True)
class Attendee:
    """One member's part in a visit, to the provider they have an arrangement with."""

    person_id: PersonId
    name: str
    arrangement_id: ArrangementId
    is_away: bool
    # Whether they said so in good time.
    told_in_time: bool
    presence: Presence | None
    share: Money | None
    standing: VisitStatus | None
    query: str


@dataclass(frozen=True, slots=True)
class SharedVisitPage:
    """One visit, to the provider."""

    id: SharedVisitId
    pool_id: PoolId
    title: str
    held_on: date
    starts_at: time | None
    minutes: int
    status: SharedVisitStatus
    cost: Money | None
    # What it comes to if everybody comes.
    whole: Money
    rule: AbsenceRule
    may_hold: bool
    may_call_off: bool
    attendees: tuple[Attendee, ...]

    @property
    def expected(self) -> tuple[Attendee, ...]:
        """Who was there, or who is expected as far as they have said."""
        return tuple(
            one
            for one in self.attendees
            if one.presence is Presence.PRESENT or (one.presence is None and not one.is_away)
        )

    @property
    def how_long(self) -> str:
        """Its length as people say it."""
        return in_hours(self.minutes)

    @property
    def begins(self) -> datetime:
        """The moment it begins."""
        return begins(held_on=self.held_on, starts_at=self.starts_at)


def shared_visit_page(
    session: Session, *, shared_visit_id: SharedVisitId, viewer: Viewer, now: datetime
) -> SharedVisitPage | None:
    """Return a visit, with who comes, to the provider alone. To anybody else there is none."""
    row = session.execute(
        select(SharedVisit, Pool)
        .join(Pool, Pool.id == SharedVisit.pool_id)
        .where(SharedVisit.id == shared_visit_id, provides(viewer))
    ).one_or_none()
    if row is None:
        return None
    visit, pool = row
    rule = absence_rule_of(session, pool_id=pool.id)
    until = sharing.in_time_until(held_on=visit.held_on, starts_at=visit.starts_at, rule=rule)
    attendees = _attendees(session, visit, until=until)
    there = {one.person_id for one in attendees}
    costs = arrangements_of_pool(session, pool_key=pool.id, held_on=visit.held_on, minutes=visit.minutes)
    has_come = visit.held_on <= day_of(now)
    return SharedVisitPage(
        id=visit.id,
        pool_id=pool.id,
        title=pool.title,
        held_on=visit.held_on,
        starts_at=visit.starts_at,
        minutes=visit.minutes,
        status=visit.status,
        cost=visit.cost,
        whole=sum((one.alone for one in costs if one.person_id in there), ZERO),
        rule=rule,
        may_hold=has_come and visit.status is not SharedVisitStatus.CANCELLED,
        may_call_off=visit.status is SharedVisitStatus.PLANNED,
        attendees=attendees,
    )


def _attendees(session: Session, visit: SharedVisit, *, until: datetime) -> tuple[Attendee, ...]:
    """Return whose share stands or was settled, and who has come into the pool since it was planned."""
    rows = session.execute(
        select(Arrangement, Person.name, SharedVisitMember, Visit)
        .join(Person, Person.id == Arrangement.person_id)
        .join(
            SharedVisitMember,
            (SharedVisitMember.person_id == Arrangement.person_id) & (SharedVisitMember.shared_visit_id == visit.id),
            isouter=True,
        )
        .join(Visit, (Visit.id == SharedVisitMember.visit_id) & (Visit.status != VisitStatus.CANCELLED), isouter=True)
        .where(Arrangement.pool_key == visit.pool_id)
        .order_by(Person.name, Arrangement.id)
    )
    return tuple(
        Attendee(
            person_id=it.person_id,
            name=name,
            arrangement_id=it.id,
            is_away=row is not None and row.away_said_at is not None,
            told_in_time=row is not None and row.away_said_at is not None and row.away_said_at <= until,
            presence=row.presence if row else None,
            share=row.share if row else None,
            standing=share.status if share else None,
            query=share.query if share else "",
        )
        for it, name, row, share in rows
        if _has_part(it, row, share, visit)
    )


def _has_part(it: Arrangement, row: SharedVisitMember | None, share: Visit | None, visit: SharedVisit) -> bool:
    if share is not None or (row is not None and row.presence is not None):
        return True
    return row is None and it.status is ArrangementStatus.ACCEPTED and it.starts_on <= visit.held_on
