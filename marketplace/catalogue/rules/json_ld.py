"""What an offer is in the words of schema.org, for search engines. Only what its page shows."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marketplace.catalogue.rules.nouns import AccessFact, ProviderKind, Setting
from marketplace.catalogue.rules.open_referral import kept
from marketplace.catalogue.rules.pricing import Price
from marketplace.kit.places import CouncilCode


@dataclass(frozen=True, slots=True)
class Described:
    """What is described: what the page of an offer shows of it. `average` is None while too few have rated it."""

    url: str
    title: str
    description: str
    category_name: str
    setting: Setting
    address: str
    postcode: str
    council: CouncilCode | None
    council_name: str
    is_free: bool
    price: Price | None
    access: tuple[AccessFact, ...]
    provider_name: str
    provider_url: str
    provider_kind: ProviderKind
    website: str | None
    people: int
    average: Decimal | float | None


def described(offer: Described) -> dict[str, Any]:
    """Return an offer as schema.org says it: a place open to everyone is itself the business, all else is a service."""
    is_place = offer.setting is Setting.AT_PLACE
    whole = {
        "@context": "https://schema.org",
        "@id": offer.url,
        **kept(
            name=offer.title,
            description=offer.description,
            url=offer.url,
            aggregateRating=_rating(offer),
        ),
    }
    if is_place and offer.provider_kind is ProviderKind.UNIVERSAL_SERVICE:
        return {"@type": "LocalBusiness", **whole, **_place(offer), **kept(sameAs=offer.website)}
    return {
        "@type": "Service",
        **whole,
        **kept(
            serviceType=offer.category_name,
            areaServed=_area(offer),
            provider={
                "@type": "Organization",
                **kept(name=offer.provider_name, url=offer.provider_url, sameAs=offer.website),
            },
            availableChannel={
                "@type": "ServiceChannel",
                "serviceLocation": {"@type": "Place", "name": offer.address or offer.title, **_place(offer)},
            }
            if is_place
            else None,
            offers=_offer(offer),
        ),
    }


def script_text(said: dict[str, Any]) -> str:
    """Return JSON that can stand inside a script element: nothing in it can end that, or begin another."""
    written = json.dumps(said, ensure_ascii=False, allow_nan=False)
    for letter in "<>&\u2028\u2029":
        written = written.replace(letter, f"\\u{ord(letter):04x}")
    return written


def _rating(offer: Described) -> dict[str, Any]:
    if offer.average is None or not offer.people:
        return {}
    return {
        "@type": "AggregateRating",
        "ratingValue": float(offer.average),
        "ratingCount": offer.people,
        "worstRating": 1,
        "bestRating": 5,
    }


def _area(offer: Described) -> dict[str, Any]:
    if offer.setting is Setting.ONLINE or not offer.council:
        return {"@type": "Country", "name": "England"} if offer.setting is Setting.ONLINE else {}
    return {"@type": "AdministrativeArea", "name": offer.council_name, "identifier": offer.council}


def _place(offer: Described) -> dict[str, Any]:
    address = kept(
        streetAddress=offer.address,
        addressRegion=offer.council_name,
        postalCode=offer.postcode,
    )
    return kept(
        address={"@type": "PostalAddress", **address, "addressCountry": "GB"} if address else None,
        isAccessibleForFree=True if offer.is_free else None,
        amenityFeature=[
            {"@type": "LocationFeatureSpecification", "name": fact.words, "value": True} for fact in offer.access
        ],
    )


def _offer(offer: Described) -> dict[str, Any]:
    if offer.is_free:
        return {"@type": "Offer", "price": "0.00", "priceCurrency": "GBP"}
    if offer.price is None:
        return {}
    amount = f"{offer.price.amount.pounds:.2f}"
    return {
        "@type": "Offer",
        "price": amount,
        "priceCurrency": "GBP",
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            "price": amount,
            "priceCurrency": "GBP",
            "unitText": offer.price.unit.value,
        },
    }
