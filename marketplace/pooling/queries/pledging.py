"""What somebody needs to know before they pledge, and what they have pledged. Nobody is told what another pledged."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, bindparam, exists, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import OrganisationId, Permission, PersonId, Viewer
from marketplace.budgets.queries.paying import shares_set_aside
from marketplace.budgets.rules import Purpose, StreamId
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus, Unit
from marketplace.kit.asked import know, once
from marketplace.kit.money import Money
from marketplace.pooling import rules
from marketplace.pooling.models import Pledge, Pool, PoolMember, PoolTier
from marketplace.pooling.rules import PledgeId, PoolId, PoolStatus, known
from marketplace.pooling.rules.nouns import MemberRole, PledgePart
from marketplace.pooling.rules.pledging import Ladder, NewPledge, Reached, Rung, reached, rungs, saved
from marketplace.pooling.rules.solving import Case, Step, Wish
from marketplace.purchasing.rules import how_much
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy


@dataclass(frozen=True, slots=True)
class MyPledge:
    """What the viewer has pledged themselves, and what has become of it."""

    id: PledgeId
    least: int
    most: int
    most_price: Money
    pay_by: PayBy
    at_worst: Money
    part: PledgePart
    quantity: int | None
    amount: Money | None
    # What each of their funding streams has set aside for it.
    shares: dict[StreamId, Money]

    @property
    def wanted(self) -> NewPledge:
        """The pledge as it could be made again."""
        return NewPledge(self.least, self.most, self.most_price, self.pay_by, self.shares)


@dataclass(frozen=True, slots=True)
class StepCost:
    """What one step of the ladder would cost somebody in all weeks together, and what they would save by it."""

    case: Case
    lowest: Money
    highest: Money
    saves: Money

    @property
    def is_a_range(self) -> bool:
        """Whether it depends on the others what it costs exactly."""
        return self.lowest != self.highest


@dataclass(frozen=True, slots=True)
class PledgePage:
    """A pool that people can pledge to, as somebody sees it who does: its prices, and their own pledge."""

    id: PoolId
    title: str
    offer_id: OfferId
    offer_title: str
    provider_name: str
    organisation_id: OrganisationId | None
    unit: Unit
    kind: ArrangementKind
    price_alone: Money | None
    starts_on: date
    closes_at: datetime
    status: PoolStatus
    ladder: Ladder
    mine: MyPledge | None
    called: str
    may_pledge: bool

    @property
    def last_day(self) -> date:
        """The last day on which anything can be pledged, changed or taken back."""
        return rules.last_day(self.closes_at)

    @property
    def ends_on(self) -> date:
        """The last day of what is bought: of weekly support, of its last week."""
        return self.starts_on + (timedelta(weeks=self.ladder.weeks, days=-1) if self.is_weekly else timedelta())

    @property
    def is_weekly(self) -> bool:
        """Whether it is weekly support, so that everything is so much in each week."""
        return self.kind is ArrangementKind.WEEKLY

    def how_much(self, quantity: int) -> str:
        """Return a quantity as people say it: `6 sessions`, `2 hours a week for 12 weeks`."""
        return how_much(quantity=quantity, unit=self.unit, kind=self.kind, weeks=self.ladder.weeks)

    def alone(self, quantity: int) -> Money | None:
        """Return what so much costs one person alone in all weeks, or None if nobody sells it to one."""
        return None if self.price_alone is None else self.price_alone * quantity * self.ladder.weeks

    def rungs(self, progress: Reached | None) -> tuple[Rung, ...]:
        """Return the ladder as it is drawn, for what everybody gets. `progress`: None where nobody may know."""
        return rungs(self.ladder.cases(self.ladder.usual), quantity=self.ladder.quantity, reached=progress)

    def costs(self, wanted: NewPledge) -> tuple[StepCost, ...]:
        """Return what a pledge would cost at each step that the pool can reach."""
        weeks = self.ladder.weeks
        return tuple(
            StepCost(
                case=case,
                lowest=case.lowest * weeks,
                highest=case.highest * weeks,
                saves=saved(
                    price_alone=self.price_alone, quantity=wanted.least, weeks=weeks, amount=case.lowest * weeks
                ),
            )
            for case in self.ladder.cases(wanted)
        )


def pledge_page(session: Session, *, pool_id: PoolId, viewer: Viewer, now: datetime) -> PledgePage | None:
    """
    Return what somebody sees who pledges to a pool or changes their pledge, or None if there is no such pool for them.

    A pool in draft has nothing to pledge for. A held one is there for those who have pledged. At most three queries.
    """
    row = session.execute(_PAGE, {"pool_id": pool_id, "person_id": viewer.person_id}).one_or_none()
    if row is None:
        return None
    pool: Pool = row.Pool
    know(session, ("pledge", pool_id, viewer.person_id), row.Pledge)
    mine = my_pledge(session, pool_id=pool_id, viewer=viewer)
    if pool.held_at is not None and mine is None:
        return None
    status = rules.status_shown(status=pool.status, closes_at=known(pool.closes_at), now=now)
    member: PoolMember | None = row.PoolMember
    know(session, ("pool", pool_id), pool)
    return PledgePage(
        id=pool.id,
        title=pool.title,
        offer_id=known(pool.offer_id),
        offer_title=row.offer_title,
        provider_name=row.provider_name,
        organisation_id=row.organisation_id,
        unit=known(pool.unit),
        kind=pool.kind,
        price_alone=pool.price_alone,
        starts_on=known(pool.starts_on),
        closes_at=known(pool.closes_at),
        status=status,
        ladder=_ladder_of(pool, steps_of(session, pool_id=pool_id)),
        mine=mine,
        called=member.called if member else "",
        may_pledge=all(
            (
                status is PoolStatus.OPEN,
                pool.held_at is None,
                row.offer_status is OfferStatus.LIVE,
                not viewer.speaks_for(row.organisation_id),
                member is None or member.role is not MemberRole.FACILITATOR,
                viewer.may(Permission.BUY),
            )
        ),
    )


def live_pledge(session: Session, *, pool_id: PoolId, viewer: Viewer) -> Pledge | None:
    """Return the viewer's own live pledge to a pool, or None. For this package: a page asks in several places."""
    wanted = select(Pledge).where(
        Pledge.pool_id == pool_id, Pledge.person_id == viewer.person_id, Pledge.withdrawn_at.is_(None)
    )
    return once(session, ("pledge", pool_id, viewer.person_id), lambda: session.scalars(wanted).one_or_none())


def my_pledge(session: Session, *, pool_id: PoolId, viewer: Viewer) -> MyPledge | None:
    """Return what the viewer has pledged to a pool and not taken back, or None. Nobody sees another's."""
    it = live_pledge(session, pool_id=pool_id, viewer=viewer)
    if it is None:
        return None
    return MyPledge(
        id=it.id,
        least=it.least,
        most=it.most,
        most_price=it.most_price,
        pay_by=it.pay_by,
        at_worst=it.at_worst,
        part=it.part,
        quantity=it.quantity,
        amount=it.amount,
        shares=shares_set_aside(session, purpose=Purpose(it.id), viewer=viewer),
    )


def how_far(session: Session, *, pool_id: PoolId) -> Reached | None:
    """Return how far an open pool has come, in numbers only, or None if it is not open. Three queries."""
    pool = once(session, ("pool", pool_id), lambda: session.get(Pool, pool_id))
    if pool is None or pool.status is not PoolStatus.OPEN:
        return None
    rows = session.execute(
        select(Pledge.id, Pledge.least, Pledge.most, Pledge.most_price)
        .where(Pledge.pool_id == pool_id, Pledge.withdrawn_at.is_(None))
        .order_by(Pledge.pledged_at, Pledge.id)
    )
    wishes = [Wish(row.id, row.least, row.most, row.most_price, order) for order, row in enumerate(rows)]
    return reached(_ladder_of(pool, steps_of(session, pool_id=pool_id)), wishes)


def ladder_of(session: Session, *, pool_id: PoolId) -> Ladder | None:
    """Return what a pool asks of everybody in it, or None if nothing can be pledged to it yet. Two queries."""
    pool = session.scalars(select(Pool).where(Pool.id == pool_id, Pool.minimum_people.is_not(None))).one_or_none()
    return None if pool is None else ladder_from(session, pool)


def ladder_from(session: Session, pool: Pool) -> Ladder:
    """Return what a pool asks of everybody in it, for services that have hold of it. One query."""
    return _ladder_of(pool, steps_of(session, pool_id=pool.id))


class Selling(NamedTuple):
    """Whether an offer can be had now, of whom, and whether somebody speaks for them."""

    status: OfferStatus
    organisation_id: OrganisationId | None
    is_own: bool


def selling_of(session: Session, *, offer_id: OfferId, person_id: PersonId) -> Selling | None:
    """Return who sells what a pool is for, and whether that is this person. For services, which must know it afresh."""
    row = session.execute(_SELLING, {"offer_id": offer_id, "person_id": person_id}).one_or_none()
    return None if row is None else Selling(*row)


_SELLING = (
    select(
        Offer.status,
        Provider.organisation_id,
        exists().where(
            RoleGrant.person_id == bindparam("person_id"), RoleGrant.organisation_id == Provider.organisation_id
        ),
    )
    .join(Provider, Provider.id == Offer.provider_id)
    .where(Offer.id == bindparam("offer_id"))
)


def steps_of(session: Session, *, pool_id: PoolId) -> tuple[Step, ...]:
    """Return the ladder of a pool, the lowest step first."""

    def ask() -> tuple[Step, ...]:
        return tuple(Step(*row) for row in session.execute(_STEPS, {"pool_id": pool_id}))

    return once(session, ("steps", pool_id), ask)


_STEPS = (
    select(PoolTier.counted_from, PoolTier.unit_price, PoolTier.whole_price)
    .where(PoolTier.pool_id == bindparam("pool_id"))
    .order_by(PoolTier.counted_from)
)


def _ladder_of(pool: Pool, steps: tuple[Step, ...]) -> Ladder:
    return Ladder(
        steps=steps,
        counts=pool.counts,
        minimum_people=known(pool.minimum_people),
        most_people=pool.most_people,
        quantity=known(pool.quantity),
        weeks=pool.weeks,
    )


_PAGE = (
    select(
        Pool,
        Pledge,
        PoolMember,
        Offer.title.label("offer_title"),
        Offer.status.label("offer_status"),
        Provider.name.label("provider_name"),
        Provider.organisation_id,
    )
    .join(Offer, Offer.id == Pool.offer_id)
    .join(Provider, Provider.id == Offer.provider_id)
    .outerjoin(
        Pledge,
        and_(Pledge.pool_id == Pool.id, Pledge.person_id == bindparam("person_id"), Pledge.withdrawn_at.is_(None)),
    )
    .outerjoin(
        PoolMember,
        and_(
            PoolMember.pool_id == Pool.id,
            PoolMember.person_id == bindparam("person_id"),
            PoolMember.left_at.is_(None),
        ),
    )
    .where(Pool.id == bindparam("pool_id"), Pool.status != PoolStatus.DRAFT, Pool.minimum_people.is_not(None))
)
