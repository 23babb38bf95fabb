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
from marketplace.catalogue.models.sharing import (
    AgeRange,
    AlsoListed,
    FeedRun,
    Sighting,
)
from marketplace.catalogue.models.shopping import (
    SavedSearch,
    Shortlisted,
)
from marketplace.catalogue.models.trust import (
    CqcLocation,
    OfferVersion,
    Photo,
    PhotoFile,
    SafetyCheck,
    Suggestion,
)

__all__ = [
    "AgeRange",
    "AlsoListed",
    "Category",
    "CqcLocation",
    "FeedRun",
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
    "PhotoFile",
    "Provider",
    "SafetyCheck",
    "SavedSearch",
    "Shortlisted",
    "Sighting",
    "Source",
    "Suggestion",
]
