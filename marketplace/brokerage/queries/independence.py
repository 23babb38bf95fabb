"""Who says what about who pays them, and what do they sell? The register is for everyone to read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Delegation, DelegationScope, Organisation, Person, RoleGrant
from marketplace.accounts.rules import DelegationId, OrganisationId, PersonId, Scope, Viewer, whole_scopes
from marketplace.brokerage.models import Independence
from marketplace.brokerage.rules.independence import PLANNING, conflict_of_oneself, is_stale, sells_support
from marketplace.brokerage.rules.nouns import Payer
from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.rules import CategorySlug, OfferStatus, ProviderId, ProviderKind
from marketplace.kit.days import day_of
from marketplace.kit.pages import Slice

_PAGE = 50
_MOST_EDITIONS = 20


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an organisation said of itself on a day."""

    payers: tuple[Payer, ...]
    who_pays: str
    also_sells: str
    ties: str
    declared_on: date
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Sold:
    """How much of one kind an organisation has on offer here at a price."""

    slug: CategorySlug
    name: str
    offers: int


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One organisation in the register. One that has not said anything has no declaration."""

    organisation_id: OrganisationId
    provider_id: ProviderId
    name: str
    kind: ProviderKind
    declaration: Declaration | None
    # What it sells here besides help to plan, from its offers themselves.
    sells: tuple[Sold, ...]

    @property
    def sells_support(self) -> bool:
        """Whether it sells anything that a plan could buy."""
        return sells_support([it.slug for it in self.sells])


@dataclass(frozen=True, slots=True)
class Register:
    """One page of the register."""

    lines: tuple[RegisterLine, ...]
    slice: Slice


def helps_people_plan() -> Select[OrganisationId | None]:
    """Return, for use in `in_`, organisations that offer help to plan, and user-led ones that offer anything, today."""
    return (
        select(Provider.organisation_id)
        .join(Offer, Offer.provider_id == Provider.id)
        .where(
            Provider.organisation_id.is_not(None),
            Offer.status == OfferStatus.LIVE,
            or_(Offer.category.in_(PLANNING), Provider.kind == ProviderKind.USER_LED_ORGANISATION),
        )
    )


def register(session: Session, *, on: date, page: int = 1) -> Register:
    """Return one page of everybody who helps people plan, by name, with what they said and what they sell."""
    total = session.scalar(select(func.count()).select_from(_listed().subquery())) or 0
    part = Slice.within(total=total, size=_PAGE, page=page)
    rows = session.execute(_listed().offset(part.offset).limit(part.size)).all()
    return Register(lines=_lines(session, rows, on=on), slice=part)


def whole_register(session: Session, *, on: date) -> tuple[RegisterLine, ...]:
    """Return the whole register, to download."""
    return _lines(session, session.execute(_listed()).all(), on=on)


def _listed() -> Select[OrganisationId, str, ProviderId, ProviderKind]:
    declared = exists().where(Independence.organisation_id == Organisation.id)
    return (
        select(Organisation.id, Provider.name, Provider.id.label("provider_id"), Provider.kind)
        .join(Provider, Provider.organisation_id == Organisation.id)
        .where(or_(Organisation.id.in_(helps_people_plan()), declared))
        .order_by(func.lower(Provider.name), Organisation.id)
    )


def _lines(session: Session, rows: Sequence[Row[*tuple[Any, ...]]], *, on: date) -> tuple[RegisterLine, ...]:
    ids = [row.id for row in rows]
    said = session.scalars(
        select(Independence).where(Independence.organisation_id.in_(ids), Independence.superseded_at.is_(None))
    )
    declarations = {it.organisation_id: _declaration(it, on=on) for it in said}
    sold = sold_by(session, organisation_ids=ids)
    return tuple(
        RegisterLine(
            organisation_id=row.id,
            provider_id=row.provider_id,
            name=row.name,
            kind=row.kind,
            declaration=declarations.get(row.id),
            sells=sold.get(row.id, ()),
        )
        for row in rows
    )


def _declaration(it: Independence, *, on: date) -> Declaration:
    declared_on = day_of(it.declared_at)
    return Declaration(
        payers=tuple(payer for payer in Payer if payer in it.payers),
        who_pays=it.who_pays,
        also_sells=it.also_sells,
        ties=it.ties,
        declared_on=declared_on,
        is_stale=is_stale(declared_on, on=on),
    )


def sold_by(
    session: Session, *, organisation_ids: Collection[OrganisationId]
) -> Mapping[OrganisationId, tuple[Sold, ...]]:
    """Return what some organisations have on offer at a price, other than help to plan: from the offers."""
    rows = session.execute(
        select(Provider.organisation_id, Category.slug, Category.name, func.count().label("offers"))
        .join(Offer, Offer.provider_id == Provider.id)
        .join(Category, Category.slug == Offer.category)
        .where(
            Provider.organisation_id.in_(organisation_ids),
            Offer.status == OfferStatus.LIVE,
            Offer.is_free.is_(False),
            Offer.category.not_in(PLANNING),
        )
        .group_by(Provider.organisation_id, Category.slug, Category.name, Category.position)
        .order_by(Category.position)
    )
    found: dict[OrganisationId, tuple[Sold, ...]] = {}
    for row in rows:
        found[row.organisation_id] = (*found.get(row.organisation_id, ()), Sold(row.slug, row.name, row.offers))
    return found


def editions_of(session: Session, *, organisation_id: OrganisationId, on: date) -> tuple[Declaration, ...]:
    """Return everything that an organisation said of itself, the newest first."""
    rows = session.scalars(
        select(Independence)
        .where(Independence.organisation_id == organisation_id)
        .order_by(Independence.declared_at.desc(), Independence.id)
        .limit(_MOST_EDITIONS)
    )
    return tuple(_declaration(it, on=on) for it in rows)


def held_by_organisation(
    session: Session, *, person_id: PersonId, organisation_id: OrganisationId, on: date
) -> frozenset[Scope]:
    """Return everything that a person lets anybody do who speaks for an organisation, taken together."""
    rows = session.scalars(
        select(DelegationScope.scope)
        .join(Delegation, Delegation.id == DelegationScope.delegation_id)
        .join(
            RoleGrant,
            and_(RoleGrant.person_id == Delegation.receiver_id, RoleGrant.organisation_id == organisation_id),
        )
        .where(Delegation.giver_id == person_id, Delegation.ended_at.is_(None), Delegation.ends_on >= on)
    )
    return whole_scopes(frozenset(rows))


def why_not_accept(session: Session, *, delegation_id: DelegationId, viewer: Viewer, on: date) -> str | None:
    """
    Return why somebody must not say yes to a consent that waits for them, as sentences, or None if they may.

    Of one that does not wait for the viewer this says nothing: whether it is there at all is the service's to say.
    """
    giver_id = session.scalars(
        select(Delegation.giver_id)
        .join(Person, and_(Person.email == Delegation.email, Person.id == viewer.person_id))
        .where(Delegation.id == delegation_id, Delegation.accepted_at.is_(None), Person.confirmed_at.is_not(None))
    ).one_or_none()
    if giver_id is None:
        return None
    wanted = session.scalars(select(DelegationScope.scope).where(DelegationScope.delegation_id == delegation_id)).all()
    sold = sold_by(session, organisation_ids=viewer.organisations)
    for organisation_id in sold:
        held = held_by_organisation(session, person_id=giver_id, organisation_id=organisation_id, on=on)
        name = session.scalars(select(Organisation.name).where(Organisation.id == organisation_id)).one()
        problem = conflict_of_oneself(sells=True, holds=held | set(wanted), name=name)
        if problem:
            return problem
    return None


@dataclass(frozen=True, slots=True)
class OwnDeclaration:
    """An organisation that the viewer speaks for, and what it says of itself now."""

    organisation_id: OrganisationId
    name: str
    declaration: Declaration | None
    sells: tuple[Sold, ...]


def own_declaration(
    session: Session, *, organisation_id: OrganisationId, viewer: Viewer, on: date
) -> OwnDeclaration | None:
    """Return what an organisation says of itself, to those who speak for it; to anybody else there is none to write."""
    if not viewer.speaks_for(organisation_id):
        return None
    name = session.scalars(select(Organisation.name).where(Organisation.id == organisation_id)).one()
    editions = editions_of(session, organisation_id=organisation_id, on=on)
    sold = sold_by(session, organisation_ids=[organisation_id])
    return OwnDeclaration(
        organisation_id=organisation_id,
        name=name,
        declaration=editions[0] if editions else None,
        sells=sold.get(organisation_id, ()),
    )
