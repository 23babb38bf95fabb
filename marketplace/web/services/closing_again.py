"""Somebody who closed their account came back with a backup: everything of them goes again."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.leaving import end_all_consents, erase_person
from marketplace.brokerage.services.leaving import take_back_all_requests
from marketplace.kit import outbox
from marketplace.payments.services.cards import remove_all_cards
from marketplace.pooling.services.going import leave_every_pool


def close_again(session: Session, *, person_id: PersonId, now: datetime) -> None:
    """
    Close an account that was closed before, and write nothing to anybody: they heard of it then.

    :raises DomainError: if a pool cannot be left any more. Then `erase_person` alone still takes out their name.
    """
    with outbox.silence(session):
        leave_every_pool(session, person_id=person_id, now=now)
        take_back_all_requests(session, person_id=person_id, now=now)
        end_all_consents(session, person_id=person_id, link="", now=now)
        remove_all_cards(session, person_id=person_id, now=now)
        erase_person(session, person_id=person_id, now=now)
