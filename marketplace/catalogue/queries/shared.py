"""What is known of some live offers, as it may be published: as many queries for one as for a hundred."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Row, Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.catalogue.models import (
    AgeRange,
    AlsoListed,
    Category,
    Offer,
    OfferCouncil,
    OfferLanguage,
    OfferPayment,
    OfferPrice,
    OfferTime,
    Provider,
    Source,
)
from marketplace.catalogue.queries.cards import ACCESS, district_of, in_order
from marketplace.catalogue.rules import Day, OfferId, OfferStatus, Setting, WayToPay
from marketplace.catalogue.rules.sharing import (
    SharedOffer,
    SharedPrice,
    SharedProvider,
    SharedSource,
    shared_prices,
)
from marketplace.kit.days import day_of
from marketplace.kit.places import Council, CouncilCode, Gazetteer, Point, UnknownCouncilError

_T = TypeVar("_T")
_Row = Row[*tuple[Any, ...]]
_Several = Select[*tuple[Any, ...]]
_WANTED: BindParameter[list[OfferId]] = bindparam("offer_ids", expanding=True)

# Made once: putting a statement together takes longer than running it.
_OFFERS = (
    select(Offer, Provider, Category.name.label("category_name"), Source, AgeRange, ACCESS)
    .join(Provider, Provider.id == Offer.provider_id)
    .join(Category, Category.slug == Offer.category)
    .outerjoin(Source, Source.key == Offer.source)
    .outerjoin(AgeRange, AgeRange.offer_id == Offer.id)
    .where(Offer.id.in_(_WANTED))
)


def _of_each(offer_id: InstrumentedAttribute[OfferId], *columns: InstrumentedAttribute[Any]) -> _Several:
    return select(offer_id.label("of"), *columns).where(offer_id.in_(_WANTED)).order_by(offer_id, *columns)


_PRICES = _of_each(
    OfferPrice.offer_id,
    OfferPrice.edition,
    OfferPrice.people_from,
    OfferPrice.rate,
    OfferPrice.amount,
    OfferPrice.unit,
    OfferPrice.hours,
    OfferPrice.begins_on,
)
_TIMES = _of_each(OfferTime.offer_id, OfferTime.day, OfferTime.part)
_WAYS = _of_each(OfferPayment.offer_id, OfferPayment.way)
_LANGUAGES = _of_each(OfferLanguage.offer_id, OfferLanguage.language)
_COUNCILS = _of_each(OfferCouncil.offer_id, OfferCouncil.council)
_ALSO: _Several = (
    select(AlsoListed.offer_id.label("of"), Source.publisher, Source.licence, Source.licence_url, Source.url)
    .join(Source, Source.key == AlsoListed.source)
    .where(AlsoListed.offer_id.in_(_WANTED))
    .order_by(AlsoListed.offer_id, Source.publisher, Source.key, AlsoListed.source_key)
)


def shared_offers(
    session: Session, *, offer_ids: Sequence[OfferId], gazetteer: Gazetteer, on: date, is_full: bool
) -> tuple[SharedOffer, ...]:
    """
    Return live offers in the order asked for, with what of each holds on a day or later. Any other is left out.

    Two queries; seven with everything that there may be several of.
    """
    if not offer_ids:
        return ()
    rows = session.execute(_OFFERS, {"offer_ids": list(offer_ids)}).all()
    live = {row.Offer.id: row for row in rows if row.Offer.status is OfferStatus.LIVE}

    def of_each(statement: _Several, made: Callable[[_Row], _T]) -> dict[OfferId, tuple[_T, ...]]:
        found: dict[OfferId, list[_T]] = {}
        for row in session.execute(statement, {"offer_ids": list(live)}) if live else ():
            found.setdefault(row.of, []).append(made(row))
        return {offer_id: tuple(ones) for offer_id, ones in found.items()}

    several: dict[str, dict[OfferId, tuple[Any, ...]]] = {}
    if is_full:
        several = {
            "times": of_each(_TIMES, lambda row: (Day(row.day), row.part)),
            "ways": of_each(_WAYS, lambda row: row.way),
            "languages": of_each(_LANGUAGES, lambda row: row.language),
            "serves": of_each(_COUNCILS, lambda row: _council(row.council, gazetteer)),
            "also_listed_by": of_each(_ALSO, _source),
        }
    prices = of_each(_PRICES, _price)
    return tuple(
        _shared(
            live[offer_id],
            gazetteer=gazetteer,
            prices=shared_prices(prices.get(offer_id, ()), on=on),
            several={name: found.get(offer_id, ()) for name, found in several.items()},
        )
        for offer_id in offer_ids
        if offer_id in live
    )


def _shared(
    row: _Row, *, gazetteer: Gazetteer, prices: tuple[SharedPrice, ...], several: dict[str, tuple[Any, ...]]
) -> SharedOffer:
    offer, provider = row.Offer, row.Provider
    # Somebody who comes to you may start from their own home: see OfferPage.
    is_place = offer.setting is Setting.AT_PLACE
    has_point = is_place and offer.easting is not None and offer.northing is not None
    ways = several.get("ways", ())
    return SharedOffer(
        id=offer.id,
        title=offer.title,
        description=offer.description,
        category=offer.category,
        category_name=row.category_name,
        provider=SharedProvider(
            id=provider.id, name=provider.name, kind=provider.kind, about=provider.about, website=provider.website
        ),
        setting=offer.setting,
        is_free=offer.is_free,
        listed_at=offer.listed_at or offer.created_at,
        updated_at=offer.updated_at,
        confirmed_on=day_of(offer.confirmed_at),
        address=offer.address if is_place else "",
        postcode=(offer.postcode or "") if is_place else district_of(offer.postcode),
        point=Point(offer.easting, offer.northing) if has_point else None,
        council=_council(offer.council, gazetteer),
        serves=tuple(council for council in several.get("serves", ()) if council),
        travels_metres=offer.travels_metres,
        prices=() if offer.is_free else prices,
        travel_per_mile=offer.travel_per_mile,
        included=offer.included,
        suits=offer.suits,
        notice_hours=offer.notice_hours,
        access=in_order(row.access),
        times=several.get("times", ()),
        ways=tuple(way for way in WayToPay if way in ways),
        languages=several.get("languages", ()),
        capacity=offer.capacity,
        capacity_on=offer.capacity_on,
        youngest=row.AgeRange.youngest if row.AgeRange else None,
        oldest=row.AgeRange.oldest if row.AgeRange else None,
        source=_source(row.Source) if row.Source else None,
        also_listed_by=tuple(dict.fromkeys(several.get("also_listed_by", ()))),
    )


def _council(code: CouncilCode | None, gazetteer: Gazetteer) -> Council | None:
    try:
        return gazetteer.council(code) if code else None
    except UnknownCouncilError:
        return None


def _source(row: Any) -> SharedSource:
    return SharedSource(publisher=row.publisher, licence=row.licence, licence_url=row.licence_url, url=row.url)


def _price(row: _Row) -> SharedPrice:
    return SharedPrice(
        amount=row.amount,
        unit=row.unit,
        begins_on=row.begins_on,
        people_from=row.people_from,
        rate=row.rate,
        hours=row.hours,
        edition=row.edition,
    )
