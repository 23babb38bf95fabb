"""
How is an offer said in Open Referral UK 3.0? Every object of the standard, as plain values ready to be written as JSON.

What is not known is left out: the standard has no place for null. What the standard has no word for begins with `x_`,
and is explained at /open-referral/about.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from marketplace.catalogue.rules.nouns import Capacity, CategorySlug, Day, OfferId, PartOfDay, ProviderId, Setting, Unit
from marketplace.catalogue.rules.sharing import (
    HOURS,
    SharedOffer,
    SharedPrice,
    SharedProvider,
    SharedRating,
    SharedSource,
    derived_id,
    id_at_place,
)
from marketplace.catalogue.rules.taxonomies import Taxonomy, Term, terms_of
from marketplace.kit.grid import MILE, to_lat_lon
from marketplace.kit.places import Council, CouncilCode

VERSION = "HSDS-UK-3.0"
PROFILE = "https://openreferraluk.org/developers/specifications"
OPENAPI = "https://openreferraluk.org/specifications/3.0/openapi.json"
TRAVEL = "travel"
"""What `x_rate` says of what is paid for each mile that a provider travels."""

_GSS = "http://statistics.data.gov.uk/id/statistical-geography/"
_ENGLAND = Council(CouncilCode("E92000001"), "England", "country")
_DAYS = {day: day.name[:2] for day in Day}
_DECIMALS = 5  # about a metre

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: where its pages are, whom to write to, and how its categories hang together."""

    offer: Callable[[OfferId], str]
    provider: Callable[[ProviderId], str]
    term: Callable[[UUID], str]
    email: str
    parents: Mapping[CategorySlug, CategorySlug | None]
    today: date


def kept(**parts: Any) -> Json:
    """Return an object without what is not known."""
    return {name: value for name, value in parts.items() if value is not None and value not in ("", [], {})}


def page(contents: Sequence[Json], *, total: int, number: int, per_page: int) -> Json:
    """Return one page of a list, in the wrapper of the standard."""
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": list(contents),
    }


def about() -> Json:
    """Return what the root says: which version of what this is."""
    return {"version": VERSION, "profile": PROFILE, "openapi_url": OPENAPI}


# ---------------------------------------------------------------- services


def service_in_list(offer: SharedOffer, *, rating: SharedRating | None, by: Publisher) -> Json:
    """Return a service as lists show it: what there is one of, and who provides it."""
    is_ours = offer.source is None
    return kept(
        id=str(offer.id),
        organization_id=str(offer.provider.id),
        name=offer.title,
        description=offer.description,
        url=by.offer(offer.id),
        status="active",
        fees=_fees(offer, on=by.today),
        eligibility_description=offer.suits,
        minimum_age=offer.youngest,
        maximum_age=offer.oldest,
        # What came from another list has been checked by nobody here.
        assured_date=offer.confirmed_on.isoformat() if is_ours else None,
        assurer_email=by.email if is_ours else None,
        alert=_alert(offer),
        last_modified=_moment(offer.updated_at),
        organization=organization(offer.provider, by=by),
        x_ratings=_ratings(rating, url=f"{by.offer(offer.id)}#reviews"),
        x_capacity=_capacity(offer),
        x_travels_metres=offer.travels_metres,
        x_notice_hours=offer.notice_hours,
        x_source=_source(offer.source) if offer.source else None,
    )


def service(offer: SharedOffer, *, rating: SharedRating | None, by: Publisher) -> Json:
    """Return a service with everything that belongs to it."""
    at_place = at_location(offer)
    return _without_location(offer, rating=rating, by=by) | kept(service_at_locations=[at_place] if at_place else [])


def service_at_location_in_list(offer: SharedOffer, *, rating: SharedRating | None, by: Publisher) -> Json:
    """Return a service at its place as lists show it: without what there may be several of."""
    whole = at_location(offer)
    place = {name: value for name, value in whole["location"].items() if name not in {"addresses", "accessibility"}}
    return whole | {"location": place, "service": service_in_list(offer, rating=rating, by=by)}


def service_at_location(offer: SharedOffer, *, rating: SharedRating | None, by: Publisher) -> Json:
    """Return a service at its place with everything that belongs to either."""
    return at_location(offer) | {"service": _without_location(offer, rating=rating, by=by)}


def _without_location(offer: SharedOffer, *, rating: SharedRating | None, by: Publisher) -> Json:
    return service_in_list(offer, rating=rating, by=by) | kept(
        schedules=_schedules(offer),
        service_areas=_areas(offer),
        languages=[
            {"id": _id("language", offer.id, name), "service_id": str(offer.id), "name": name}
            for name in offer.languages
        ],
        cost_options=_costs(offer),
        attributes=[_attribute(offer, term, by=by) for term in terms_of(offer, parents=by.parents)],
        x_also_listed_by=[_source(source) for source in offer.also_listed_by],
    )


def organization(provider: SharedProvider, *, by: Publisher) -> Json:
    """Return who provides something: the body, never anybody in it."""
    return kept(
        id=str(provider.id),
        name=provider.name,
        description=provider.about or f"{provider.kind.words}.",
        website=provider.website,
        uri=by.provider(provider.id),
    )


def _fees(offer: SharedOffer, *, on: date) -> str:
    """Return in words what one person pays today, or nothing if nobody has said."""
    if offer.is_free:
        return "Free"
    today = [price for price in offer.prices if price.begins_on <= on]
    said = "; ".join(f"{price.amount} {_each(price)} ({_who(price)})".replace(".00 ", " ") for price in today)
    return f"{said}. Includes: {offer.included}" if said and offer.included else said


def _alert(offer: SharedOffer) -> str:
    if offer.capacity in {Capacity.FULL, Capacity.WAITING_LIST} and offer.capacity_on is not None:
        return f"{offer.capacity.words}, as the provider said on {offer.capacity_on.isoformat()}."
    return ""


def _capacity(offer: SharedOffer) -> Json:
    if offer.capacity is None or offer.capacity_on is None:
        return {}
    return {
        "status": offer.capacity.value,
        "words": offer.capacity.words,
        "as_of": offer.capacity_on.isoformat(),
    }


def _ratings(rating: SharedRating | None, *, url: str) -> Json:
    if rating is None or not rating.count:
        return {}
    return kept(
        count=rating.count,
        average=None if rating.average is None else float(rating.average),
        spread={str(stars): rating.spread[stars - 1] for stars in range(1, 6)},
        worst=1,
        best=5,
        url=url,
    )


def _source(source: SharedSource) -> Json:
    return kept(publisher=source.publisher, licence=source.licence, licence_url=source.licence_url, url=source.url)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _id(kind: str, *parts: object) -> str:
    return str(derived_id(kind, *parts))


# ---------------------------------------------------------------- what there may be several of


def _schedules(offer: SharedOffer) -> list[Json]:
    """Return when it can be had: one schedule for each part of the day, with its days."""
    schedules = []
    for part in PartOfDay:
        days = [day for day, at in sorted(offer.times) if at is part]
        if days:
            opens, closes = HOURS[part]
            named = ", ".join(day.words for day in days)
            schedules.append(
                {
                    "id": _id("schedule", offer.id, part),
                    "service_id": str(offer.id),
                    "freq": "WEEKLY",
                    "interval": 1,
                    "byday": ",".join(_DAYS[day] for day in days),
                    "opens_at": f"{opens:%H:%M}",
                    "closes_at": f"{closes:%H:%M}",
                    "description": f"{part.words}: {named}. The hours are our reading of “{part.value}”.",
                    "x_part_of_day": part.value,
                }
            )
    return schedules


def _areas(offer: SharedOffer) -> list[Json]:
    councils = [offer.council, *offer.serves] if offer.council else [*offer.serves]
    if offer.setting is Setting.ONLINE and not councils:
        councils = [_ENGLAND]
    areas = [_area(offer, council.code, council.name, uri=_GSS + council.code) for council in dict.fromkeys(councils)]
    if offer.setting is Setting.AT_HOME and offer.postcode:
        far = round((offer.travels_metres or 0) / MILE)
        name = f"Up to {far} {'mile' if far == 1 else 'miles'} from {offer.postcode}" if far else offer.postcode
        areas.append(_area(offer, offer.postcode, name))
    return areas


def _area(offer: SharedOffer, extent: str, name: str, *, uri: str = "") -> Json:
    return kept(
        id=_id("area", offer.id, extent),
        service_id=str(offer.id),
        name=name,
        extent=extent,
        extent_type="text",
        uri=uri,
        service_area=name,
    )


def _costs(offer: SharedOffer) -> list[Json]:
    costs = [
        kept(
            id=_id("cost", offer.id, price.begins_on, price.edition, price.people_from, price.rate),
            service_id=str(offer.id),
            valid_from=price.begins_on.isoformat(),
            valid_to=price.ends_on.isoformat() if price.ends_on else None,
            option=_who(price),
            amount=float(price.amount.pounds),
            amount_description=f"GBP {_each(price)}",
            x_unit=price.unit.value,
            x_people_from=price.people_from,
            x_rate=price.rate.value,
            x_hours=float(price.hours) if price.hours is not None else None,
        )
        for price in offer.prices
    ]
    if offer.travel_per_mile is not None and not offer.is_free:
        costs.append(
            {
                "id": _id("cost", offer.id, TRAVEL),
                "service_id": str(offer.id),
                "option": "Their travel, on top",
                "amount": float(offer.travel_per_mile.pounds),
                "amount_description": "GBP a mile",
                "x_unit": Unit.MILE.value,
                "x_rate": TRAVEL,
            }
        )
    return costs


def _who(price: SharedPrice) -> str:
    people = "One person" if price.people_from == 1 else f"Each of {price.people_from} people or more"
    return people if price.rate == "standard" else f"{people}, {price.rate.words.lower()}"


def _each(price: SharedPrice) -> str:
    if price.unit is Unit.PACKAGE and price.hours is not None:
        return f"a package of {price.hours.normalize():f} hours"
    return price.unit.each


def _attribute(offer: SharedOffer, term: Term, *, by: Publisher) -> Json:
    return {
        "id": _id("attribute", offer.id, term.taxonomy, term.code),
        "link_id": str(offer.id),
        "link_type": "service",
        "taxonomy_term_id": str(term.id),
        "taxonomy_term": taxonomy_term(term, by=by),
    }


# ---------------------------------------------------------------- places


def at_location(offer: SharedOffer) -> Json:
    """Return where people go for it, or nothing for what comes to their homes: that has an area, and no address."""
    if offer.setting is Setting.AT_HOME:
        return {}
    location_id = derived_id("location", offer.id)
    return {
        "id": str(id_at_place(offer.id)),
        "service_id": str(offer.id),
        "location_id": str(location_id),
        "location": _location(offer, location_id),
    }


def _location(offer: SharedOffer, location_id: UUID) -> Json:
    if offer.setting is Setting.ONLINE:
        return {"id": str(location_id), "location_type": "virtual", "name": offer.setting.words}
    latitude, longitude = to_lat_lon(offer.point) if offer.point else (None, None)
    addresses = _addresses(offer, location_id)
    return kept(
        id=str(location_id),
        location_type="physical",
        name=None if addresses else offer.address or offer.title,
        latitude=None if latitude is None else round(latitude, _DECIMALS),
        longitude=None if longitude is None else round(longitude, _DECIMALS),
        addresses=addresses,
        accessibility=[
            {
                "id": _id("accessibility", offer.id, fact),
                "location_id": str(location_id),
                "description": f"{fact.words}.",
                "accessibility": fact.words,
                "x_fact": fact.value,
            }
            for fact in offer.access
        ],
    )


def _addresses(offer: SharedOffer, location_id: UUID) -> list[Json]:
    """Return the address, if enough of it is known: the standard wants a town and a postcode, and we make none up."""
    if not offer.postcode:
        return []
    area = offer.council.name if offer.council else "England"
    street, _, town = offer.address.rpartition(", ")
    return [
        {
            "id": _id("address", offer.id),
            "location_id": str(location_id),
            "address_1": street or town or offer.provider.name,
            "city": town if street else area,
            "state_province": area,
            "postal_code": offer.postcode,
            "country": "GB",
            "address_type": "physical",
        }
    ]


# ---------------------------------------------------------------- taxonomies


def taxonomy(one: Taxonomy, *, uri: str) -> Json:
    """Return one way in which we sort offers."""
    return {"id": str(one.id), "name": one.words, "description": one.sentence, "uri": uri}


def taxonomy_term(term: Term, *, by: Publisher) -> Json:
    """Return one word of a taxonomy."""
    return kept(
        id=str(term.id),
        code=term.code,
        name=term.name,
        description=term.sentence,
        parent_id=str(Term(term.taxonomy, term.parent, "").id) if term.parent else None,
        taxonomy=term.taxonomy.words,
        taxonomy_id=str(term.taxonomy.id),
        term_uri=by.term(term.id),
        term=term.code,
    )
