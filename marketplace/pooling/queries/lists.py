"""Which pools there are: near a place, on an offer, and one's own."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
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
from marketplace.pooling.models import Pledge, Pool, PoolMember
from marketplace.pooling.queries.wishes import households
from marketplace.pooling.rules import InterestSlug, PoolId, PoolStatus, known
from marketplace.pooling.rules.interests import interest_words
from marketplace.pooling.rules.pools import GOES_AHEAD
from marketplace.pooling.rules.starting import people_shown

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
    # 0 where there are too few to say.
    people: int
    minimum_people: int
    price_each: Money
    # Nobody offers the same to one alone, where a provider answered with a price for the group.
    price_alone: Money | None
    unit: Unit
    quantity: int
    starts_on: date
    closes_at: datetime
    status: PoolStatus
    is_over: bool
    is_held: bool
    # Near the place that somebody asked about, where the list has others too.
    is_near: bool = False

    @property
    def last_day(self) -> date:
        """The last day on which it can be joined."""
        return rules.last_day(self.closes_at)


@dataclass(frozen=True, slots=True)
class DraftCard:
    """A pool in a list that never had an offer. `people` is 0 where there are too few to say."""

    id: PoolId
    title: str
    interest: str
    area: str
    people: int
    status: PoolStatus
    is_held: bool


@dataclass(frozen=True, slots=True)
class PoolList:
    """One page of a list of pools."""

    pools: tuple[PoolCard | DraftCard, ...]
    slice: Slice


def pools_near(
    session: Session,
    *,
    place: Place | None,
    now: datetime,
    interest: InterestSlug | None = None,
    page: int = 1,
) -> PoolList:
    """
    Return pools that can be joined, newest first: all of them, or those within ten miles of a place, or on an interest.

    Those that are still finding people are among them. A pool on something online is near everybody; one that comes to
    people's homes is near as far as it travels.
    """
    finding = and_(Pool.status == PoolStatus.DRAFT, Pool.is_listed.is_(True), Pool.held_at.is_(None))
    wanted = [or_(finding, and_(*_can_be_joined(now)))]
    if place is not None:
        wanted.append(_is_near(place))
    if interest is not None:
        wanted.append(Pool.interest == interest)
    return _listed(session, _rows().where(*wanted).order_by(Pool.opened_at.desc(), Pool.id), now=now, page=page)


def pools_forming(session: Session, *, now: datetime, limit: int, place: Place | None = None) -> tuple[PoolCard, ...]:
    """Return the newest pools that can still be joined, those near a place first. For the home page."""
    is_near = literal(value=False) if place is None else func.coalesce(_is_near(place), false())
    newest = (
        _cards()
        .add_columns(is_near.label("is_near"))
        .where(*_can_be_joined(now))
        .order_by(is_near.desc(), Pool.opened_at.desc(), Pool.id)
        .limit(limit)
    )
    return tuple(replace(_card(row, now), is_near=bool(row.is_near)) for row in session.execute(newest))


def pools_confirmed(session: Session, *, now: datetime, since: datetime, limit: int) -> tuple[PoolCard, ...]:
    """Return the pools that people made certain since a moment, the newest first: only those that anybody may see."""
    newest = (
        _cards()
        .where(
            Pool.status.in_(GOES_AHEAD),
            Pool.confirmed_at > since,
            Pool.held_at.is_(None),
            Pool.is_listed.is_(True),
        )
        .order_by(Pool.confirmed_at.desc(), Pool.id)
        .limit(limit)
    )
    return _read(session.execute(newest).all(), now)


def pools_on(session: Session, *, offer_id: OfferId, now: datetime, limit: int = 5) -> tuple[PoolCard, ...]:
    """Return the pools on one offer that can still be joined, those that close soonest first."""
    asked = {"offer_id": offer_id, "now": now, "limit": limit}
    return _read(session.execute(_ON_AN_OFFER, asked).all(), now)


def my_pools(session: Session, *, viewer: Viewer, now: datetime, page: int = 1) -> PoolList:
    """Return the pools the viewer opened or is in, whatever became of them, newest first. Nobody sees another's."""
    joined = select(Pledge.pool_id).where(Pledge.person_id == viewer.person_id, Pledge.withdrawn_at.is_(None))
    member = select(PoolMember.pool_id).where(PoolMember.person_id == viewer.person_id, PoolMember.left_at.is_(None))
    mine = _rows().where(or_(Pool.opened_by == viewer.person_id, Pool.id.in_(joined), Pool.id.in_(member)))
    return _listed(session, mine.order_by(Pool.opened_at.desc(), Pool.id), now=now, page=page, are_own=True)


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
    return (Pool.status == PoolStatus.OPEN, Pool.closes_at > now, Pool.held_at.is_(None), Pool.is_listed.is_(True))


def _is_near(place: Place) -> ColumnElement[bool]:
    east = func.coalesce(Pool.easting, Offer.easting, Provider.easting)
    north = func.coalesce(Pool.northing, Offer.northing, Provider.northing)
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


def _rows() -> Select[Pool, str, str, int, int]:
    return (
        select(
            Pool,
            Offer.title.label("offer_title"),
            Provider.name.label("provider_name"),
            people_in_it().label("people"),
            households().label("members"),
        )
        .outerjoin(Offer, Offer.id == Pool.offer_id)
        .outerjoin(Provider, Provider.id == Offer.provider_id)
    )


# Made once: it is asked for every page of an offer, and putting it together takes longer than running it.
_ON_AN_OFFER = (
    _cards()
    .where(Pool.offer_id == bindparam("offer_id"), *_can_be_joined(bindparam("now")))
    .order_by(Pool.closes_at, Pool.id)
    .limit(bindparam("limit"))
)


def _listed(
    session: Session, wanted: Select[Pool, str, str, int, int], *, now: datetime, page: int, are_own: bool = False
) -> PoolList:
    # Counted apart from the rows: a window over all of them would work out the people in each, shown or not.
    total = select(func.count()).select_from(wanted.order_by(None).subquery()).scalar_subquery()
    on_page = wanted.add_columns(total.label("of")).offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    rows = session.execute(on_page).all()
    if not rows and page > 1:
        # Past the end: the last page is shown, and which that is must be asked first.
        last = Slice(1, PAGE_SIZE, session.scalar(select(total)) or 0).pages
        return _listed(session, wanted, now=now, page=last, are_own=are_own)
    part = Slice.within(total=rows[0].of if rows else 0, size=PAGE_SIZE, page=page)
    return PoolList(
        tuple(_draft(row) if row.Pool.offer_id is None else _card(row, now, is_own=are_own) for row in rows), part
    )


def _read(rows: Sequence[Any], now: datetime) -> tuple[PoolCard, ...]:
    return tuple(_card(row, now) for row in rows)


def _draft(row: Any) -> DraftCard:
    return DraftCard(
        id=row.Pool.id,
        title=row.Pool.title,
        interest=interest_words(row.Pool.interest),
        area=row.Pool.place_name,
        people=people_shown(row.members),
        status=row.Pool.status,
        is_held=row.Pool.held_at is not None,
    )


def _card(row: Any, now: datetime, *, is_own: bool = False) -> PoolCard:
    pool: Pool = row.Pool
    tells = is_own or pool.status in GOES_AHEAD
    price, quantity = known(pool.unit_price), known(pool.quantity)
    return PoolCard(
        id=pool.id,
        title=pool.title,
        offer_id=known(pool.offer_id),
        offer_title=row.offer_title,
        provider_name=row.provider_name,
        people=row.people if tells else people_shown(row.people),
        minimum_people=known(pool.minimum_people),
        price_each=price,
        price_alone=pool.price_alone,
        unit=known(pool.unit),
        quantity=quantity,
        starts_on=known(pool.starts_on),
        closes_at=known(pool.closes_at),
        status=rules.status_shown(status=pool.status, closes_at=known(pool.closes_at), now=now),
        is_over=pool.status in rules.OVER,
        is_held=pool.held_at is not None,
    )
