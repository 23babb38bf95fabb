"""What a moderator decides about an offer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Permission, PersonId, Viewer
from marketplace.catalogue.models import Offer, Photo, Provider
from marketplace.catalogue.rules import Act, OfferId, OfferStatus
from marketplace.catalogue.services.finding import OfferNotFoundError, any_offer, move_on
from marketplace.catalogue.services.indexing import keep_index_true
from marketplace.catalogue.services.registering import require_cqc_answer
from marketplace.catalogue.services.versions import keep_version
from marketplace.kit.errors import DomainError, NotAllowedError
from marketplace.kit.sentences import worded
from marketplace.moderation import services as moderation
from marketplace.moderation.rules import Outcome, SubjectKind


class OwnOfferError(NotAllowedError):
    """A moderator does not decide about an offer of an organisation they speak for."""


class OfferChangedError(DomainError):
    """The provider changed the offer while the moderator was reading it."""


def approve_offer(
    session: Session, *, offer_id: OfferId, by: Viewer, seen: datetime | None, address: str, now: datetime
) -> None:
    """
    Show a submitted offer to everybody, find it in the search from this moment, and tell its provider.

    `seen` is when the version was saved that the moderator read; None does not check. `address` is the offer's page.

    :raises OfferNotFoundError: if there is no such offer, or the viewer is no moderator.
    :raises OwnOfferError: if the moderator speaks for its provider.
    :raises OfferChangedError: if it was changed since it was read.
    :raises CqcNotAnsweredError: if it may be personal care, and nobody said how it stands to registration.
    :raises ActNotPossibleError: if it is not waiting.
    """
    offer, provider, moderator = _to_decide(session, offer_id=offer_id, by=by, seen=seen)
    require_cqc_answer(session, offer)
    move_on(offer, Act.APPROVE)
    offer.listed_at = offer.listed_at or now
    _approve_photos(session, offer, now=now)
    _record(session, offer, outcome=Outcome.APPROVED, reason="", by=moderator, now=now)
    accounts.write_to_organisation(
        session,
        organisation_id=provider.organisation_id,
        subject=worded("“{title}” is now on the site", title=offer.title),
        body=worded(
            "We have read your offer “{title}” and everybody can see it now:\n{address}\n\n"
            "You can change its price or take it down whenever you like. "
            "We read new words again before they are shown.",
            title=offer.title,
            address=address,
        ),
        now=now,
    )


def refuse_offer(
    session: Session,
    *,
    offer_id: OfferId,
    reason: str,
    by: Viewer,
    seen: datetime | None,
    address: str,
    now: datetime,
) -> None:
    """
    Keep an offer from view, or take down one that is shown, and tell its provider why.

    `address` is where the provider changes it.

    :raises OfferNotFoundError: if there is no such offer, or the viewer is no moderator.
    :raises OwnOfferError: if the moderator speaks for its provider.
    :raises OfferChangedError: if it was changed since it was read.
    :raises ActNotPossibleError: if it is neither waiting nor shown.
    :raises ReasonMissingError: if no reason is given.
    """
    offer, provider, moderator = _to_decide(session, offer_id=offer_id, by=by, seen=seen)
    was_live = offer.status is OfferStatus.LIVE
    move_on(offer, Act.REFUSE)
    _record(session, offer, outcome=Outcome.REFUSED, reason=reason, by=moderator, now=now)
    what = "taken down" if was_live else "not yet put on the site"
    accounts.write_to_organisation(
        session,
        organisation_id=provider.organisation_id,
        subject=worded("“{title}” needs a change", title=offer.title),
        body=worded(
            "We have {what} your offer “{title}”. This is why:\n\n{reason}\n\n"
            "Change it here and send it to us again:\n{address}\n\nIf you think we are wrong, answer this letter.",
            what=what,
            title=offer.title,
            reason=reason.strip(),
            address=address,
        ),
        now=now,
    )


def _to_decide(
    session: Session, *, offer_id: OfferId, by: Viewer, seen: datetime | None
) -> tuple[Offer, Provider, PersonId]:
    if by.person_id is None or not by.may(Permission.MODERATE):
        raise OfferNotFoundError("We could not find that offer.")
    offer = any_offer(session, offer_id=offer_id)
    provider = session.get_one(Provider, offer.provider_id)
    if by.speaks_for(provider.organisation_id):
        raise OwnOfferError("You speak for this provider, so another moderator decides about its offers.")
    if seen is not None and seen != offer.updated_at:
        raise OfferChangedError("This offer was changed while you were reading it. Read it again, then decide.")
    return offer, provider, by.person_id


def _approve_photos(session: Session, offer: Offer, *, now: datetime) -> None:
    """Let everybody see its photographs too: whoever read the offer has seen them."""
    for photo in session.scalars(select(Photo).where(Photo.offer_id == offer.id, Photo.approved_at.is_(None))):
        photo.approved_at = now


def _record(session: Session, offer: Offer, *, outcome: Outcome, reason: str, by: PersonId, now: datetime) -> None:
    decision_id = moderation.record_decision(
        session, subject_kind=SubjectKind.OFFER, subject_id=offer.id, outcome=outcome, reason=reason, by=by, now=now
    )
    # The frozen copy: what was decided about can be read for ever, whatever the provider writes next.
    keep_version(session, offer, did=str(outcome), by=by, now=now, decision_id=decision_id)
    # Deciding is no edit: `updated_at` stays the moment its words were last saved.
    keep_index_true(session, offer, now=now)
