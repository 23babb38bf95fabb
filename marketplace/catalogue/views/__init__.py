"""Pages about providers and offers: finding, reading, listing and checking them."""

from marketplace.catalogue.views import (
    checking,
    comparing,
    completing,
    cqc,
    deciding,
    freshness,
    history,
    listing,
    offer,
    photos,
    providers,
    results,
    results_need,
    searches,
    shortlist,
    suggesting,
    writing,
)
from marketplace.catalogue.views.blueprint import bp

__all__ = [
    "bp",
    "checking",
    "comparing",
    "completing",
    "cqc",
    "deciding",
    "freshness",
    "history",
    "listing",
    "offer",
    "photos",
    "providers",
    "results",
    "results_need",
    "searches",
    "shortlist",
    "suggesting",
    "writing",
]
