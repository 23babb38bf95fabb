"""What is new in the catalogue, as entries of a feed."""

from marketplace.catalogue.rules.sharing import SharedOffer
from marketplace.kit.atom import Entry
from marketplace.kit.sentences import worded


def entry_of(offer: SharedOffer, *, address: str) -> Entry:
    """Return what a feed says of an offer that is read at this address."""
    return Entry(
        id=offer.id,
        title=offer.title,
        words=offer.description
        or worded("{category_name}, from {name}.", category_name=offer.category_name, name=offer.provider.name),
        author=offer.provider.name,
        address=address,
        posted_at=offer.listed_at,
        updated_at=max(offer.listed_at, offer.updated_at),
        category=(offer.category, offer.category_name),
        rights=f"{offer.source.publisher}: {offer.source.licence}" if offer.source else "",
    )
