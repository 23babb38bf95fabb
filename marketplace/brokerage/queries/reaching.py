"""Which organisations is a brief for? Filters in SQL: kind of support, area, and nobody who stands on its own side."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ColumnElement, Select, and_, cast, func, or_, select
from sqlalchemy.orm import aliased

from marketplace.accounts.models import Delegation, DelegationScope, RoleGrant
from marketplace.accounts.rules import OrganisationId, Scope
from marketplace.brokerage.models import Brief, BriefScorer
from marketplace.brokerage.rules.nouns import AreaKind, BriefStatus
from marketplace.catalogue.models import Category, Offer, OfferCouncil, Provider
from marketplace.catalogue.rules import OfferStatus, Setting
from marketplace.kit.places import MILE

# How far the edge of a brief's area may be from its middle, in metres: nobody knows where in it the person lives.
_REACH = {AreaKind.DISTRICT: round(3 * MILE), AreaKind.COUNCIL: round(10 * MILE)}
_NEAR = round(12 * MILE)
"""How far people go to a place they do not live at, in metres."""


def is_open(now: datetime) -> ColumnElement[bool]:
    """Return a filter: briefs that providers may see and quote for at a moment."""
    return and_(Brief.status == BriefStatus.OPEN, Brief.held_at.is_(None), Brief.closes_at > now)


def organisations_with_offers() -> Select[OrganisationId | None]:
    """Return the organisations with a live offer of the kind and area of a brief of the query around this one."""
    place_east, place_north = _middle()
    apart = _squared(place_east - Brief.easting, place_north - Brief.northing)
    kind = aliased(Category)
    return (
        select(Provider.organisation_id)
        .join(Offer, Offer.provider_id == Provider.id)
        .join(kind, kind.slug == Offer.category)
        .where(
            Provider.organisation_id.is_not(None),
            Offer.status == OfferStatus.LIVE,
            or_(Offer.category == Brief.category, kind.parent == Brief.category),
            or_(
                Offer.setting == Setting.ONLINE,
                Offer.council == Brief.council,
                Offer.id.in_(select(OfferCouncil.offer_id).where(OfferCouncil.council == Brief.council)),
                *(
                    and_(Brief.area_kind == area, Offer.setting == Setting.AT_HOME, _travels(apart, reach))
                    for area, reach in _REACH.items()
                ),
                and_(Offer.setting == Setting.AT_PLACE, apart <= _NEAR * _NEAR),
            ),
        )
        .correlate(Brief)
    )


def organisations_inside(*, on: date) -> Select[OrganisationId | None]:
    """
    Return the organisations on the side of a brief of the query around this one: they cannot also quote.

    Those that its person, anybody they let ask for quotes, or anybody who scores the quotes, speaks for [003].
    """
    helpers = (
        select(Delegation.receiver_id)
        .join(DelegationScope, DelegationScope.delegation_id == Delegation.id)
        .where(
            Delegation.giver_id == Brief.person_id,
            DelegationScope.scope == Scope.ASK_FOR_QUOTES,
            Delegation.accepted_at.is_not(None),
            Delegation.ended_at.is_(None),
            Delegation.ends_on >= on,
        )
        .correlate(Brief)
    )
    scorers = (
        select(BriefScorer.person_id)
        .where(BriefScorer.brief_id == Brief.id, BriefScorer.left_at.is_(None))
        .correlate(Brief)
    )
    return (
        select(RoleGrant.organisation_id)
        .where(
            RoleGrant.organisation_id.is_not(None),
            or_(
                RoleGrant.person_id == Brief.person_id,
                RoleGrant.person_id.in_(helpers),
                RoleGrant.person_id.in_(scorers),
            ),
        )
        .correlate(Brief)
    )


def _middle() -> tuple[ColumnElement[int], ColumnElement[int]]:
    # An offer at people's homes may have no place of its own: its provider's is where they set out from.
    return (
        cast(func.coalesce(Offer.easting, Provider.easting), BigInteger),
        cast(func.coalesce(Offer.northing, Provider.northing), BigInteger),
    )


def _travels(apart: ColumnElement[int], reach: int) -> ColumnElement[bool]:
    far = cast(Offer.travels_metres, BigInteger) + reach
    return apart <= far * far


def _squared(across: ColumnElement[int], up: ColumnElement[int]) -> ColumnElement[int]:
    # Squares of metres overflow 32 bits.
    return cast(across, BigInteger) * cast(across, BigInteger) + cast(up, BigInteger) * cast(up, BigInteger)
