"""What the page of an offer and the page of a provider show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Label, Row, String, bindparam, cast, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import (
    Category,
    Offer,
    OfferCouncil,
    OfferLanguage,
    OfferPayment,
    OfferTime,
    Provider,
    Source,
)
from marketplace.catalogue.queries.cards import ACCESS, OfferCard, cards_for, district_of, in_order
from marketplace.catalogue.queries.listed import OtherList, other_lists, with_other_lists
from marketplace.catalogue.queries.mine import refused_because
from marketplace.catalogue.queries.shopping import IS_SHORTLISTED
from marketplace.catalogue.queries.terms import prices_of
from marketplace.catalogue.rules import (
    AccessFact,
    Act,
    Capacity,
    CategorySlug,
    CqcStanding,
    Day,
    OfferId,
    OfferStatus,
    PartOfDay,
    Price,
    ProviderId,
    ProviderKind,
    Setting,
    Trade,
    WayToPay,
)
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode

PAGE_SIZE = 20
_LINE = "\n"


def _list_of(what: ColumnElement[str], of: InstrumentedAttribute[OfferId], name: str) -> Label[str | None]:
    """Return one of the lists of an offer as a column, a line for each entry: see `_lines`."""
    gathered = select(func.aggregate_strings(what, _LINE)).where(of == Offer.id).correlate(Offer)
    return gathered.scalar_subquery().label(name)


# Made once: putting a statement together takes longer than running it.
_OFFER = with_other_lists(
    select(
        Offer,
        Provider,
        Category.name.label("category_name"),
        Source,
        ACCESS,
        _list_of(cast(OfferTime.day, String(1)) + cast(OfferTime.part, String(40)), OfferTime.offer_id, "times"),
        _list_of(cast(OfferPayment.way, String(40)), OfferPayment.offer_id, "ways"),
        _list_of(cast(OfferCouncil.council, String(9)), OfferCouncil.offer_id, "councils"),
        _list_of(cast(OfferLanguage.language, String(40)), OfferLanguage.offer_id, "languages"),
    )
    .join(Provider, Provider.id == Offer.provider_id)
    .join(Category, Category.slug == Offer.category)
    .outerjoin(Source, Source.key == Offer.source)
    .where(Offer.id == bindparam("offer_id"))
)
# Nobody in particular has no shortlist, and a page that is kept for everybody hangs on none.
_OFFER_TO_ANYBODY = _OFFER.add_columns(false().label("is_shortlisted"))
_OFFER_TO_SOMEBODY = _OFFER.add_columns(IS_SHORTLISTED)


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
    trade: Trade | None
    staff_fte: Decimal | None
    is_independent: bool
    board_share: int | None
    board_share_source: str
    board_share_on: date | None
    website: str | None
    takes_requests: bool


@dataclass(frozen=True, slots=True)
class OfferPage:
    """
    Everything the page of an offer shows of it.

    `postcode` is whole only for a place that people go to: somebody who comes to you may start from their own home.
    `rates` are what one person pays, the usual rate first; `ladder` what each pays in groups; `next_prices` are those
    that follow all of them, with the day they begin. `councils` are those it serves all of.
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
    rates: tuple[Price, ...]
    ladder: tuple[Price, ...]
    next_prices: tuple[Price, ...]
    included: str
    notice_hours: int | None
    travel_per_mile: Money | None
    suits: str
    access: tuple[AccessFact, ...]
    languages: tuple[str, ...]
    councils: tuple[CouncilCode, ...]
    times: frozenset[tuple[Day, PartOfDay]]
    ways: tuple[WayToPay, ...]
    capacity: Capacity | None
    capacity_on: date | None
    video_url: str | None
    video_has_captions: bool
    cqc_standing: CqcStanding | None
    cqc_because: str
    provider: ProviderLine
    source: SourceLine | None
    also_listed: tuple[OtherList, ...]
    updated_at: datetime
    confirmed_on: date
    is_own: bool
    # Whether it is on the shortlist of the viewer's account; a browser keeps its own.
    is_shortlisted: bool
    # What the viewer may do about where it stands, and, to its provider, why it does not stand on the site.
    acts: tuple[Act, ...]
    refused_because: str

    @property
    def price(self) -> Price | None:
        """What one person pays at the usual rate, or None if nobody has said."""
        return self.rates[0] if self.rates else None

    @property
    def group_price(self) -> Price | None:
        """What each pays in the smallest group there is a price for, or None if there is none."""
        return self.ladder[0] if self.ladder else None

    @property
    def next_price(self) -> Price | None:
        """The usual rate that follows, or None if nobody has set one."""
        return self.next_prices[0] if self.next_prices else None


def offer_page(session: Session, *, offer_id: OfferId, viewer: Viewer, on: date) -> OfferPage | None:
    """
    Return an offer that the viewer may see: anybody a live one, moderators any, its provider its own.

    Two queries, three to a provider whose offer needs a change.
    """
    wanted = _OFFER_TO_ANYBODY if viewer.person_id is None else _OFFER_TO_SOMEBODY
    rows = session.execute(wanted, {"offer_id": offer_id, "person_id": viewer.person_id}).all()
    if not rows:
        return None
    offer, provider = rows[0].Offer, rows[0].Provider
    is_own = viewer.speaks_for(provider.organisation_id)
    if not (offer.status is OfferStatus.LIVE or is_own or viewer.may(Permission.MODERATE)):
        return None
    prices = () if offer.is_free else prices_of(session, offer_ids=[offer_id]).get(offer_id, ())
    needs_a_change = is_own and offer.status is OfferStatus.REFUSED
    return _offer_page(
        rows,
        prices,
        on=on,
        is_own=is_own,
        acts=rules.acts_open_to(status=offer.status, provides=is_own, moderates=viewer.may(Permission.MODERATE)),
        refused_because=refused_because(session, offer_id=offer_id) if needs_a_change else "",
    )


def _offer_page(
    rows: Sequence[Row[*tuple[Any, ...]]],
    prices: tuple[Price, ...],
    *,
    on: date,
    is_own: bool,
    acts: tuple[Act, ...],
    refused_because: str,
) -> OfferPage:
    row = rows[0]
    offer: Offer = row.Offer
    in_force = rules.price_list(prices, on=on)
    return OfferPage(
        id=offer.id,
        title=offer.title,
        description=offer.description,
        category=offer.category,
        category_name=row.category_name,
        status=offer.status,
        setting=offer.setting,
        travels_metres=offer.travels_metres,
        address=offer.address,
        postcode=(offer.postcode or "") if offer.setting is Setting.AT_PLACE else district_of(offer.postcode),
        council=offer.council,
        is_free=offer.is_free,
        rates=tuple(price for price in in_force if price.people_from == 1),
        ladder=tuple(price for price in in_force if price.people_from > 1),
        next_prices=_next_prices(prices, on=on),
        included=offer.included,
        notice_hours=offer.notice_hours,
        travel_per_mile=offer.travel_per_mile,
        suits=offer.suits,
        access=in_order(row.access),
        languages=tuple(sorted(_lines(row.languages))),
        councils=tuple(CouncilCode(code) for code in sorted(_lines(row.councils))),
        times=frozenset((Day(int(line[0])), PartOfDay(line[1:])) for line in _lines(row.times)),
        ways=tuple(way for way in WayToPay if way in _lines(row.ways)),
        capacity=offer.capacity,
        capacity_on=offer.capacity_on,
        video_url=offer.video_url,
        video_has_captions=offer.video_has_captions,
        cqc_standing=offer.cqc_standing,
        cqc_because=offer.cqc_because,
        provider=provider_line(row.Provider),
        source=_source(row.Source),
        also_listed=other_lists(rows),
        updated_at=offer.updated_at,
        confirmed_on=day_of(offer.confirmed_at),
        is_own=is_own,
        is_shortlisted=row.is_shortlisted,
        acts=acts,
        refused_because=refused_because,
    )


def provider_line(provider: Provider) -> ProviderLine:
    """Return who provides something, as its page says."""
    return ProviderLine(
        id=provider.id,
        name=provider.name,
        kind=provider.kind,
        trade=provider.trade,
        staff_fte=provider.staff_fte,
        is_independent=provider.is_independent,
        board_share=provider.board_share,
        board_share_source=provider.board_share_source,
        board_share_on=provider.board_share_on,
        website=provider.website,
        takes_requests=provider.organisation_id is not None,
    )


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """Everything the page of a provider shows: itself and one page of its live offers."""

    provider: ProviderLine
    about: str
    district: str
    council: CouncilCode | None
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
        provider=provider_line(provider),
        about=provider.about,
        district=district_of(provider.postcode),
        council=provider.council,
        source=_source(source),
        is_own=is_own,
        cards=cards_for(session, offer_ids=ids, on=on),
        slice=part,
    )


def _next_prices(prices: tuple[Price, ...], *, on: date) -> tuple[Price, ...]:
    later = [price.begins_on for price in prices if price.begins_on > on]
    return rules.price_list(prices, on=min(later)) if later else ()


def _lines(gathered: str | None) -> list[str]:
    return gathered.split(_LINE) if gathered else []


def _source(source: Source | None) -> SourceLine | None:
    if source is None:
        return None
    return SourceLine(
        publisher=source.publisher, licence=source.licence, licence_url=source.licence_url, url=source.url
    )
