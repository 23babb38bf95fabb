"""Whose offer is it? Finds what a person may change, locked, and refuses in words."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import Act, OfferId, ProviderId
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError


class OfferNotFoundError(NotFoundError):
    """There is no such offer, or none this person may know about."""


class ProviderNotFoundError(NotFoundError):
    """There is no such provider, or none this person may know about."""


class ActNotPossibleError(DomainError):
    """The offer does not stand where this can happen to it."""


class WrongDetailError(WrongAnswerError):
    """One detail of a provider or an offer will not do."""


NOT_POSSIBLE = {
    Act.SUBMIT: "This offer has been sent to us already.",
    Act.APPROVE: "This offer is not waiting to be checked. Somebody may have decided about it already.",
    Act.REFUSE: "This offer is neither waiting nor shown. Somebody may have decided about it already.",
    Act.UNLIST: "This offer is not shown, so there is nothing to take down.",
    Act.RELIST: "Only an offer that you took down yourself, and have not rewritten since, can be put straight back.",
    Act.CONFIRM: "This offer is neither on the site nor hidden for want of your word, so there is nothing to confirm.",
}


def own_provider(session: Session, *, provider_id: ProviderId, by: Viewer) -> Provider:
    """
    Return a provider that the viewer speaks for, locked.

    :raises ProviderNotFoundError: if they do not.
    """
    provider = session.get(Provider, provider_id, with_for_update=True)
    if provider is None or not by.speaks_for(provider.organisation_id):
        raise ProviderNotFoundError("We could not find that provider.")
    return provider


def any_offer(session: Session, *, offer_id: OfferId) -> Offer:
    """
    Return an offer whoever's it is, locked: two decisions about one offer queue.

    :raises OfferNotFoundError: if there is none.
    """
    offer = session.get(Offer, offer_id, with_for_update=True)
    if offer is None:
        raise OfferNotFoundError("We could not find that offer.")
    return offer


def take_turns_at(session: Session, *, offer_id: OfferId) -> None:
    """Make those queue who change, at the same moment, what hangs on one offer."""
    session.execute(select(Offer.id).where(Offer.id == offer_id).with_for_update(key_share=True))


def take_turns_at_provider(session: Session, *, provider_id: ProviderId) -> None:
    """Make those queue who change, at the same moment, what hangs on all that one provider offers."""
    session.execute(select(Provider.id).where(Provider.id == provider_id).with_for_update(key_share=True))


def own_offer(session: Session, *, offer_id: OfferId, by: Viewer) -> Offer:
    """
    Return an offer of a provider that the viewer speaks for, locked.

    :raises OfferNotFoundError: if there is none: another provider's draft is nobody's business.
    """
    offer = any_offer(session, offer_id=offer_id)
    provider = session.get_one(Provider, offer.provider_id)
    if not by.speaks_for(provider.organisation_id):
        raise OfferNotFoundError("We could not find that offer.")
    return offer


def move_on(offer: Offer, act: Act) -> None:
    """
    Move an offer to where an act leads.

    :raises ActNotPossibleError: if that cannot be done from where it stands.
    """
    status = rules.next_status(status=offer.status, act=act)
    if status is None:
        raise ActNotPossibleError(NOT_POSSIBLE.get(act, "That cannot be done to this offer now."))
    offer.status = status
