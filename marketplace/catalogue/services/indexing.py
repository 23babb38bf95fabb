"""What the search knows of the catalogue: an offer that is live has exactly one document, anything else has none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue import rules
from marketplace.catalogue.models import (
    Category,
    Offer,
    OfferAccess,
    OfferCouncil,
    OfferLanguage,
    OfferPayment,
    OfferPrice,
    OfferTime,
    Provider,
    SafetyCheck,
)
from marketplace.catalogue.queries import prices_of
from marketplace.catalogue.queries.evidence import evidence_on_offers
from marketplace.catalogue.rules import (
    AccessFact,
    CheckState,
    Day,
    OfferId,
    OfferStatus,
    PartOfDay,
    Price,
    ProviderKind,
    Setting,
    WayToPay,
    marks,
)
from marketplace.catalogue.rules.evidence import Evidence
from marketplace.catalogue.rules.freshness import SPACE_KEPT, has_space
from marketplace.kit.days import day_of
from marketplace.kit.places import CouncilCode, Point
from marketplace.search import services as search
from marketplace.search.rules import Document, DocumentId

MANY = 500
"""Offers read at a time when everything is read."""

_MISSED = timedelta(days=14)
"""How far back we look for days that changed something: the worker may have stood still for some."""

_Live = Row[Offer, Provider, str]


@dataclass(frozen=True, slots=True)
class _Lists:
    """What an offer has several of."""

    access: list[AccessFact] = field(default_factory=list)
    times: list[tuple[Day, PartOfDay]] = field(default_factory=list)
    payments: list[WayToPay] = field(default_factory=list)
    councils: list[CouncilCode] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


def keep_index_true(session: Session, offer: Offer, *, now: datetime) -> None:
    """Make the search know this offer as it now is, or not at all. Call it where the offer is changed."""
    if search.is_put_off(session):
        return
    session.flush()
    if offer.status is not OfferStatus.LIVE:
        search.remove_document(session, DocumentId(offer.id))
        return
    rows = session.execute(_live().where(Offer.id == offer.id)).all()
    search.put_documents(session, _documents(session, rows, today=day_of(now)))


def documents(session: Session, *, today: date) -> Iterator[Document]:
    """Return a document for every live offer, in order of id. For building the index again, and for checking it."""
    last: OfferId | None = None
    while True:
        page = _live().order_by(Offer.id).limit(MANY)
        rows = session.execute(page if last is None else page.where(Offer.id > last)).all()
        if not rows:
            return
        yield from _documents(session, rows, today=today)
        last = rows[-1][0].id


def offers_that_turned(session: Session, *, today: date) -> list[OfferId]:
    """Return live offers of which something may be otherwise than it was two weeks ago, only because days went by."""
    return list(
        session.scalars(select(Offer.id).where(Offer.status == OfferStatus.LIVE, _turned(today)).order_by(Offer.id))
    )


def refresh_documents(session: Session, offer_ids: Sequence[OfferId], *, today: date) -> int:
    """Make the search know offers as they are today, and return how many it knew otherwise. Safe to run twice."""
    rows = session.execute(_live().where(Offer.id.in_(offer_ids)).order_by(Offer.id).with_for_update(of=Offer)).all()
    return search.put_documents(session, _documents(session, rows, today=today))


def _turned(today: date) -> ColumnElement[bool]:
    """Return that a price began, that a check ran out, or that what was said of room got too old to go by."""
    begun = select(OfferPrice.offer_id).where(OfferPrice.begins_on.between(today - _MISSED, today))
    ran_out = select(SafetyCheck.provider_id).where(
        SafetyCheck.expires_on.between(today - _MISSED, today - timedelta(days=1))
    )
    too_old = today - timedelta(days=SPACE_KEPT + 1)
    return or_(
        Offer.id.in_(begun), Offer.provider_id.in_(ran_out), Offer.capacity_on.between(too_old - _MISSED, too_old)
    )


def _live() -> Select[Offer, Provider, str]:
    return (
        select(Offer, Provider, Category.name)
        .join(Provider, Provider.id == Offer.provider_id)
        .join(Category, Category.slug == Offer.category)
        .where(Offer.status == OfferStatus.LIVE)
    )


def _documents(session: Session, rows: Sequence[_Live], *, today: date) -> Iterator[Document]:
    ids = [offer.id for offer, _provider, _category in rows]
    prices = prices_of(session, offer_ids=ids)
    evidence = evidence_on_offers(session, offer_ids=ids, on=today)
    lists = _lists(session, ids)
    for offer, provider, category_name in rows:
        yield _document(
            offer,
            provider,
            category_name,
            prices=prices.get(offer.id, ()),
            evidence=evidence.get(offer.id, ()),
            lists=lists[offer.id],
            today=today,
        )


def _lists(session: Session, ids: Sequence[OfferId]) -> Mapping[OfferId, _Lists]:
    found = {offer_id: _Lists() for offer_id in ids}
    for offer_id, fact in session.execute(_of(OfferAccess.offer_id, OfferAccess.fact, ids=ids)):
        found[offer_id].access.append(fact)
    for offer_id, day, part in session.execute(_of(OfferTime.offer_id, OfferTime.day, OfferTime.part, ids=ids)):
        found[offer_id].times.append((Day(day), part))
    for offer_id, way in session.execute(_of(OfferPayment.offer_id, OfferPayment.way, ids=ids)):
        found[offer_id].payments.append(way)
    for offer_id, council in session.execute(_of(OfferCouncil.offer_id, OfferCouncil.council, ids=ids)):
        found[offer_id].councils.append(council)
    for offer_id, language in session.execute(_of(OfferLanguage.offer_id, OfferLanguage.language, ids=ids)):
        found[offer_id].languages.append(language)
    return found


def _of(offer_id: Any, *columns: Any, ids: Sequence[OfferId]) -> Select[Any]:
    return select(offer_id, *columns).where(offer_id.in_(ids)).order_by(offer_id, *columns)


def _document(
    offer: Offer,
    provider: Provider,
    category_name: str,
    *,
    prices: Sequence[Price],
    evidence: Sequence[Evidence],
    lists: _Lists,
    today: date,
) -> Document:
    has_point = offer.easting is not None and offer.northing is not None
    return Document(
        id=DocumentId(offer.id),
        kind=provider.kind,
        category=offer.category,
        is_free=offer.is_free,
        provider=str(provider.id),
        updated_at=offer.updated_at,
        title=offer.title,
        category_name=category_name,
        provider_name=f"{provider.name}\n{ProviderKind(provider.kind).words}",
        description="\n".join(filter(None, (offer.description, offer.suits, offer.included, *_told(offer, lists)))),
        place=f"{offer.address} {offer.postcode or ''}".strip(),
        council=offer.council,
        point=Point(offer.easting or 0, offer.northing or 0) if has_point else None,
        travels_metres=_travels(offer),
        is_everywhere=offer.setting is Setting.ONLINE,
        marks=_marks(offer, prices=prices, evidence=evidence, lists=lists, today=today),
        hourly=_hourly(offer, prices, today=today),
        confirmed_on=day_of(offer.confirmed_at),
        listed_on=day_of(offer.listed_at) if offer.listed_at else None,
        councils=frozenset(lists.councils),
    )


def _travels(offer: Offer) -> int | None:
    """Return how far somebody comes. A list may not say how far: then it is no distance, but they do come."""
    return 0 if offer.setting is Setting.AT_HOME and offer.travels_metres is None else offer.travels_metres


def _told(offer: Offer, lists: _Lists) -> Iterator[str]:
    """Return what an offer tells in other ways than sentences, in words that people may look for."""
    yield from lists.languages
    yield from (AccessFact(fact).words for fact in lists.access)
    if offer.is_free:
        yield "Free"


def _marks(
    offer: Offer, *, prices: Sequence[Price], evidence: Sequence[Evidence], lists: _Lists, today: date
) -> frozenset[str]:
    found = {marks.access_mark(fact) for fact in lists.access} | {marks.way_mark(way) for way in lists.payments}
    found |= marks.time_marks(lists.times)
    # Only what somebody has checked and what still holds: see `rules.evidence`.
    found |= {marks.check_mark(each.kind) for each in evidence if each.state is CheckState.CHECKED}
    if has_space(offer.capacity, offer.capacity_on, today):
        found.add(marks.SPACE_NOW)
    if rules.ladder_of(prices, on=today):
        found.add(marks.GROUP_PRICE)
    return frozenset(found)


def _hourly(offer: Offer, prices: Sequence[Price], *, today: date) -> int | None:
    """Return what an hour costs one person at the usual rate, in pence, as far as anybody can know."""
    if offer.is_free:
        return 0
    price = rules.price_for(prices, people=1, on=today)
    hourly = rules.hourly(price) if price else None
    return hourly.pence if hourly else None
