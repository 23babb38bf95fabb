"""What happens to the catalogue by itself."""

from marketplace.catalogue.jobs.alerts import tell_of_new_offers
from marketplace.catalogue.jobs.checks import tell_of_expiring_checks
from marketplace.catalogue.jobs.freshness import ask_providers, hide_unconfirmed_offers
from marketplace.catalogue.jobs.indexing import refresh_search

__all__ = [
    "ask_providers",
    "hide_unconfirmed_offers",
    "refresh_search",
    "tell_of_expiring_checks",
    "tell_of_new_offers",
]
