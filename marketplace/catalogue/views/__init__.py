"""Pages about providers and offers: finding, reading, listing and checking them."""

from marketplace.catalogue.views import deciding, listing, offer, photos, providers, results
from marketplace.catalogue.views.blueprint import bp

__all__ = ["bp", "deciding", "listing", "offer", "photos", "providers", "results"]
