"""What silence does to offers: providers are asked, and what nobody confirms is hidden."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from marketplace.catalogue import queries
from marketplace.catalogue.rules import ProviderId
from marketplace.catalogue.services.freshness import Address, ask_provider, hide_unconfirmed
from marketplace.catalogue.views.letters import question_address
from marketplace.kit.db import db, transaction

log = logging.getLogger(__name__)


def ask_providers(now: datetime) -> int:
    """Ask each provider about its offers that are due, in one letter; return how many offers. Safe to run twice."""
    return _each(queries.providers_to_ask(db.session, now=now), ask_provider, now=now)


def hide_unconfirmed_offers(now: datetime) -> int:
    """Hide what nobody has confirmed for too long, a provider at a time; return how many. Safe to run twice."""
    return _each(queries.providers_to_hide(db.session, now=now), hide_unconfirmed, now=now)


def _each(provider_ids: Iterable[ProviderId], service: Callable[..., int], *, now: datetime) -> int:
    done = 0
    address: Address = question_address
    for provider_id in provider_ids:
        try:
            with transaction() as session:
                done += service(session, provider_id=provider_id, address=address, now=now)
        except Exception:
            # One provider whose offers cannot be seen to does not keep the others waiting.
            log.exception("the offers of provider %s could not be seen to", provider_id)
    return done
