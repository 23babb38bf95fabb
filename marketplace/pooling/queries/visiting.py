"""Questions about visits that a pool has together. Members see their own part, and how many come."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.kit.pages import Slice
from marketplace.pooling.models import Pledge, Pool, PoolMember, SharedVisit, SharedVisitMember
from marketplace.pooling.queries.agreement import absence_rule_of, agreement_in_force
from marketplace.pooling.rules import PoolId, sharing
from marketplace.pooling.rules.agreement import AbsenceRule
from marketplace.pooling.rules.nouns import Presence, SharedVisitId, SharedVisitStatus
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.queries.sharing import arrangements_of_pool
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.purchasing.rules.hours import in_hours
from marketplace.purchasing.rules.nouns import VisitId, VisitStatus
from marketplace.purchasing.rules.visits import begins, has_begun

PAGE_SIZE = 20
_MOST_TO_COME = 60


@dataclass(frozen=True, slots=True)
class MyPart:
    """The viewer's own part in a visit."""

    is_away: bool
    presence: Presence | None
    share: Money | None
    # Their visit, as it stands in their own arrangement; None where they owe nothing.
    visit_id: VisitId | None
    arrangement_id: ArrangementId | None
    standing: VisitStatus | None


@dataclass(frozen=True, slots=True)
class SharedVisitLine:
    """One visit in the list of a pool."""

    id: SharedVisitId
    held_on: date
    starts_at: time | None
    minutes: int
    status: SharedVisitStatus
    # How many take part in it, and how many of them come, or came.
    people: int
    coming: int
    # Until then it is in good time to say that one cannot come.
    in_time_until: datetime
    is_in_time: bool
    has_begun: bool
    mine: MyPart | None
    # To the provider alone: what they get for it in all, and how many shares wait for a yes or are queried.
    cost: Money | None
    waiting: int
    queried: int

    @property
    def how_long(self) -> str:
        """Its length as people say it."""
        return in_hours(self.minutes)

    @property
    def begins(self) -> datetime:
        """The moment it begins."""
        return begins(held_on=self.held_on, starts_at=self.starts_at)

    @property
    def may_say_away(self) -> bool:
        """Whether the viewer can say that they cannot come, or that they can after all."""
        has_share = self.mine is not None and self.mine.standing is VisitStatus.PLANNED
        return has_share and self.status is SharedVisitStatus.PLANNED and not self.has_begun


@dataclass(frozen=True, slots=True)
class VisitsTogether:
    """The visits of a pool, to one of its members or to its provider."""

    pool_id: PoolId
    title: str
    is_provider: bool
    has_visits: bool
    may_plan: bool
    starts_on: date
    people: int
    rule: AbsenceRule
    is_agreed: bool
    # Of the next visit: what it costs the viewer if everybody comes, and the most it can cost them.
    each: Money | None
    most: Money | None
    to_come: tuple[SharedVisitLine, ...]
    past: tuple[SharedVisitLine, ...]
    slice: Slice


def visits_of_pool(
    session: Session, *, pool_id: PoolId, viewer: Viewer, now: datetime, page: int = 1
) -> VisitsTogether | None:
    """Return the visits of a pool to its members, and to its provider once it goes ahead. To others there are none."""
    row = session.execute(
        select(Pool, provides(viewer).label("provides")).where(
            Pool.id == pool_id, or_(belongs(viewer), provides(viewer))
        )
    ).one_or_none()
    if row is None:
        return None
    pool: Pool = row.Pool
    today, of_it = day_of(now), SharedVisit.pool_id == pool_id
    is_to_come = (of_it, SharedVisit.status == SharedVisitStatus.PLANNED, SharedVisit.held_on >= today)
    ahead = session.scalars(
        select(SharedVisit).where(*is_to_come).order_by(SharedVisit.held_on, SharedVisit.starts_at, SharedVisit.id)
        .limit(_MOST_TO_COME)
    ).all()  # fmt: skip
    is_past = (of_it, or_(SharedVisit.status != SharedVisitStatus.PLANNED, SharedVisit.held_on < today))
    total = len(session.scalars(select(SharedVisit.id).where(*is_past)).all())
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    behind = session.scalars(
        select(SharedVisit).where(*is_past).order_by(SharedVisit.held_on.desc(), SharedVisit.id)
        .offset(part.offset).limit(part.size)
    ).all()  # fmt: skip
    rule = absence_rule_of(session, pool_id=pool_id)
    lines = _Lines(session, [*ahead, *behind], viewer=viewer, rule=rule, is_provider=row.provides, now=now)
    each, most = _what_it_costs(session, pool, ahead, viewer=viewer)
    return VisitsTogether(
        pool_id=pool_id,
        title=pool.title,
        is_provider=row.provides,
        has_visits=bool(ahead or behind) or sharing.has_visits(status=pool.status, kind=pool.kind),
        may_plan=row.provides and sharing.has_visits(status=pool.status, kind=pool.kind),
        starts_on=pool.starts_on or today,
        people=_going_on(session, pool_id),
        rule=rule,
        is_agreed=agreement_in_force(session, pool_id=pool_id) is not None,
        each=each,
        most=most,
        to_come=tuple(lines.line(visit) for visit in ahead),
        past=tuple(lines.line(visit) for visit in behind),
        slice=part,
    )


def pool_of_visit(session: Session, *, shared_visit_id: SharedVisitId, viewer: Viewer) -> PoolId | None:
    """Return of which pool a visit is, to its members and its provider. To anybody else there is none."""
    return session.scalar(
        select(Pool.id)
        .join(SharedVisit, SharedVisit.pool_id == Pool.id)
        .where(SharedVisit.id == shared_visit_id, or_(belongs(viewer), provides(viewer)))
    )


class _Lines:
    """Visits with their parts, fetched together."""

    def __init__(
        self,
        session: Session,
        visits: Sequence[SharedVisit],
        *,
        viewer: Viewer,
        rule: AbsenceRule,
        is_provider: bool,
        now: datetime,
    ) -> None:
        self.rule, self.is_provider, self.now = rule, is_provider, now
        self.people: Counter[SharedVisitId] = Counter()
        self.coming: Counter[SharedVisitId] = Counter()
        self.waiting: Counter[SharedVisitId] = Counter()
        self.queried: Counter[SharedVisitId] = Counter()
        self.mine: dict[SharedVisitId, MyPart] = {}
        rows = session.execute(
            select(SharedVisitMember, Visit)
            .join(Visit, Visit.id == SharedVisitMember.visit_id, isouter=True)
            .where(SharedVisitMember.shared_visit_id.in_([visit.id for visit in visits]))
        )
        for row, share in rows:
            self._count(row, share)
            if row.person_id == viewer.person_id:
                self.mine[row.shared_visit_id] = _my_part(row, share)

    def _count(self, row: SharedVisitMember, share: Visit | None) -> None:
        key, stands = row.shared_visit_id, share is not None and share.status is not VisitStatus.CANCELLED
        takes_part = stands or row.presence is not None
        comes = row.presence is Presence.PRESENT or (row.presence is None and row.away_said_at is None)
        self.people[key] += takes_part
        self.coming[key] += takes_part and comes
        self.waiting[key] += share is not None and share.status is VisitStatus.CLAIMED
        self.queried[key] += share is not None and share.status is VisitStatus.QUERIED

    def line(self, visit: SharedVisit) -> SharedVisitLine:
        """Return one visit as its line."""
        until = sharing.in_time_until(held_on=visit.held_on, starts_at=visit.starts_at, rule=self.rule)
        return SharedVisitLine(
            id=visit.id,
            held_on=visit.held_on,
            starts_at=visit.starts_at,
            minutes=visit.minutes,
            status=visit.status,
            people=self.people[visit.id],
            coming=self.coming[visit.id],
            in_time_until=until,
            is_in_time=self.now <= until,
            has_begun=has_begun(held_on=visit.held_on, starts_at=visit.starts_at, now=self.now),
            mine=self.mine.get(visit.id),
            cost=visit.cost if self.is_provider else None,
            waiting=self.waiting[visit.id] if self.is_provider else 0,
            queried=self.queried[visit.id] if self.is_provider else 0,
        )


def _my_part(row: SharedVisitMember, share: Visit | None) -> MyPart:
    stands = share if share is not None and share.status is not VisitStatus.CANCELLED else None
    return MyPart(
        is_away=row.away_said_at is not None,
        presence=row.presence,
        share=row.share,
        visit_id=stands.id if stands else None,
        arrangement_id=stands.arrangement_id if stands else None,
        standing=stands.status if stands else None,
    )


def _what_it_costs(
    session: Session, pool: Pool, ahead: Sequence[SharedVisit], *, viewer: Viewer
) -> tuple[Money | None, Money | None]:
    """Return what the next visit costs the viewer if everybody comes, and the most it can cost them."""
    pledge = session.scalars(
        select(Pledge).where(
            Pledge.pool_id == pool.id, Pledge.person_id == viewer.person_id, Pledge.withdrawn_at.is_(None)
        )
    ).one_or_none()
    if not ahead or pledge is None:
        return None, None
    following = ahead[0]
    parts = arrangements_of_pool(session, pool_key=pool.id, held_on=following.held_on, minutes=following.minutes)
    for part in parts:
        if part.person_id == viewer.person_id:
            most = sharing.most_for_visit(
                most_price=pledge.most_price, alone=part.alone, kind=part.kind, unit=part.unit,
                minutes=following.minutes,
            )  # fmt: skip
            return part.alone, most
    return None, None


def _going_on(session: Session, pool_id: PoolId) -> int:
    going_on = select(Arrangement.id).where(
        Arrangement.pool_key == pool_id, Arrangement.status == ArrangementStatus.ACCEPTED
    )
    return len(session.scalars(going_on).all())


def belongs(viewer: Viewer) -> ColumnElement[bool]:
    """Hold for the pools that the viewer belongs to."""
    return exists().where(
        PoolMember.pool_id == Pool.id, PoolMember.person_id == viewer.person_id, PoolMember.left_at.is_(None)
    )


def provides(viewer: Viewer) -> ColumnElement[bool]:
    """Hold for the pools that the viewer provides for, once they are certain."""
    return exists().where(
        Arrangement.pool_key == Pool.id, Arrangement.organisation_id.in_(viewer.organisations), _IS_CERTAIN
    )


_IS_CERTAIN = Pool.confirmed_at.is_not(None)
