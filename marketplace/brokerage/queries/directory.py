"""Who can be asked for help to plan: brokers, peers and user-led organisations, with what shows whether they fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation, RoleGrant
from marketplace.accounts.rules import OrganisationId, Viewer
from marketplace.brokerage.models import HelpRequest, Independence
from marketplace.brokerage.queries.independence import Sold, helps_people_plan, sold_by
from marketplace.brokerage.rules.independence import PLANNING
from marketplace.brokerage.rules.nouns import RequestStatus
from marketplace.catalogue.models import Offer, OfferCouncil, OfferLanguage, Provider
from marketplace.catalogue.queries.cards import OfferCard, cards_for
from marketplace.catalogue.rules import OfferId, OfferStatus, ProviderId, ProviderKind, Setting
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode

_PAGE = 20
_MOST_OFFERS = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom somebody looks for. What is empty or false narrows nothing."""

    words: str = ""
    language: str = ""
    council: CouncilCode | None = None
    is_user_led: bool = False
    sells_nothing_else: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One organisation in the directory. `offers` are its help to plan first."""

    organisation_id: OrganisationId
    provider_id: ProviderId
    name: str
    kind: ProviderKind
    about: str
    council: CouncilCode | None
    offers: tuple[OfferCard, ...]
    languages: tuple[str, ...]
    sells: tuple[Sold, ...]
    has_declared: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """One page of the directory, and the languages that can be asked for."""

    found: tuple[Found, ...]
    slice: Slice
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToAsk:
    """An organisation that can be asked for help."""

    id: OrganisationId
    name: str
    offer_ids: frozenset[OfferId]


def directory(session: Session, *, wanted: Wanted, viewer: Viewer, on: date, page: int = 1) -> Directory:
    """Return one page of who can be asked for help: those near the viewer first, by what nobody can buy."""
    those = and_(Provider.organisation_id.in_(helps_people_plan()), *_filters(wanted))
    total = session.scalar(select(func.count()).select_from(Provider).where(those)) or 0
    part = Slice.within(total=total, size=_PAGE, page=page)
    # Those of the viewer's own council first; among them by name: no place is for sale.
    near = func.coalesce(Provider.council == viewer.council, False)
    rows = session.scalars(
        select(Provider)
        .where(those)
        .order_by(near.desc(), func.lower(Provider.name), Provider.id)
        .offset(part.offset)
        .limit(part.size)
    ).all()
    return Directory(found=_found(session, rows, on=on), slice=part, languages=_languages(session))


def found_organisation(session: Session, *, organisation_id: OrganisationId, on: date) -> Found | None:
    """Return one organisation of the directory, or None if it is not in it."""
    rows = session.scalars(
        select(Provider).where(
            Provider.organisation_id == organisation_id, Provider.organisation_id.in_(helps_people_plan())
        )
    ).all()
    return next(iter(_found(session, rows, on=on)), None)


def organisation_to_ask(session: Session, *, organisation_id: OrganisationId) -> ToAsk | None:
    """Return an organisation that helps people plan and has somebody who speaks for it. For services."""
    row = session.execute(
        select(Organisation.id, Organisation.name).where(
            Organisation.id == organisation_id,
            Organisation.id.in_(helps_people_plan()),
            exists().where(RoleGrant.organisation_id == Organisation.id),
        )
    ).one_or_none()
    if row is None:
        return None
    offers = session.scalars(
        select(Offer.id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Provider.organisation_id == organisation_id, Offer.status == OfferStatus.LIVE)
    )
    return ToAsk(row.id, row.name, frozenset(offers))


def is_asked_by(session: Session, *, organisation_id: OrganisationId, viewer: Viewer) -> bool:
    """Test whether the viewer has asked an organisation that has not answered yet."""
    return bool(
        session.scalar(
            select(HelpRequest.id)
            .where(
                HelpRequest.person_id == viewer.person_id,
                HelpRequest.organisation_id == organisation_id,
                HelpRequest.status == RequestStatus.ASKED,
            )
            .limit(1)
        )
    )


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    live = exists().where(Offer.provider_id == Provider.id, Offer.status == OfferStatus.LIVE)
    filters: list[ColumnElement[bool]] = []
    if wanted.words:
        said = f"%{wanted.words.lower().replace('%', '').replace('_', ' ')}%"
        told = or_(func.lower(Offer.title).like(said), func.lower(Offer.description).like(said))
        named = or_(func.lower(Provider.name).like(said), func.lower(Provider.about).like(said))
        filters.append(or_(named, live.where(Offer.category.in_(PLANNING), told)))
    if wanted.language:
        filters.append(live.where(Offer.id == OfferLanguage.offer_id, OfferLanguage.language == wanted.language))
    if wanted.is_user_led:
        filters.append(Provider.kind == ProviderKind.USER_LED_ORGANISATION)
    if wanted.sells_nothing_else:
        filters.append(~live.where(Offer.is_free.is_(False), Offer.category.not_in(PLANNING)))
    if wanted.council:
        serves = live.where(OfferCouncil.offer_id == Offer.id, OfferCouncil.council == wanted.council)
        from_afar = live.where(Offer.category.in_(PLANNING), Offer.setting == Setting.ONLINE)
        filters.append(or_(Provider.council == wanted.council, serves, from_afar))
    return filters


def _found(session: Session, providers: Sequence[Provider], *, on: date) -> tuple[Found, ...]:
    ids = [it.id for it in providers]
    organisations = [it.organisation_id for it in providers if it.organisation_id is not None]
    is_planning = Offer.category.in_(PLANNING)
    rows = session.execute(
        select(Offer.provider_id, Offer.id)
        .where(Offer.provider_id.in_(ids), Offer.status == OfferStatus.LIVE)
        .order_by(is_planning.desc(), Offer.title, Offer.id)
    ).all()
    offers: dict[ProviderId, list[OfferId]] = {}
    for row in rows:
        if len(offers.setdefault(row.provider_id, [])) < _MOST_OFFERS:
            offers[row.provider_id].append(row.id)
    cards = {
        card.id: card for card in cards_for(session, offer_ids=[one for of in offers.values() for one in of], on=on)
    }
    spoken = _spoken(session, ids)
    sold = sold_by(session, organisation_ids=organisations)
    declared = set(
        session.scalars(select(Independence.organisation_id).where(Independence.organisation_id.in_(organisations)))
    )
    return tuple(
        Found(
            organisation_id=it.organisation_id,
            provider_id=it.id,
            name=it.name,
            kind=it.kind,
            about=it.about,
            council=it.council,
            offers=tuple(cards[one] for one in offers.get(it.id, []) if one in cards),
            languages=spoken.get(it.id, ()),
            sells=sold.get(it.organisation_id, ()),
            has_declared=it.organisation_id in declared,
        )
        for it in providers
        if it.organisation_id is not None
    )


def _spoken(session: Session, provider_ids: Sequence[ProviderId]) -> dict[ProviderId, tuple[str, ...]]:
    rows = session.execute(
        select(Offer.provider_id, OfferLanguage.language)
        .join(OfferLanguage, OfferLanguage.offer_id == Offer.id)
        .where(Offer.provider_id.in_(provider_ids), Offer.status == OfferStatus.LIVE)
        .distinct()
        .order_by(OfferLanguage.language)
    )
    found: dict[ProviderId, tuple[str, ...]] = {}
    for provider_id, language in rows:
        found[provider_id] = (*found.get(provider_id, ()), language)
    return found


def _languages(session: Session) -> tuple[str, ...]:
    rows: Any = session.scalars(
        select(OfferLanguage.language)
        .join(Offer, Offer.id == OfferLanguage.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Offer.status == OfferStatus.LIVE, Provider.organisation_id.in_(helps_people_plan()))
        .distinct()
        .order_by(OfferLanguage.language)
    )
    return tuple(rows)
