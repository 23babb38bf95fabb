"""What search engines are told of an offer, on its own page."""

from marketplace.catalogue.queries import OfferPage
from marketplace.catalogue.rules.json_ld import Described, described, script_text
from marketplace.catalogue.views.addresses import publisher
from marketplace.catalogue.views.shown import Rating, council_name


def json_ld(offer: OfferPage, *, rating: Rating | None) -> str:
    """Return an offer as JSON-LD for a script element: only what its page shows, and nothing before it is live."""
    if offer.status != "live":
        return ""
    by = publisher()
    return script_text(
        described(
            Described(
                url=by.offer(offer.id),
                title=offer.title,
                description=offer.description,
                category_name=offer.category_name,
                setting=offer.setting,
                address=offer.address if offer.setting == "at_place" else "",
                postcode=offer.postcode,
                council=offer.council,
                council_name=council_name(offer.council),
                is_free=offer.is_free,
                price=offer.price,
                access=offer.access,
                provider_name=offer.provider.name,
                provider_url=by.provider(offer.provider.id),
                provider_kind=offer.provider.kind,
                website=offer.provider.website,
                people=rating.count if rating else 0,
                average=rating.average if rating else None,
            )
        )
    )
