"""Questions about providers and offers. Answers are plain frozen data, ready to show."""

from marketplace.catalogue.queries.cards import OfferCard, cards_for, newest
from marketplace.catalogue.queries.mine import (
    MyOffer,
    MyOffers,
    MyProvider,
    WaitingOffer,
    WaitingOffers,
    my_offers,
    my_providers,
    waiting_for_approval,
)
from marketplace.catalogue.queries.names import offer_titles, provider_names
from marketplace.catalogue.queries.pages import (
    OfferPage,
    ProviderLine,
    ProviderPage,
    SourceLine,
    offer_page,
    provider_page,
)
from marketplace.catalogue.queries.photos import (
    PhotoLine,
    WaitingPhoto,
    WaitingPhotos,
    first_photos,
    photo,
    photo_file,
    photos_of,
    waiting_photos,
)
from marketplace.catalogue.queries.shelves import (
    Branch,
    CategoryLine,
    categories,
    categories_with_counts,
    category_tree,
)
from marketplace.catalogue.queries.terms import OfferTerms, offer_terms, prices_of

__all__ = [
    "Branch",
    "CategoryLine",
    "MyOffer",
    "MyOffers",
    "MyProvider",
    "OfferCard",
    "OfferPage",
    "OfferTerms",
    "PhotoLine",
    "ProviderLine",
    "ProviderPage",
    "SourceLine",
    "WaitingOffer",
    "WaitingOffers",
    "WaitingPhoto",
    "WaitingPhotos",
    "cards_for",
    "categories",
    "categories_with_counts",
    "category_tree",
    "first_photos",
    "my_offers",
    "my_providers",
    "newest",
    "offer_page",
    "offer_terms",
    "offer_titles",
    "photo",
    "photo_file",
    "photos_of",
    "prices_of",
    "provider_names",
    "provider_page",
    "waiting_for_approval",
    "waiting_photos",
]
