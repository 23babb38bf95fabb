"""What we store about the catalogue. Constraints here are the last word."""

from marketplace.catalogue.models.offers import (
    Category,
    Listing,
    Offer,
    OfferAccess,
    OfferCouncil,
    OfferLanguage,
    OfferPayment,
    OfferPrice,
    OfferTime,
    Provider,
    Source,
)
from marketplace.catalogue.models.shopping import (
    SavedSearch,
    Shortlisted,
)
from marketplace.catalogue.models.trust import (
    CqcLocation,
    OfferVersion,
    Photo,
    SafetyCheck,
    Suggestion,
)

__all__ = [
    "Category",
    "CqcLocation",
    "Listing",
    "Offer",
    "OfferAccess",
    "OfferCouncil",
    "OfferLanguage",
    "OfferPayment",
    "OfferPrice",
    "OfferTime",
    "OfferVersion",
    "Photo",
    "Provider",
    "SafetyCheck",
    "SavedSearch",
    "Shortlisted",
    "Source",
    "Suggestion",
]
