"""Which pools there are: near a place, on an offer, and one's own."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, Setting, Unit
from marketplace.kit.money import Money
from marketplace.kit.pages import Slice
from marketplace.kit.places import MILE, Place
from marketplace.pooling import rules
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules import PoolId, PoolStatus, known

PAGE_SIZE = 12
NEAR_METRES = round(10 * MILE)
"""How far away a pool still counts as near: ten miles, in metres."""


@dataclass(frozen=True, slots=True)
class PoolCard:
    """A pool in a list: numbers, never names."""

    id: PoolId
    title: str
    offer_id: OfferId
    offer_title: str
    provider_name: str
    people: int
    minimum_people: int
    price_each: Money
    price_alone: Money
    unit: Unit
    quantity: int
    saved_each: Money
    starts_on: date
    closes_at: datetime
    status: PoolStatus
    is_held: bool

    @property
    def still_needed(self) -> int:
        """How many more people it needs."""
        return rules.still_needed(people=self.people, minimum_people=self.minimum_people)

    @property
    def last_day(self) -> date:
        """The last day on which it can be joined."""
        return rules.last_day(self.closes_at)


@dataclass(frozen=True, slots=True)
class PoolList:
    """One page of a list of pools."""

    pools: tuple[PoolCard, ...]
    slice: Slice


def pools_near(session: Session, *, place: Place | None, now: datetime, page: int = 1) -> PoolList:
    """
    Return pools that can still be joined, newest first: all of them, or those within ten miles of a place.

    A pool on something online is near everybody; one that comes to people's homes is near as far as it travels.
    """
    wanted = [*_can_be_joined(now), *([_is_near(place)] if place else [])]
    return _listed(session, _cards().where(*wanted).order_by(Pool.opened_at.desc(), Pool.id), now=now, page=page)


def pools_forming(session: Session, *, now: datetime, limit: int) -> tuple[PoolCard, ...]:
    """Return the newest pools that can still be joined. For the home page."""
    newest = _cards().where(*_can_be_joined(now)).order_by(Pool.opened_at.desc(), Pool.id).limit(limit)
    return _read(session.execute(newest).all(), now)


def pools_on(session: Session, *, offer_id: OfferId, now: datetime, limit: int = 5) -> tuple[PoolCard, ...]:
    """Return the pools on one offer that can still be joined, those that close soonest first."""
    asked = {"offer_id": offer_id, "now": now, "limit": limit}
    return _read(session.execute(_ON_AN_OFFER, asked).all(), now)


def my_pools(session: Session, *, viewer: Viewer, now: datetime, page: int = 1) -> PoolList:
    """Return the pools the viewer opened or is in, whatever became of them, newest first. Nobody sees another's."""
    joined = select(Pledge.pool_id).where(Pledge.person_id == viewer.person_id, Pledge.withdrawn_at.is_(None))
    mine = _cards().where(or_(Pool.opened_by == viewer.person_id, Pool.id.in_(joined)))
    return _listed(session, mine.order_by(Pool.opened_at.desc(), Pool.id), now=now, page=page)


def pool_titles(session: Session, *, pool_ids: Sequence[uuid.UUID], viewer: Viewer) -> dict[uuid.UUID, str]:
    """Return what some pools are called, in one query. For moderators; anybody else gets none."""
    if not viewer.may(Permission.MODERATE):
        return {}
    rows = session.execute(select(Pool.id, Pool.title).where(Pool.id.in_(pool_ids)))
    return {row.id: row.title for row in rows}


def people_in_it() -> ScalarSelect[int]:
    """Return how many people are in each pool, as a column. Counted for the pools asked for, not for all there are."""
    return (
        select(func.count())
        .select_from(Pledge)
        .where(Pledge.pool_id == Pool.id, Pledge.withdrawn_at.is_(None))
        .correlate(Pool)
        .scalar_subquery()
    )


def _can_be_joined(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    return (Pool.status == PoolStatus.OPEN, Pool.closes_at > now, Pool.held_at.is_(None))


def _is_near(place: Place) -> ColumnElement[bool]:
    east = func.coalesce(Offer.easting, Provider.easting)
    north = func.coalesce(Offer.northing, Provider.northing)
    # Squares of metres overflow 32 bits.
    across, up = (
        cast(east, BigInteger) - round(place.point.easting),
        cast(north, BigInteger) - round(place.point.northing),
    )
    travels = case(
        (Offer.setting == Setting.AT_HOME, func.coalesce(Offer.travels_metres, NEAR_METRES)), else_=NEAR_METRES
    )
    reach = cast(travels, BigInteger)
    return or_(Offer.setting == Setting.ONLINE, across * across + up * up <= reach * reach)


def _cards() -> Select[Pool, str, str, int]:
    return (
        select(
            Pool,
            Offer.title.label("offer_title"),
            Provider.name.label("provider_name"),
            people_in_it().label("people"),
        )
        .join(Offer, Offer.id == Pool.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
    )


# Made once: it is asked for every page of an offer, and putting it together takes longer than running it.
_ON_AN_OFFER = (
    _cards()
    .where(Pool.offer_id == bindparam("offer_id"), *_can_be_joined(bindparam("now")))
    .order_by(Pool.closes_at, Pool.id)
    .limit(bindparam("limit"))
)


def _listed(session: Session, wanted: Select[Pool, str, str, int], *, now: datetime, page: int) -> PoolList:
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    return PoolList(_read(session.execute(wanted.offset(part.offset).limit(part.size)).all(), now), part)


def _read(rows: Sequence[Any], now: datetime) -> tuple[PoolCard, ...]:
    return tuple(
        PoolCard(
            id=row.Pool.id,
            title=row.Pool.title,
            offer_id=known(row.Pool.offer_id),
            offer_title=row.offer_title,
            provider_name=row.provider_name,
            people=row.people,
            minimum_people=known(row.Pool.minimum_people),
            price_each=known(row.Pool.unit_price),
            price_alone=known(row.Pool.price_alone),
            unit=known(row.Pool.unit),
            quantity=known(row.Pool.quantity),
            saved_each=rules.saved_each(
                price_alone=known(row.Pool.price_alone),
                group_price=known(row.Pool.unit_price),
                quantity=known(row.Pool.quantity),
            ),
            starts_on=known(row.Pool.starts_on),
            closes_at=known(row.Pool.closes_at),
            status=rules.status_shown(status=row.Pool.status, closes_at=known(row.Pool.closes_at), now=now),
            is_held=row.Pool.held_at is not None,
        )
        for row in rows
    )
