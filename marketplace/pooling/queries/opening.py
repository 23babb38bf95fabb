"""What somebody needs to know before they open a pool on an offer."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.queries import prices_of
from marketplace.catalogue.rules import CategorySlug, OfferId, OfferStatus, Unit, price_list
from marketplace.kit.money import Money
from marketplace.pooling.models import Pool, PoolAnswer, PoolMember
from marketplace.pooling.rules.nouns import MemberRole, PoolId, PoolStatus
from marketplace.pooling.rules.pools import MOST_PEOPLE, known
from marketplace.pooling.rules.solving import Step


@dataclass(frozen=True, slots=True)
class GroupPrice:
    """What each person pays for one unit when at least this many come together."""

    people_from: int
    amount: Money


@dataclass(frozen=True, slots=True)
class GroupOffer:
    """A live offer, with what it costs alone and together."""

    id: OfferId
    title: str
    provider_name: str
    organisation_id: OrganisationId | None
    category: CategorySlug
    unit: Unit | None
    price_alone: Money | None
    group_prices: tuple[GroupPrice, ...]

    @property
    def people_from(self) -> int | None:
        """The smallest group there is a price for, or None if there is none."""
        return self.group_prices[0].people_from if self.group_prices else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The group prices, as the steps of a ladder."""
        return tuple(Step(price.people_from, price.amount) for price in self.group_prices)

    def is_cheaper_than_alone(self, price: Money) -> bool:
        """Test whether a price is lower than what one person pays alone."""
        return self.price_alone is not None and price < self.price_alone


@dataclass(frozen=True, slots=True)
class DraftToOpen:
    """A pool that has found its people, as its champion opens it for pledges."""

    id: PoolId
    title: str
    purpose: str
    people: int


def draft_to_open(session: Session, *, pool_id: PoolId, viewer: Viewer) -> DraftToOpen | None:
    """Return a draft that the viewer keeps going, or None: nobody else opens it."""
    people = (
        select(func.count())
        .select_from(PoolMember)
        .where(PoolMember.pool_id == Pool.id, PoolMember.left_at.is_(None), PoolMember.role != MemberRole.FACILITATOR)
        .correlate(Pool)
        .scalar_subquery()
    )
    row = session.execute(
        select(Pool.id, Pool.title, Pool.purpose, people.label("people"))
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(
            Pool.id == pool_id,
            Pool.status == PoolStatus.DRAFT,
            Pool.held_at.is_(None),
            PoolMember.person_id == viewer.person_id,
            PoolMember.left_at.is_(None),
            PoolMember.role == MemberRole.CHAMPION,
        )
    ).one_or_none()
    return None if row is None else DraftToOpen(row.id, row.title, row.purpose, row.people)


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """What a provider has answered to a wish: a price for one unit that the whole group shares."""

    unit: Unit
    whole_price: Money
    people_from: int
    most_people: int | None

    @property
    def shares(self) -> tuple[tuple[int, Money], ...]:
        """What each pays at most with the fewest people, twice as many, and as many as there is room for."""
        largest = self.most_people or MOST_PEOPLE
        sizes = sorted({self.people_from, min(2 * self.people_from, largest), largest})
        return tuple((size, Money(-(-self.whole_price.pence // size))) for size in sizes)


def whole_answer(session: Session, *, pool_id: PoolId, offer_id: OfferId) -> WholeAnswer | None:
    """Return the price for the whole group with which a provider answered a pool, or None if they gave none."""
    row = session.execute(
        select(PoolAnswer.unit, PoolAnswer.whole_price, PoolAnswer.people_from, PoolAnswer.most_people).where(
            PoolAnswer.pool_id == pool_id,
            PoolAnswer.offer_id == offer_id,
            PoolAnswer.whole_price.is_not(None),
            PoolAnswer.withdrawn_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    # The database lets no whole price stand without a unit and a least number of people.
    return WholeAnswer(known(row.unit), known(row.whole_price), known(row.people_from), row.most_people)


def group_offer(session: Session, *, offer_id: OfferId, on: date) -> GroupOffer | None:
    """Return a live offer with the prices that are in force on a day, or None if nobody may see it. Two queries."""
    offer = session.execute(
        select(Offer.id, Offer.title, Offer.category, Offer.is_free, Provider.name, Provider.organisation_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Offer.id == offer_id, Offer.status == OfferStatus.LIVE)
    ).one_or_none()
    if offer is None:
        return None
    ever = () if offer.is_free else prices_of(session, offer_ids=[offer_id]).get(offer_id, ())
    prices = price_list(ever, on=on)
    single = next((price for price in prices if price.people_from == 1), None)
    # Only a price that is lower than going alone is a reason to wait for others.
    together = tuple(
        GroupPrice(price.people_from, price.amount)
        for price in prices
        if single is not None and price.people_from > 1 and price.amount < single.amount and price.unit is single.unit
    )
    return GroupOffer(
        id=offer.id,
        title=offer.title,
        provider_name=offer.name,
        organisation_id=offer.organisation_id,
        category=offer.category,
        unit=single.unit if single else None,
        price_alone=single.amount if single else None,
        group_prices=together,
    )
