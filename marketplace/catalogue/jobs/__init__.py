"""What happens to the catalogue by itself."""

from marketplace.catalogue.jobs.freshness import ask_providers, hide_unconfirmed_offers

__all__ = ["ask_providers", "hide_unconfirmed_offers"]
