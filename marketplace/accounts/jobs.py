"""What happens to consent by itself: both hear a week before it runs out."""

from datetime import datetime

from marketplace.accounts.queries.delegations import consents_running_out
from marketplace.accounts.services.helping import tell_of_consent_ending
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction


def tell_of_ending_consent(now: datetime) -> int:
    """Tell both sides of each consent that runs out within a week; return of how many. Safe to run twice."""
    told = 0
    for delegation_id in consents_running_out(db.session, now=now):
        with transaction() as session:
            told += tell_of_consent_ending(
                session, delegation_id=delegation_id, link=page_address("accounts.consent"), now=now
            )
    return told
