"""Reviewing what one has used, on whichever ground."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.queries import council_of, speaks_for
from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.queries import offer_terms
from marketplace.catalogue.rules import CategorySlug, OfferId, OfferStatus, ProviderId, ProviderKind
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError
from marketplace.kit.places import CouncilCode
from marketplace.kit.uniqueness import repeats
from marketplace.purchasing.queries import arrangement_for_review
from marketplace.purchasing.rules import ArrangementId
from marketplace.ratings.models import Review
from marketplace.ratings.queries import has_reviewed
from marketplace.ratings.rules.nouns import Basis, CardId, ReviewId, ReviewStatus, Telling
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import answers, ledger
from marketplace.ratings.services.publishing import Address, stop
from marketplace.ratings.services.screening import receive

_ALREADY = "You have reviewed this already. You can see your review, or take it back, in your reviews."
_CARD_USED = "This card has been used already. Each card is for one review."
_OWN = (
    "You work for this provider, or live with somebody who does, so you cannot review it. "
    "If something is wrong there, you can still tell us about it."
)
# Of an invoice only once a checker has seen it; of a person's own word never.
_PROVEN = frozenset({Basis.ARRANGEMENT, Basis.CARD, Basis.ATTESTED})
_ONCE = {
    "uq_review_arrangement_id": ("review.arrangement_id",),
    "uq_review_card_id": ("review.card_id",),
    "uq_review_own_word": ("review.person_id", "review.offer_id"),
}


class NothingToReviewError(NotFoundError):
    """There is no such arrangement of this person, or no such offer."""


class NotDoneYetError(DomainError):
    """What was arranged has not been done."""


class NotOpenToEveryoneError(NotAllowedError):
    """Only an arrangement shows that somebody used this."""


class OwnProviderError(NotAllowedError):
    """The person speaks for the provider, works for it, or lives with somebody who does."""


class AlreadyReviewedError(DomainError):
    """The person has reviewed this."""


class ReviewNotFoundError(NotFoundError):
    """There is no such review, or it is not for this person."""


@dataclass(frozen=True, slots=True)
class WhatToReview:
    """What somebody may review now, and on which ground."""

    offer_id: OfferId
    provider_id: ProviderId
    organisation_id: OrganisationId | None
    title: str
    provider_name: str
    basis: Basis
    arrangement_id: ArrangementId | None
    # What it is, and where its reviewer lives: so that we ask by the criteria and outcomes that fit.
    category: CategorySlug
    council: CouncilCode | None
    card_id: CardId | None = None


def arrangement_to_review(session: Session, *, arrangement_id: ArrangementId, by: PersonId) -> WhatToReview:
    """
    Return what this person may review because they arranged it here and it was done. Changes nothing.

    :raises NothingToReviewError: if it is not their arrangement.
    :raises NotDoneYetError: if it has not been done.
    :raises OwnProviderError: if they speak for the provider.
    :raises AlreadyReviewedError: if they have reviewed it.
    """
    it = arrangement_for_review(session, arrangement_id=arrangement_id, person_id=by)
    if it is None:
        raise NothingToReviewError("We could not find that arrangement among yours.")
    if not it.is_done:
        raise NotDoneYetError("You can review this once it has been done and one of you has marked it as done.")
    what = WhatToReview(
        offer_id=it.offer_id,
        provider_id=it.provider_id,
        organisation_id=it.organisation_id,
        title=it.title,
        provider_name=it.provider_name,
        basis=Basis.ARRANGEMENT,
        arrangement_id=arrangement_id,
        category=it.category,
        council=it.council,
    )
    _refuse_own(session, what, by)
    if has_reviewed(session, person_id=by, arrangement_id=arrangement_id):
        raise AlreadyReviewedError(_ALREADY)
    return what


def offer_to_review(session: Session, *, offer_id: OfferId, by: PersonId, today: date) -> WhatToReview:
    """
    Return what this person may review by saying that they used it: a service open to everyone. Changes nothing.

    :raises NothingToReviewError: if there is no such offer to be seen.
    :raises NotOpenToEveryoneError: if it is arranged here, so that an arrangement must show who used it.
    :raises OwnProviderError: if they speak for the provider.
    :raises AlreadyReviewedError: if they have reviewed it.
    """
    terms = offer_terms(session, offer_id=offer_id, on=today)
    if terms is None or terms.status not in {OfferStatus.LIVE, OfferStatus.UNLISTED}:
        raise NothingToReviewError("We could not find that offer. It may have been taken down.")
    if terms.kind is not ProviderKind.UNIVERSAL_SERVICE:
        raise NotOpenToEveryoneError(
            "Only people who have arranged this here, and got it, can review it. Look for it in your arrangements."
        )
    what = WhatToReview(
        offer_id=offer_id,
        provider_id=terms.provider_id,
        organisation_id=terms.organisation_id,
        title=terms.title,
        provider_name=terms.provider_name,
        basis=Basis.SAID_USED,
        arrangement_id=None,
        category=terms.category,
        council=council_of(session, person_id=by),
    )
    _refuse_own(session, what, by)
    if has_reviewed(session, person_id=by, offer_id=offer_id):
        raise AlreadyReviewedError(_ALREADY)
    return what


def review_arrangement(
    session: Session,
    *,
    arrangement_id: ArrangementId,
    by: PersonId,
    written: Written,
    link: Address,
    now: datetime,
) -> ReviewId:
    """
    Say what something arranged here was like. It is shown at once, whatever it says (ANCHORS 2.7).

    :raises NothingToReviewError, NotDoneYetError, OwnProviderError: as `arrangement_to_review`.
    :raises AlreadyReviewedError: if they have reviewed it.
    :raises ReviewUnclearError: if the stars or the words will not do.
    """
    what = arrangement_to_review(session, arrangement_id=arrangement_id, by=by)
    return write_review(session, what, by=by, written=written, link=link, now=now)


def declare_use_and_review(
    session: Session,
    *,
    offer_id: OfferId,
    by: PersonId,
    written: Written,
    link: Address,
    now: datetime,
) -> ReviewId:
    """
    Say that one has used a service open to everyone, and what it was like. It is shown at once (ANCHORS 2.7).

    :raises NothingToReviewError, NotOpenToEveryoneError, OwnProviderError: as `offer_to_review`.
    :raises AlreadyReviewedError: if they have reviewed it.
    :raises ReviewUnclearError: if the stars or the words will not do.
    """
    what = offer_to_review(session, offer_id=offer_id, by=by, today=day_of(now))
    return write_review(session, what, by=by, written=written, link=link, now=now)


def write_review(
    session: Session,
    what: WhatToReview,
    *,
    by: PersonId | None,
    typed_by: PersonId | None = None,
    written: Written,
    link: Address,
    now: datetime,
) -> ReviewId:
    """
    Keep what somebody says about what they may review, whichever way they told it. Every review comes in here.

    `by` is None for what somebody without an account wrote on paper; then `typed_by` says who typed it in. It is shown
    at once, whatever it says, unless a screen that cannot see the stars wants a person to read it first (ANCHORS 2.7).

    :raises OwnProviderError: if the writer has to do with the provider.
    :raises AlreadyReviewedError: if they have reviewed it, or the card was used.
    :raises ReviewUnclearError: if something about it will not do.
    """
    refuse_insiders(written)
    if by is not None:
        _refuse_own(session, what, by)
    written = answers.tidied(written)
    review = Review(
        id=ReviewId(uuid.uuid4()),
        offer_id=what.offer_id,
        provider_id=what.provider_id,
        person_id=by,
        typed_by=typed_by,
        arrangement_id=what.arrangement_id,
        card_id=what.card_id,
        basis=what.basis,
        is_verified=what.basis in _PROVEN,
        stars=written.stars,
        words=written.words,
        told=written.told,
        written_at=now,
        status=ReviewStatus.WAITING,
    )
    session.add(review)
    try:
        session.flush()
    except IntegrityError as error:
        # Two browser tabs at once: each saw that there was no review yet.
        if not any(repeats(error, constraint=name, columns=columns) for name, columns in _ONCE.items()):
            raise
        raise AlreadyReviewedError(_ALREADY if what.card_id is None else _CARD_USED) from error
    answers.set_down(session, review, written)
    audit.record(session, by=by or typed_by, did="wrote", to_kind="review", to_id=review.id, now=now)
    ledger.note_received(session, review, now=now)
    if written.told is Telling.VOICE:
        # What was said aloud is written down first: until then there is nothing to read, for us or for a screen.
        stop(session, review, now=now)
    else:
        receive(session, review, link=link, now=now)
    session.flush()
    return review.id


def refuse_insiders(written: Written) -> None:
    """
    Make sure that a writer has nothing to do with the provider, by what they say themselves.

    :raises OwnProviderError: if they work for it, are it, or live with somebody who does.
    """
    if written.works_there:
        raise OwnProviderError(_OWN)


def _refuse_own(session: Session, what: WhatToReview, by: PersonId) -> None:
    if speaks_for(session, person_id=by, organisation_id=what.organisation_id):
        raise OwnProviderError("You speak for this provider, so you cannot review it.")
