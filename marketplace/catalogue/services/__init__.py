"""What can happen to providers and offers. One public function per thing a person can do."""

from marketplace.catalogue.services.deciding import (
    OfferChangedError,
    OwnOfferError,
    approve_offer,
    refuse_offer,
)
from marketplace.catalogue.services.finding import (
    ActNotPossibleError,
    OfferNotFoundError,
    ProviderNotFoundError,
    WrongDetailError,
)
from marketplace.catalogue.services.founding import ProviderDetails, edit_provider, found_provider
from marketplace.catalogue.services.indexing import documents
from marketplace.catalogue.services.listing import (
    edit_offer,
    list_offer,
    relist_offer,
    set_price,
    submit_offer,
    unlist_offer,
)
from marketplace.catalogue.services.photos import (
    PhotoNotFoundError,
    add_photo,
    approve_photo,
    describe_photo,
    refuse_photo,
    remove_photo,
)
from marketplace.catalogue.services.universal import Imported, add_source, add_universal_service

__all__ = [
    "ActNotPossibleError",
    "Imported",
    "OfferChangedError",
    "OfferNotFoundError",
    "OwnOfferError",
    "PhotoNotFoundError",
    "ProviderDetails",
    "ProviderNotFoundError",
    "WrongDetailError",
    "add_photo",
    "add_source",
    "add_universal_service",
    "approve_offer",
    "approve_photo",
    "describe_photo",
    "documents",
    "edit_offer",
    "edit_provider",
    "found_provider",
    "list_offer",
    "refuse_offer",
    "refuse_photo",
    "relist_offer",
    "remove_photo",
    "set_price",
    "submit_offer",
    "unlist_offer",
]
