"""Wishes, as providers see them from three households on; and the answers to one, as its members see them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, Select, cast, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import OrganisationId, Permission, Viewer
from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.rules import AccessFact, OfferId, OfferStatus, Setting, Unit
from marketplace.kit.money import Money
from marketplace.kit.pages import Slice
from marketplace.kit.places import MILE, Place
from marketplace.pooling.models import Pool, PoolAnswer, PoolMember, PoolStep
from marketplace.pooling.queries.membership import my_membership
from marketplace.pooling.queries.opening import GroupPrice, group_offer
from marketplace.pooling.rules.nouns import AnswerId, MemberRole, PoolId, PoolOrigin, PoolStatus, Step
from marketplace.pooling.rules.starting import FEWEST_SAID

PAGE_SIZE = 12
_NEAR = round(30 * MILE)
"""How far from a wish a provider still hears of it, in metres."""


@dataclass(frozen=True, slots=True)
class MyAnswer:
    """What the viewer's own organisation answered."""

    id: AnswerId
    offer_title: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class WishLine:
    """A wish, as a provider sees it: numbers and needs of all of them together, and never who."""

    id: PoolId
    title: str
    purpose: str
    category: str
    area: str
    people: int
    needs: tuple[str, ...]
    answers: tuple[MyAnswer, ...]


@dataclass(frozen=True, slots=True)
class Wishes:
    """One page of wishes."""

    wishes: tuple[WishLine, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """One of the viewer's live offers, to answer with."""

    id: OfferId
    title: str
    organisation_id: OrganisationId


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What one provider answers, as members see it: a price for the group, or the offer's own prices."""

    id: AnswerId
    offer_id: OfferId
    offer_title: str
    offer_is_live: bool
    provider_name: str
    words: str
    whole_price: Money | None
    unit: Unit | None
    people_from: int | None
    most_people: int | None
    price_alone: Money | None
    group_prices: tuple[GroupPrice, ...]
    answered_at: datetime

    def each_pays(self, people: int) -> Money | None:
        """Return about what each of so many people pays for one unit, rounded up; None if that is too few."""
        if self.whole_price is not None:
            enough = self.people_from is not None and people >= self.people_from
            return Money(-(-self.whole_price.pence // people)) if enough else None
        reached = [price.amount for price in self.group_prices if price.people_from <= people]
        return reached[-1] if reached else self.price_alone


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers to one wish, for its members."""

    pool_id: PoolId
    pool_title: str
    people: int
    is_wish: bool
    is_draft: bool
    viewer_is_champion: bool
    answers: tuple[AnswerLine, ...]


def households() -> ScalarSelect[int]:
    """Return how many people who would buy are in each pool, as a column: outside helpers do not count."""
    return (
        select(func.count())
        .select_from(PoolMember)
        .where(
            PoolMember.pool_id == Pool.id,
            PoolMember.left_at.is_(None),
            PoolMember.role != MemberRole.FACILITATOR,
        )
        .correlate(Pool)
        .scalar_subquery()
    )


def wishes(session: Session, *, viewer: Viewer, place: Place | None, page: int = 1) -> Wishes:
    """Return wishes that providers may see, newest first: none of fewer than three households, and none to others."""
    wanted = _calls(viewer)
    if place is not None:
        wanted = wanted.where(_within(place.point.easting, place.point.northing, _NEAR))
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(wanted.order_by(Pool.opened_at.desc(), Pool.id).offset(part.offset).limit(part.size)).all()
    ids = [row.Pool.id for row in rows]
    needs, mine = _needs(session, ids), _mine(session, ids, viewer)
    return Wishes(
        tuple(
            WishLine(
                id=row.Pool.id,
                title=row.Pool.title,
                purpose=row.Pool.purpose,
                category=row.category,
                area=row.Pool.place_name,
                people=row.people,
                needs=needs.get(row.Pool.id, ()),
                answers=mine.get(row.Pool.id, ()),
            )
            for row in rows
        ),
        part,
    )


def wish(session: Session, *, pool_id: PoolId, viewer: Viewer) -> WishLine | None:
    """Return one wish to a provider, or None if they may not see it."""
    row = session.execute(_calls(viewer).where(Pool.id == pool_id)).one_or_none()
    if row is None:
        return None
    return WishLine(
        id=row.Pool.id,
        title=row.Pool.title,
        purpose=row.Pool.purpose,
        category=row.category,
        area=row.Pool.place_name,
        people=row.people,
        needs=_needs(session, [pool_id]).get(pool_id, ()),
        answers=_mine(session, [pool_id], viewer).get(pool_id, ()),
    )


def own_offers(session: Session, *, viewer: Viewer) -> tuple[OwnOffer, ...]:
    """Return the live offers of those the viewer speaks for, by title."""
    rows = session.execute(
        select(Offer.id, Offer.title, Provider.organisation_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Provider.organisation_id.in_(viewer.organisations), Offer.status == OfferStatus.LIVE)
        .order_by(Offer.title, Offer.id)
    )
    return tuple(OwnOffer(row.id, row.title, row.organisation_id) for row in rows)


def answers_to(session: Session, *, pool_id: PoolId, viewer: Viewer, on: date) -> Answers | None:
    """Return the answers to a wish to a member of its pool, first come first; to anybody else there is no such page."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    pool = session.execute(
        select(Pool.began_from, Pool.status, households().label("people")).where(Pool.id == pool_id)
    ).one()
    rows = session.execute(
        select(PoolAnswer, Offer.title, Offer.status, Provider.name)
        .join(Offer, Offer.id == PoolAnswer.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(PoolAnswer.pool_id == pool_id, PoolAnswer.withdrawn_at.is_(None))
        .order_by(PoolAnswer.answered_at, PoolAnswer.id)
    ).all()
    lines = []
    for answer, title, status, provider_name in rows:
        offer = group_offer(session, offer_id=answer.offer_id, on=on)
        lines.append(
            AnswerLine(
                id=answer.id,
                offer_id=answer.offer_id,
                offer_title=title,
                offer_is_live=status is OfferStatus.LIVE,
                provider_name=provider_name,
                words=answer.words,
                whole_price=answer.whole_price,
                unit=answer.unit if answer.whole_price is not None else offer.unit if offer else None,
                people_from=answer.people_from or (offer.people_from if offer else None),
                most_people=answer.most_people,
                price_alone=offer.price_alone if offer else None,
                group_prices=offer.group_prices if offer else (),
                answered_at=answer.answered_at,
            )
        )
    return Answers(
        pool_id=pool_id,
        pool_title=mine.pool_title,
        people=pool.people,
        is_wish=pool.began_from is PoolOrigin.WISH,
        is_draft=pool.status is PoolStatus.DRAFT,
        viewer_is_champion=mine.is_champion,
        answers=tuple(lines),
    )


def organisations_to_call(session: Session, *, pool_id: PoolId, limit: int) -> list[OrganisationId]:
    """Return organisations with a live offer of the kind a pool wishes for, near it. For the service that writes."""
    apart = _squared(Provider.easting - Pool.easting, Provider.northing - Pool.northing)
    inside = organisations_within(session, pool_id=pool_id)
    near = or_(Offer.setting == Setting.ONLINE, apart <= _NEAR * _NEAR)
    found = (
        select(Provider.organisation_id)
        .join(Offer, Offer.provider_id == Provider.id)
        .join(Pool, Pool.category == Offer.category)
        .where(
            Pool.id == pool_id,
            Offer.status == OfferStatus.LIVE,
            Provider.organisation_id.is_not(None),
            Provider.organisation_id.not_in(inside),
            near,
        )
        .group_by(Provider.organisation_id)
        .order_by(func.min(apart), Provider.organisation_id)
        .limit(limit)
    )
    return [organisation_id for organisation_id in session.scalars(found) if organisation_id is not None]


def organisations_within(session: Session, *, pool_id: PoolId) -> set[OrganisationId]:
    """Return the organisations that a pool's own people speak for or come from. For services; never for a page."""
    members = select(PoolMember.person_id).where(PoolMember.pool_id == pool_id, PoolMember.left_at.is_(None))
    speaking = select(RoleGrant.organisation_id).where(
        RoleGrant.person_id.in_(members), RoleGrant.organisation_id.is_not(None)
    )
    helping = select(PoolMember.organisation_id).where(
        PoolMember.pool_id == pool_id, PoolMember.left_at.is_(None), PoolMember.organisation_id.is_not(None)
    )
    return {found for found in session.scalars(speaking.union(helping)) if found is not None}


def _calls(viewer: Viewer) -> Select[Pool, str, int]:
    may = viewer.may(Permission.PROVIDE) and bool(viewer.organisations)
    kind = aliased(Category)
    return (
        select(Pool, kind.name.label("category"), households().label("people"))
        .join(kind, kind.slug == Pool.category)
        .where(
            true() if may else false(),
            Pool.began_from == PoolOrigin.WISH,
            Pool.status == PoolStatus.DRAFT,
            Pool.held_at.is_(None),
            households() >= FEWEST_SAID,
        )
    )


def _needs(session: Session, pool_ids: list[PoolId]) -> dict[PoolId, tuple[str, ...]]:
    """Return what all of a pool together need to get in and take part, in words. Nobody said it of one person."""
    rows = session.execute(
        select(PoolStep.pool_id, PoolStep.answers).where(PoolStep.pool_id.in_(pool_ids), PoolStep.step == Step.SUPPORT)
    )
    return {
        row.pool_id: tuple(fact.words for fact in AccessFact if fact.value in (row.answers.get("needs") or []))
        for row in rows
    }


def _mine(session: Session, pool_ids: list[PoolId], viewer: Viewer) -> dict[PoolId, tuple[MyAnswer, ...]]:
    found: dict[PoolId, tuple[MyAnswer, ...]] = {}
    rows = session.execute(
        select(PoolAnswer.pool_id, PoolAnswer.id, PoolAnswer.answered_at, Offer.title)
        .join(Offer, Offer.id == PoolAnswer.offer_id)
        .where(
            PoolAnswer.pool_id.in_(pool_ids),
            PoolAnswer.organisation_id.in_(viewer.organisations),
            PoolAnswer.withdrawn_at.is_(None),
        )
        .order_by(PoolAnswer.answered_at, PoolAnswer.id)
    )
    for row in rows:
        found[row.pool_id] = (*found.get(row.pool_id, ()), MyAnswer(row.id, row.title, row.answered_at))
    return found


def _within(easting: float, northing: float, metres: int) -> ColumnElement[bool]:
    return _squared(Pool.easting - round(easting), Pool.northing - round(northing)) <= metres * metres


def _squared(across: ColumnElement[int | None], up: ColumnElement[int | None]) -> ColumnElement[int]:
    # Squares of metres overflow 32 bits.
    return cast(across, BigInteger) * cast(across, BigInteger) + cast(up, BigInteger) * cast(up, BigInteger)
