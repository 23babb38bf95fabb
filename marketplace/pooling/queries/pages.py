"""What the page of one pool shows, and which pools the clock has overtaken."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, Permission, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus, Unit
from marketplace.kit.money import Money
from marketplace.moderation.queries import latest_decisions
from marketplace.moderation.rules import SubjectKind
from marketplace.pooling import rules
from marketplace.pooling.models import Pledge, Pool, PoolMember
from marketplace.pooling.queries.lists import people_in_it
from marketplace.pooling.rules import PoolId, PoolStatus, known
from marketplace.pooling.rules.pools import GOES_AHEAD
from marketplace.pooling.rules.starting import people_shown
from marketplace.purchasing.rules import how_much
from marketplace.purchasing.rules.nouns import ArrangementKind


@dataclass(frozen=True, slots=True)
class Plan:
    """What each person in a pool gets, from when, and for how much."""

    unit: Unit
    # Of weekly support, in each week.
    quantity: int
    kind: ArrangementKind
    weeks: int
    # Nobody may sell it to one person alone.
    price_alone: Money | None
    price_together: Money
    starts_on: date

    @property
    def how_much(self) -> str:
        """What each person gets, as people say it: `6 sessions`, `2 hours a week for 12 weeks`."""
        return how_much(quantity=self.quantity, unit=self.unit, kind=self.kind, weeks=self.weeks)

    @property
    def each_pays(self) -> Money:
        """What each person pays at most if the pool goes ahead, in all weeks together."""
        return self.price_together * self.quantity * self.weeks

    @property
    def each_would_pay_alone(self) -> Money | None:
        """What the same costs one person alone."""
        return None if self.price_alone is None else self.price_alone * self.quantity * self.weeks

    @property
    def each_saves(self) -> Money | None:
        """What each person saves at least by going together, if they could buy it alone."""
        return (
            None if self.price_alone is None else (self.price_alone - self.price_together) * self.quantity * self.weeks
        )


@dataclass(frozen=True, slots=True)
class PoolPage:
    """Everything one viewer may know about a pool: numbers, the viewer's own part, and nobody else's."""

    id: PoolId
    title: str
    purpose: str
    offer_id: OfferId
    offer_title: str
    offer_is_live: bool
    provider_name: str
    plan: Plan
    # 0 where there are too few to say: strangers and providers are told no number below three.
    people: int
    minimum_people: int
    most_people: int | None
    status: PoolStatus
    opened_at: datetime
    closes_at: datetime
    is_held: bool
    # For whoever opened it and for moderators: it may repeat what is private.
    hold_reason: str
    viewer_is_in: bool
    viewer_opened_it: bool
    viewer_may_join: bool
    viewer_provides_it: bool

    @property
    def are_too_few_to_say(self) -> bool:
        """Whether this viewer is not told how many people there are, since there are so few."""
        return self.is_open and not self.people

    @property
    def last_day(self) -> date:
        """The last day on which it can be joined."""
        return rules.last_day(self.closes_at)

    def gone(self, now: datetime) -> float:
        """Return how much of its time to join has gone, from 0 to 1."""
        whole = self.closes_at - self.opened_at
        return min(max((now - self.opened_at) / whole, 0.0), 1.0)

    @property
    def is_open(self) -> bool:
        """Whether it can still be joined and left."""
        return self.status is PoolStatus.OPEN


def pool_page(session: Session, *, pool_id: PoolId, viewer: Viewer, now: datetime) -> PoolPage | None:
    """
    Return what the pool page shows this viewer, or None if they may not know of the pool. One query, two if it is held.

    A held pool is shown to moderators, to whoever opened it and to those in it, who can still leave.
    """
    row = session.execute(_page_of(pool_id, viewer)).one_or_none()
    if row is None:
        return None
    pool: Pool = row.Pool
    opened_it = viewer.person_id is not None and pool.opened_by == viewer.person_id
    if pool.held_at is not None and not (opened_it or row.viewer_is_in or viewer.may(Permission.MODERATE)):
        return None
    status = rules.status_shown(status=pool.status, closes_at=known(pool.closes_at), now=now)
    provides_it = viewer.speaks_for(row.organisation_id)
    is_live = row.offer_status is OfferStatus.LIVE
    return PoolPage(
        id=pool.id,
        title=pool.title,
        purpose=pool.purpose,
        offer_id=known(pool.offer_id),
        offer_title=row.offer_title,
        offer_is_live=is_live,
        provider_name=row.provider_name,
        plan=Plan(
            unit=known(pool.unit),
            quantity=known(pool.quantity),
            kind=pool.kind,
            weeks=pool.weeks,
            price_alone=pool.price_alone,
            price_together=known(pool.unit_price),
            starts_on=known(pool.starts_on),
        ),
        people=row.people if row.viewer_belongs or pool.status in GOES_AHEAD else people_shown(row.people),
        minimum_people=known(pool.minimum_people),
        most_people=pool.most_people,
        status=status,
        opened_at=pool.opened_at,
        closes_at=known(pool.closes_at),
        is_held=pool.held_at is not None,
        hold_reason=_hold_reason(session, pool) if opened_it or viewer.may(Permission.MODERATE) else "",
        viewer_is_in=row.viewer_is_in,
        viewer_opened_it=opened_it,
        viewer_may_join=all(
            (
                status is PoolStatus.OPEN,
                pool.held_at is None,
                is_live,
                not row.viewer_is_in,
                not provides_it,
                # Somebody who has not signed in is asked to, and then may.
                not viewer.is_signed_in or viewer.may(Permission.BUY),
            )
        ),
        viewer_provides_it=provides_it,
    )


def lapsed_pools(session: Session, *, now: datetime) -> tuple[PoolId, ...]:
    """Return the pools whose last day has passed and that nothing has closed yet, those that waited longest first."""
    return tuple(
        session.scalars(
            select(Pool.id)
            .where(Pool.status == PoolStatus.OPEN, Pool.closes_at <= now)
            .order_by(Pool.closes_at, Pool.id)
        )
    )


def _hold_reason(session: Session, pool: Pool) -> str:
    if pool.held_at is None:
        return ""
    decisions = latest_decisions(session, subject_kind=SubjectKind.POOL, subject_ids=[pool.id])
    return decisions[pool.id].reason if pool.id in decisions else ""


def _page_of(
    pool_id: PoolId, viewer: Viewer
) -> Select[Pool, str, OfferStatus, str, OrganisationId | None, int, bool, bool]:
    viewer_is_in = exists().where(
        Pledge.pool_id == Pool.id, Pledge.person_id == viewer.person_id, Pledge.withdrawn_at.is_(None)
    )
    viewer_belongs = exists().where(
        PoolMember.pool_id == Pool.id, PoolMember.person_id == viewer.person_id, PoolMember.left_at.is_(None)
    )
    return (
        select(
            Pool,
            Offer.title.label("offer_title"),
            Offer.status.label("offer_status"),
            Provider.name.label("provider_name"),
            Provider.organisation_id,
            people_in_it().label("people"),
            viewer_is_in.label("viewer_is_in"),
            or_(viewer_is_in, viewer_belongs).label("viewer_belongs"),
        )
        .join(Offer, Offer.id == Pool.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Pool.id == pool_id)
    )
