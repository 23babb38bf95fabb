"""Somebody closes their account: what they are in ends, then everything that tells of them goes."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.accounts.services.leaving import end_all_consents, erase_person
from marketplace.brokerage.services.leaving import take_back_all_requests
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.payments.services.cards import remove_all_cards
from marketplace.pooling.services.going import leave_every_pool
from marketplace.web.queries.closing import still_open

_LETTER = (
    "You closed your account. Your name, your email address, your plan, your files, your messages and your saved "
    "cards are gone from this site.\n\n"
    "Records of money stay for six years, because the law and the books of others need them. Reviews you wrote stay "
    "without a name. Copies in our backups are overwritten within weeks, and nothing of you is brought back from them."
    "\n\nIf it was not you who did this, write to us at once: {contact}\n\nThis is the last letter you get from us."
)


class NotYetError(DomainError):
    """Somebody still counts on them."""


def close_account(session: Session, *, by: Viewer, consents: str, contact: str, now: datetime) -> PersonId:
    """
    Close an account for good, in one go: all of it, or nothing.

    :param consents: the address of the page of consents, for the letters to those on the other side.
    :raises NotYetError: if something is still open in which others count on them.
    """
    if by.person_id is None:
        raise NotFoundError("We could not find that account.")
    if still_open(session, viewer=by):
        raise NotYetError("Your account cannot be closed yet: others still count on you. Look at what is still open.")
    person_id = by.person_id
    leave_every_pool(session, person_id=person_id, now=now)
    take_back_all_requests(session, person_id=person_id, now=now)
    end_all_consents(session, person_id=person_id, link=consents, now=now)
    remove_all_cards(session, person_id=person_id, now=now)
    erase_person(session, person_id=person_id, now=now, letter=_LETTER.format(contact=contact))
    return person_id
