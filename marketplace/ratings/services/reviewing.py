"""Reviewing what one has used, and taking a review back."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.queries import offer_terms
from marketplace.catalogue.rules import OfferId, OfferStatus, ProviderId, ProviderKind
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.uniqueness import repeats
from marketplace.purchasing.queries import arrangement_for_review
from marketplace.purchasing.rules import ArrangementId
from marketplace.ratings import rules
from marketplace.ratings.models import Review
from marketplace.ratings.queries import has_reviewed
from marketplace.ratings.rules import Basis, ReviewId, ReviewStatus, Written
from marketplace.ratings.services import ledger
from marketplace.ratings.services.counting import counted_anew
from marketplace.ratings.services.publishing import Address, publish

_ALREADY = "You have reviewed this already. You can see your review, or take it back, in your reviews."


class NothingToReviewError(NotFoundError):
    """There is no such arrangement of this person, or no such offer."""


class NotDoneYetError(DomainError):
    """What was arranged has not been done."""


class NotOpenToEveryoneError(NotAllowedError):
    """Only an arrangement shows that somebody used this."""


class OwnProviderError(NotAllowedError):
    """The person speaks for the provider."""


class AlreadyReviewedError(DomainError):
    """The person has reviewed this."""


class ReviewUnclearError(WrongAnswerError):
    """We could not take the review as it stands."""


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
    return _write(session, what, by=by, written=written, link=link, now=now)


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
    return _write(session, what, by=by, written=written, link=link, now=now)


def withdraw_review(session: Session, *, review_id: ReviewId, by: PersonId, now: datetime) -> None:
    """
    Take back one's own review, shown or held, with its reply. The words are gone; that it happened is remembered.

    :raises ReviewNotFoundError: if there is no such review of this person.
    """
    review = session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if review is None or review.person_id != by:
        raise ReviewNotFoundError("We could not find that review among yours.")
    with counted_anew(session, offer_id=review.offer_id, person_id=review.person_id):
        session.delete(review)
    ledger.note_withdrawn(session, review_id, now=now)
    audit.record(session, by=by, did="withdrew", to_kind="review", to_id=review_id, now=now)
    session.flush()


def _refuse_own(session: Session, what: WhatToReview, by: PersonId) -> None:
    if speaks_for(session, person_id=by, organisation_id=what.organisation_id):
        raise OwnProviderError("You speak for this provider, so you cannot review it.")


def _write(
    session: Session, what: WhatToReview, *, by: PersonId, written: Written, link: Address, now: datetime
) -> ReviewId:
    words = text.tidy(written.words)
    for field, problem in (("stars", rules.stars_problem(written.stars)), ("words", rules.words_problem(words))):
        if problem:
            raise ReviewUnclearError(problem, field=field)
    review = Review(
        id=ReviewId(uuid.uuid4()),
        offer_id=what.offer_id,
        provider_id=what.provider_id,
        person_id=by,
        arrangement_id=what.arrangement_id,
        basis=what.basis,
        is_verified=what.basis is Basis.ARRANGEMENT,
        stars=written.stars,
        words=words,
        role=written.role,
        declared_link=written.declared_link,
        help=written.help,
        told=written.told,
        pseudonym=written.pseudonym,
        release=written.release,
        written_at=now,
        status=ReviewStatus.WAITING,
    )
    session.add(review)
    try:
        session.flush()
    except IntegrityError as error:
        # Two browser tabs at once: each saw that there was no review yet.
        if not (
            repeats(error, constraint="uq_review_arrangement_id", columns=("review.arrangement_id",))
            or repeats(error, constraint="uq_review_own_word", columns=("review.person_id", "review.offer_id"))
        ):
            raise
        raise AlreadyReviewedError(_ALREADY) from error
    audit.record(session, by=by, did="wrote", to_kind="review", to_id=review.id, now=now)
    ledger.note_received(session, review, now=now)
    publish(session, review, link=link, now=now)
    session.flush()
    return review.id
