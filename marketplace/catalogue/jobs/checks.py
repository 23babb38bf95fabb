"""What happens to checks by themselves: they run out, and their providers are told before and when they do."""

import logging
from datetime import datetime

from marketplace.catalogue.queries.checking import checks_to_tell_of
from marketplace.catalogue.rules import ProviderId
from marketplace.catalogue.services.expiring import tell_of_expiry
from marketplace.kit.addresses import page_address
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction

log = logging.getLogger(__name__)


def tell_of_expiring_checks(now: datetime) -> int:
    """Tell providers what runs out, each check in its own transaction; return how many letters. Safe to run twice."""
    told = 0
    for check_id in checks_to_tell_of(db.session, on=day_of(now)):
        try:
            with transaction() as session:
                told += tell_of_expiry(session, check_id=check_id, address=checks_address, now=now)
        except Exception:
            # One letter that cannot be written does not keep the others.
            log.exception("nobody could be told that check %s runs out", check_id)
    return told


def checks_address(provider_id: ProviderId) -> str:
    """Return the address of the page on which a provider sees its checks."""
    return page_address("catalogue.checks", {"provider_id": provider_id})
