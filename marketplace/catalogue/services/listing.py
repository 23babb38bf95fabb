"""How a provider lists an offer, changes it, prices it, and takes it down."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import (
    Act,
    Asking,
    OfferDetails,
    OfferId,
    OfferStatus,
    ProviderId,
)
from marketplace.catalogue.services.filling import put_details, words_of
from marketplace.catalogue.services.finding import WrongDetailError, move_on, own_offer, own_provider
from marketplace.catalogue.services.indexing import keep_index_true
from marketplace.catalogue.services.pricing import follow_price, require_price
from marketplace.catalogue.services.registering import require_cqc_answer
from marketplace.catalogue.services.versions import keep_version
from marketplace.kit import audit, text


def list_offer(
    session: Session,
    *,
    provider_id: ProviderId,
    details: OfferDetails,
    asking: Asking | None,
    by: Viewer,
    now: datetime,
    key: OfferId | None = None,
) -> OfferId:
    """
    Begin an offer, as a draft that only its provider sees. Idempotent: the same key and title begin one offer.

    :raises ProviderNotFoundError: if the viewer does not speak for this provider.
    :raises WrongDetailError: if a detail or the price will not do.
    """
    provider = own_provider(session, provider_id=provider_id, by=by)
    known = session.get(Offer, key) if key else None
    if known is not None and (known.provider_id, known.title) == (provider_id, text.tidy_line(details.title)):
        return known.id
    offer = Offer(
        id=OfferId(uuid.uuid4()) if known or key is None else key,
        provider_id=provider.id,
        status=OfferStatus.DRAFT,
        created_at=now,
        updated_at=now,
        confirmed_at=now,
    )
    put_details(session, offer, details, provider, now=now)
    if asking is not None:
        follow_price(session, offer, asking, now=now)
    audit.record(session, by=by.person_id, did="listed", to_kind="offer", to_id=offer.id, now=now)
    keep_version(session, offer, did="listed", by=by.person_id, now=now)
    return offer.id


def edit_offer(
    session: Session, *, offer_id: OfferId, details: OfferDetails, asking: Asking | None, by: Viewer, now: datetime
) -> OfferStatus:
    """
    Change an offer, and return where it then stands.

    New words in a live offer (its title and description, what it includes, whom it suits, its video) have been read by
    nobody, so it waits for a moderator again and is not shown meanwhile. Prices, places and facts change at once.

    :raises OfferNotFoundError: if it is not the viewer's to change.
    :raises WrongDetailError: if a detail or the price will not do, or a live offer would have no price.
    """
    offer = own_offer(session, offer_id=offer_id, by=by)
    provider = session.get_one(Provider, offer.provider_id)
    before = words_of(offer)
    put_details(session, offer, details, provider, now=now)
    if asking is not None:
        follow_price(session, offer, asking, now=now)
    if before != words_of(offer):
        move_on(offer, Act.REWRITE)
    if offer.status in {OfferStatus.SUBMITTED, OfferStatus.LIVE, OfferStatus.LAPSED}:
        require_price(session, offer)
    _touch(session, offer, did="edited", by=by, now=now)
    return offer.status


def set_price(session: Session, *, offer_id: OfferId, asking: Asking, by: Viewer, now: datetime) -> None:
    """
    Say what an offer costs from a day on. Earlier prices stay as they were; saying the same again changes nothing.

    :raises OfferNotFoundError: if it is not the viewer's to price.
    :raises WrongDetailError: if the price, the group price or the day will not do.
    """
    offer = own_offer(session, offer_id=offer_id, by=by)
    if offer.is_free:
        raise WrongDetailError("This offer is free. Say that it is not before you give it a price.", field="amount")
    follow_price(session, offer, asking, now=now)
    _touch(session, offer, did="priced", by=by, now=now)


def submit_offer(session: Session, *, offer_id: OfferId, by: Viewer, now: datetime) -> None:
    """
    Send an offer to the moderators.

    :raises OfferNotFoundError: if it is not the viewer's to send.
    :raises WrongDetailError: if it has no price and is not free.
    :raises CqcNotAnsweredError: if it may be personal care, and nobody said how it stands to registration.
    :raises ActNotPossibleError: if it was sent already.
    """
    offer = own_offer(session, offer_id=offer_id, by=by)
    require_price(session, offer)
    require_cqc_answer(session, offer)
    move_on(offer, Act.SUBMIT)
    _touch(session, offer, did="submitted", by=by, now=now)


def unlist_offer(session: Session, *, offer_id: OfferId, by: Viewer, now: datetime) -> None:
    """
    Take a live offer down, and out of the search in the same moment. What was agreed on it stays agreed.

    :raises OfferNotFoundError: if it is not the viewer's to take down.
    :raises ActNotPossibleError: if it is not shown.
    """
    offer = own_offer(session, offer_id=offer_id, by=by)
    move_on(offer, Act.UNLIST)
    _touch(session, offer, did="unlisted", by=by, now=now)


def relist_offer(session: Session, *, offer_id: OfferId, by: Viewer, now: datetime) -> None:
    """
    Put back an offer that its provider took down. Its words were approved, and have not changed since.

    :raises OfferNotFoundError: if it is not the viewer's to put back.
    :raises ActNotPossibleError: if it was not taken down by its provider, or was rewritten since.
    """
    offer = own_offer(session, offer_id=offer_id, by=by)
    move_on(offer, Act.RELIST)
    _touch(session, offer, did="relisted", by=by, now=now)


def _touch(session: Session, offer: Offer, *, did: str, by: Viewer, now: datetime) -> None:
    # Whoever changes an offer has looked at it, so it counts as confirmed.
    offer.updated_at = offer.confirmed_at = now
    if offer.status is OfferStatus.LAPSED:
        move_on(offer, Act.CONFIRM)
    keep_version(session, offer, did=did, by=by.person_id, now=now)
    audit.record(session, by=by.person_id, did=did, to_kind="offer", to_id=offer.id, now=now)
    keep_index_true(session, offer, now=now)
