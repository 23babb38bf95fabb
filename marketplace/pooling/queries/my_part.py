"""The viewer's own part in a pool that closes or has closed: their way to pay, what they are asked, what is left."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Exists, exists, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, Unit
from marketplace.kit.money import ZERO, Money
from marketplace.payments.queries.cards import card_ready
from marketplace.payments.queries.for_pools import NOTHING_ASKED, Standing, standings
from marketplace.payments.queries.payments import takes_cards
from marketplace.pooling.models import Pledge, Pool, PoolMember
from marketplace.pooling.queries.pledging import live_pledge
from marketplace.pooling.rules.nouns import MemberRole, PledgePart, PoolId, PoolStatus
from marketplace.pooling.rules.pools import GOES_AHEAD, SETTLING, known
from marketplace.pooling.rules.tipping import Way, way_by_card
from marketplace.purchasing.rules import ArrangementId, InvoiceId, how_much
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy

_IN_IT = (PledgePart.WAITING, PledgePart.INCLUDED, PledgePart.KEPT)


@dataclass(frozen=True, slots=True)
class MyPart:
    """What one member is told of a pool's money and of their own part in it. Of the others there are only numbers."""

    id: PoolId
    title: str
    status: PoolStatus
    offer_id: OfferId
    provider_name: str
    organisation_id: OrganisationId | None
    unit: Unit
    kind: ArrangementKind
    weeks: int
    starts_on: date
    closes_at: datetime
    was_extended: bool
    minimum_people: int
    people: int
    not_ready: int
    price_alone: Money | None
    repair_until: datetime | None
    reconsent_until: datetime | None
    is_short: bool
    keeps_it_going: bool
    # Of their own pledge, if they have one.
    part: PledgePart | None
    quantity: int
    amount: Money
    most_price: Money
    pay_by: PayBy
    asked_price: Money | None
    has_agreed: bool
    arrangement_id: ArrangementId | None
    paid: Money
    way: Way
    has_card: bool
    takes_cards: bool
    # The invoice that their card could not pay, and that any other card can.
    refused: InvoiceId | None

    @property
    def is_settling(self) -> bool:
        """Whether the pool has closed and nothing is certain yet."""
        return self.status in SETTLING

    @property
    def goes_ahead(self) -> bool:
        """Whether the pool goes ahead or goes on."""
        return self.status in GOES_AHEAD

    @property
    def is_included(self) -> bool:
        """Whether they are one of those the pool is made of, and it is not certain yet."""
        return self.is_settling and self.part is PledgePart.INCLUDED

    @property
    def must_put_right(self) -> bool:
        """Whether the pool waits for their way to pay."""
        return self.is_included and self.way is Way.NOT_READY

    @property
    def must_answer(self) -> bool:
        """Whether they are asked about a dearer price and have not answered."""
        return self.is_included and self.status is PoolStatus.RECONSENT and self.asks_more and not self.has_agreed

    @property
    def asks_more(self) -> bool:
        """Whether they are, or were, asked about a dearer price."""
        return self.asked_price is not None

    @property
    def is_weekly(self) -> bool:
        """Whether it is weekly support, so that everything is so much in each week."""
        return self.kind is ArrangementKind.WEEKLY

    @property
    def how_much(self) -> str:
        """What they get, as people say it."""
        return how_much(quantity=self.quantity, unit=self.unit, kind=self.kind, weeks=self.weeks)

    @property
    def in_all(self) -> Money:
        """What they pay in all weeks together."""
        return self.amount * self.weeks

    @property
    def in_all_if_dearer(self) -> Money:
        """What they would pay in all weeks together at the price they are asked about."""
        return (self.asked_price or ZERO) * self.quantity * self.weeks

    @property
    def alone(self) -> Money | None:
        """What the same costs one person alone, or None if nobody sells it to one."""
        return None if self.price_alone is None else self.price_alone * self.quantity * self.weeks


def my_part(session: Session, *, pool_id: PoolId, viewer: Viewer) -> MyPart | None:
    """Return the viewer's own part in a pool they belong to, or None: to anybody else there is nothing to see."""
    row = session.execute(
        select(Pool, Offer.id, Provider.name, Provider.organisation_id)
        .join(Offer, Offer.id == Pool.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Pool.id == pool_id, Pool.status != PoolStatus.DRAFT, or_(_belongs(viewer), _has_pledged(viewer)))
    ).one_or_none()
    if row is None or viewer.person_id is None:
        return None
    pool, offer_id, provider_name, organisation_id = row
    pledge = live_pledge(session, pool_id=pool_id, viewer=viewer)
    card = _standing(session, pledge)
    has_card = organisation_id is not None and card_ready(
        session, person_id=viewer.person_id, organisation_id=organisation_id
    )
    people, not_ready = _numbers(session, pool_id)
    return MyPart(
        id=pool.id,
        title=pool.title,
        status=pool.status,
        offer_id=offer_id,
        provider_name=provider_name,
        organisation_id=organisation_id,
        unit=known(pool.unit),
        kind=pool.kind,
        weeks=pool.weeks,
        starts_on=known(pool.starts_on),
        closes_at=known(pool.closes_at),
        was_extended=pool.extended_at is not None,
        minimum_people=known(pool.minimum_people),
        people=people,
        not_ready=not_ready,
        price_alone=pool.price_alone,
        repair_until=pool.repair_until,
        reconsent_until=pool.reconsent_until,
        is_short=pool.short_since is not None,
        keeps_it_going=pool.opened_by == viewer.person_id or _is_champion(session, pool_id, viewer),
        part=pledge.part if pledge else None,
        quantity=(pledge.quantity or pledge.least) if pledge else known(pool.quantity),
        amount=(pledge.amount or ZERO) if pledge else ZERO,
        most_price=pledge.most_price if pledge else ZERO,
        pay_by=pledge.pay_by if pledge else PayBy.BANK_TRANSFER,
        asked_price=pledge.asked_price if pledge else None,
        has_agreed=pledge is not None and pledge.agreed_at is not None,
        arrangement_id=pledge.arrangement_id if pledge else None,
        paid=card.paid,
        way=_way(pledge, card, has_card=has_card),
        has_card=has_card,
        takes_cards=organisation_id is not None and takes_cards(session, organisation_id=organisation_id),
        refused=card.refused[0] if card.refused else None,
    )


def _standing(session: Session, pledge: Pledge | None) -> Standing:
    if pledge is None or pledge.arrangement_id is None:
        return NOTHING_ASKED
    return standings(session, arrangement_ids=[pledge.arrangement_id])[pledge.arrangement_id]


def _way(pledge: Pledge | None, card: Standing, *, has_card: bool) -> Way:
    if pledge is None or pledge.pay_by is not PayBy.CARD or pledge.amount == ZERO:
        return Way.READY
    if card is NOTHING_ASKED:
        return Way.READY if has_card else Way.NOT_READY
    return way_by_card(
        has_card=has_card,
        is_asked=bool(card.to_charge),
        is_refused=bool(card.refused),
        is_charging=card.under_way > ZERO,
    )


def _numbers(session: Session, pool_id: PoolId) -> tuple[int, int]:
    """Return how many a pool is made of, and of how many the way to pay is not ready."""
    people, not_ready = session.execute(
        select(func.count(Pledge.id), func.count(Pledge.failed_at)).where(
            Pledge.pool_id == pool_id, Pledge.withdrawn_at.is_(None), Pledge.part.in_(_IN_IT)
        )
    ).one()
    return people, not_ready


def _belongs(viewer: Viewer) -> Exists:
    return exists().where(
        PoolMember.pool_id == Pool.id, PoolMember.person_id == viewer.person_id, PoolMember.left_at.is_(None)
    )


def _has_pledged(viewer: Viewer) -> Exists:
    return exists().where(
        Pledge.pool_id == Pool.id, Pledge.person_id == viewer.person_id, Pledge.withdrawn_at.is_(None)
    )


def _is_champion(session: Session, pool_id: PoolId, viewer: Viewer) -> bool:
    found = select(PoolMember.id).where(
        PoolMember.pool_id == pool_id,
        PoolMember.person_id == viewer.person_id,
        PoolMember.role == MemberRole.CHAMPION,
        PoolMember.left_at.is_(None),
    )
    return session.scalar(found) is not None
