"""Where is everything, for those who read us from elsewhere? Whole addresses, many at a time."""

import uuid
from collections.abc import Callable, Mapping

from flask import current_app

from marketplace.catalogue.rules import CategorySlug
from marketplace.catalogue.rules.open_referral import Publisher
from marketplace.catalogue.views.shown import today
from marketplace.kit.addresses import page_address

_NIL = uuid.UUID(int=0)


def publisher(*, parents: Mapping[CategorySlug, CategorySlug | None] | None = None) -> Publisher:
    """Return who we are to those who read the feed. `parents` says to which wider category each belongs."""
    return Publisher(
        offer=_addresses("catalogue.offer", "offer_id"),
        provider=_addresses("catalogue.provider", "provider_id"),
        term=_addresses("open_referral.taxonomy_term", "term_id"),
        email=str(current_app.config["CONTACT_EMAIL"]),
        parents=parents or {},
        today=today(),
    )


def _addresses(endpoint: str, named: str) -> Callable[[uuid.UUID], str]:
    """Return what gives the address of one of many: putting one together takes longer than all the rest."""
    before, _, after = page_address(endpoint, {named: _NIL}).partition(str(_NIL))
    return lambda one: f"{before}{one}{after}"
