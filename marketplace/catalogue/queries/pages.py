"""What the page of an offer and the page of a provider show."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import Category, Offer, Provider, Source
from marketplace.catalogue.queries.cards import ACCESS, OfferCard, cards_for, district_of, group_price_in, in_order
from marketplace.catalogue.queries.mine import refused_because
from marketplace.catalogue.queries.terms import prices_of
from marketplace.catalogue.rules import (
    AccessFact,
    Act,
    CategorySlug,
    OfferId,
    OfferStatus,
    Price,
    ProviderId,
    ProviderKind,
    Setting,
)
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode

PAGE_SIZE = 20

# Made once: putting a statement together takes longer than running it.
_OFFER = (
    select(Offer, Provider, Category.name, Source, ACCESS)
    .join(Provider, Provider.id == Offer.provider_id)
    .join(Category, Category.slug == Offer.category)
    .outerjoin(Source, Source.key == Offer.source)
    .where(Offer.id == bindparam("offer_id"))
)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Whom to thank for an entry, and on what terms we show it."""

    publisher: str
    licence: str
    licence_url: str
    url: str


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """Who provides an offer."""

    id: ProviderId
    name: str
    kind: ProviderKind
    staff_fte: Decimal | None
    board_share: int | None
    website: str | None
    takes_requests: bool


@dataclass(frozen=True, slots=True)
class OfferPage:
    """
    Everything the page of an offer shows of it.

    `postcode` is whole only for a place that people go to: somebody who comes to you may start from their own home.
    `next_price` is the one that follows, with the day it begins.
    """

    id: OfferId
    title: str
    description: str
    category: CategorySlug
    category_name: str
    status: OfferStatus
    setting: Setting
    travels_metres: int | None
    address: str
    postcode: str
    council: CouncilCode | None
    is_free: bool
    price: Price | None
    group_price: Price | None
    next_price: Price | None
    access: tuple[AccessFact, ...]
    provider: ProviderLine
    source: SourceLine | None
    updated_at: datetime
    is_own: bool
    # What the viewer may do about where it stands, and, to its provider, why it does not stand on the site.
    acts: tuple[Act, ...]
    refused_because: str


def offer_page(session: Session, *, offer_id: OfferId, viewer: Viewer, on: date) -> OfferPage | None:
    """
    Return an offer that the viewer may see: anybody a live one, moderators any, its provider its own.

    Two queries, three to a provider whose offer needs a change.
    """
    row = session.execute(_OFFER, {"offer_id": offer_id}).one_or_none()
    if row is None:
        return None
    offer, provider, category_name, source, access = row
    is_own = viewer.speaks_for(provider.organisation_id)
    if not (offer.status is OfferStatus.LIVE or is_own or viewer.may(Permission.MODERATE)):
        return None
    prices = () if offer.is_free else prices_of(session, offer_ids=[offer_id]).get(offer_id, ())
    shows_address = offer.setting is Setting.AT_PLACE
    needs_a_change = is_own and offer.status is OfferStatus.REFUSED
    return OfferPage(
        id=offer.id,
        title=offer.title,
        description=offer.description,
        category=offer.category,
        category_name=category_name,
        status=offer.status,
        setting=offer.setting,
        travels_metres=offer.travels_metres,
        address=offer.address,
        postcode=(offer.postcode or "") if shows_address else district_of(offer.postcode),
        council=offer.council,
        is_free=offer.is_free,
        price=rules.price_for(prices, people=1, on=on),
        group_price=group_price_in(prices, on=on),
        next_price=_next_price(prices, on=on),
        access=in_order(access),
        provider=ProviderLine(
            id=provider.id,
            name=provider.name,
            kind=provider.kind,
            staff_fte=provider.staff_fte,
            board_share=provider.board_share,
            website=provider.website,
            takes_requests=provider.organisation_id is not None,
        ),
        source=_source(source),
        updated_at=offer.updated_at,
        is_own=is_own,
        acts=rules.acts_open_to(status=offer.status, provides=is_own, moderates=viewer.may(Permission.MODERATE)),
        refused_because=refused_because(session, offer_id=offer_id) if needs_a_change else "",
    )


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """Everything the page of a provider shows: itself and one page of its live offers."""

    id: ProviderId
    name: str
    kind: ProviderKind
    staff_fte: Decimal | None
    board_share: int | None
    about: str
    district: str
    council: CouncilCode | None
    website: str | None
    source: SourceLine | None
    is_own: bool
    cards: tuple[OfferCard, ...]
    slice: Slice


def provider_page(
    session: Session, *, provider_id: ProviderId, viewer: Viewer, on: date, page: int = 1
) -> ProviderPage | None:
    """Return a provider that has something live, or that the viewer speaks for, or any to a moderator."""
    row = session.execute(
        select(Provider, Source).outerjoin(Source, Source.key == Provider.source).where(Provider.id == provider_id)
    ).one_or_none()
    if row is None:
        return None
    provider, source = row
    is_own = viewer.speaks_for(provider.organisation_id)
    live = select(Offer.id).where(Offer.provider_id == provider_id, Offer.status == OfferStatus.LIVE)
    total = session.scalar(select(func.count()).select_from(live.subquery())) or 0
    if not (total or is_own or viewer.may(Permission.MODERATE)):
        return None
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    ids = session.scalars(live.order_by(Offer.title, Offer.id).offset(part.offset).limit(part.size)).all()
    return ProviderPage(
        id=provider.id,
        name=provider.name,
        kind=provider.kind,
        staff_fte=provider.staff_fte,
        board_share=provider.board_share,
        about=provider.about,
        district=district_of(provider.postcode),
        council=provider.council,
        website=provider.website,
        source=_source(source),
        is_own=is_own,
        cards=cards_for(session, offer_ids=ids, on=on),
        slice=part,
    )


def _next_price(prices: tuple[Price, ...], *, on: date) -> Price | None:
    later = [price for price in prices if price.begins_on > on]
    return rules.price_for(prices, people=1, on=min(price.begins_on for price in later)) if later else None


def _source(source: Source | None) -> SourceLine | None:
    if source is None:
        return None
    return SourceLine(
        publisher=source.publisher, licence=source.licence, licence_url=source.licence_url, url=source.url
    )
