"""The people of a pool as its members see them, and the user-led organisations that could help it from outside."""

import uuid
from dataclasses import dataclass

from sqlalchemy import BigInteger, CompoundSelect, cast, exists, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import OrganisationId, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import ProviderKind
from marketplace.pooling.models import Pool, PoolAnswer, PoolMember
from marketplace.pooling.queries.membership import Fellow, Membership, fellows, my_membership
from marketplace.pooling.rules.membership import needs_champion
from marketplace.pooling.rules.nouns import MemberId, MemberRole, PoolId
from marketplace.pooling.rules.pools import OVER

_MOST_ASKED = 12


@dataclass(frozen=True, slots=True)
class UserLedOrganisation:
    """A user-led organisation that could help a pool from outside."""

    id: OrganisationId
    name: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The people of a pool, by what they chose to be called, and what the viewer may do about it."""

    membership: Membership
    people: tuple[Fellow, ...]
    # Where outside organisations come from.
    organisations: dict[MemberId, str]
    is_over: bool

    @property
    def has_champion(self) -> bool:
        """Whether somebody keeps it going."""
        return not needs_champion([one.role for one in self.people])


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """What a user-led organisation sees that was asked to help: what anybody who is invited sees."""

    pool_id: PoolId
    title: str
    purpose: str
    area: str
    organisation: str
    is_over: bool
    viewer_is_in: bool


def people_page(session: Session, *, pool_id: PoolId, viewer: Viewer) -> PeoplePage | None:
    """Return the people of a pool to one of them; to anybody else there is no such page."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    rows = session.execute(
        select(PoolMember.id, Organisation.name)
        .join(Organisation, Organisation.id == PoolMember.organisation_id)
        .where(
            PoolMember.pool_id == pool_id,
            PoolMember.left_at.is_(None),
            PoolMember.role == MemberRole.FACILITATOR,
        )
    )
    return PeoplePage(
        membership=mine,
        people=fellows(session, pool_id=pool_id, viewer=viewer),
        organisations={row.id: row.name for row in rows},
        is_over=mine.pool_status in OVER,
    )


def organisations_to_ask(session: Session, *, pool_id: PoolId) -> tuple[UserLedOrganisation, ...]:
    """Return user-led organisations that a pool can ask for help, nearest first: none that sells to it or helps it."""
    helping = select(PoolMember.organisation_id).where(
        PoolMember.pool_id == pool_id, PoolMember.left_at.is_(None), PoolMember.organisation_id.is_not(None)
    )
    across = cast(Provider.easting, BigInteger) - func.coalesce(Pool.easting, Provider.easting)
    up = cast(Provider.northing, BigInteger) - func.coalesce(Pool.northing, Provider.northing)
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .join(Provider, Provider.organisation_id == Organisation.id)
        .join(Pool, Pool.id == pool_id)
        .where(
            Provider.kind == ProviderKind.USER_LED_ORGANISATION,
            Organisation.id.not_in(_providing(pool_id)),
            Organisation.id.not_in(helping),
        )
        .order_by(func.coalesce(across * across + up * up, 0), Organisation.name, Organisation.id)
        .limit(_MOST_ASKED)
    )
    return tuple(UserLedOrganisation(row.id, row.name) for row in rows)


def help_asked(
    session: Session, *, pool_id: PoolId, organisation_id: OrganisationId, key: uuid.UUID, viewer: Viewer
) -> HelpAsked | None:
    """Return what a pool that asks for help is about to those who speak for whom it asked, or None to anybody else."""
    if not viewer.speaks_for(organisation_id):
        return None
    is_in = exists().where(
        PoolMember.pool_id == Pool.id, PoolMember.person_id == viewer.person_id, PoolMember.left_at.is_(None)
    )
    row = session.execute(
        select(Pool, Organisation.name, is_in.label("is_in"))
        .join(Organisation, Organisation.id == organisation_id)
        .where(Pool.id == pool_id, Pool.invite_key == key, Pool.held_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    return HelpAsked(
        pool_id=row.Pool.id,
        title=row.Pool.title,
        purpose=row.Pool.purpose,
        area=row.Pool.place_name,
        organisation=row.name,
        is_over=row.Pool.status in OVER,
        viewer_is_in=row.is_in,
    )


def provides_for(session: Session, *, pool_id: PoolId, organisation_id: OrganisationId) -> bool:
    """Test whether an organisation sells, or has offered to sell, what a pool is for."""
    return bool(
        session.scalar(
            select(Organisation.id).where(Organisation.id == organisation_id, Organisation.id.in_(_providing(pool_id)))
        )
    )


def _providing(pool_id: PoolId) -> CompoundSelect[OrganisationId | None]:
    sells = (
        select(Provider.organisation_id)
        .join(Offer, Offer.provider_id == Provider.id)
        .join(Pool, Pool.offer_id == Offer.id)
        .where(Pool.id == pool_id, Provider.organisation_id.is_not(None))
    )
    answered = select(PoolAnswer.organisation_id).where(
        PoolAnswer.pool_id == pool_id, PoolAnswer.withdrawn_at.is_(None)
    )
    return sells.union(answered)
