"""Keeping a review or a reply from view, and showing it again. For moderators, who give their reason."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import PersonId
from marketplace.kit.errors import DomainError, NotAllowedError
from marketplace.moderation.rules import Outcome, SubjectKind
from marketplace.moderation.services import record_decision
from marketplace.ratings import rules
from marketplace.ratings.models import Reply, Review
from marketplace.ratings.queries import reviewed
from marketplace.ratings.rules import Act, Ground, ReviewId
from marketplace.ratings.services.publishing import Address, publish, refuse
from marketplace.ratings.services.reviewing import ReviewNotFoundError

_OUTCOMES = {Act.HOLD: Outcome.HELD, Act.RELEASE: Outcome.RELEASED}


class ReviewMovedOnError(DomainError):
    """It is held already, or shown already."""


class OwnProviderDecisionError(NotAllowedError):
    """Nobody decides about what people say of their own organisation, or about their own words."""


def hold_review(
    session: Session, *, review_id: ReviewId, by: PersonId, reason: str, link: Address, now: datetime
) -> None:
    """
    Keep a review from view, and tell its writer why. Never for being bad: only for what the law or safety forbids.

    :raises ReviewNotFoundError: if there is no such review.
    :raises ReviewMovedOnError: if it is held already.
    :raises OwnProviderDecisionError: if `by` wrote it or speaks for the provider.
    :raises ReasonMissingError: if no reason is given.
    """
    _decide_review(session, review_id=review_id, act=Act.HOLD, by=by, reason=reason, link=link, now=now)


def release_review(
    session: Session, *, review_id: ReviewId, by: PersonId, reason: str, link: Address, now: datetime
) -> None:
    """
    Show a held review again, and tell its writer.

    :raises ReviewNotFoundError: if there is no such review.
    :raises ReviewMovedOnError: if it is shown already.
    :raises OwnProviderDecisionError: if `by` wrote it or speaks for the provider.
    """
    _decide_review(session, review_id=review_id, act=Act.RELEASE, by=by, reason=reason, link=link, now=now)


def hold_reply(
    session: Session, *, review_id: ReviewId, by: PersonId, reason: str, link: Address, now: datetime
) -> None:
    """
    Keep the reply to a review from view, and tell who wrote it why. The review stays.

    :raises ReviewNotFoundError: if there is no such reply.
    :raises ReviewMovedOnError: if it is held already.
    :raises OwnProviderDecisionError: if `by` wrote the review or speaks for the provider.
    :raises ReasonMissingError: if no reason is given.
    """
    _decide_reply(session, review_id=review_id, act=Act.HOLD, by=by, reason=reason, link=link, now=now)


def release_reply(
    session: Session, *, review_id: ReviewId, by: PersonId, reason: str, link: Address, now: datetime
) -> None:
    """
    Show a held reply again, and tell who wrote it.

    :raises ReviewNotFoundError: if there is no such reply.
    :raises ReviewMovedOnError: if it is shown already.
    :raises OwnProviderDecisionError: if `by` wrote the review or speaks for the provider.
    """
    _decide_reply(session, review_id=review_id, act=Act.RELEASE, by=by, reason=reason, link=link, now=now)


def _decide_review(
    session: Session, *, review_id: ReviewId, act: Act, by: PersonId, reason: str, link: Address, now: datetime
) -> None:
    review = _locked(session, review_id, by)
    _next(review.status, act)
    if act is Act.HOLD:
        refuse(session, review, ground=Ground.OFF_TOPIC, now=now)
    else:
        publish(session, review, link=link, now=now)
    record_decision(
        session,
        subject_kind=SubjectKind.REVIEW,
        subject_id=review.id,
        outcome=_OUTCOMES[act],
        reason=reason,
        by=by,
        now=now,
    )
    title = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id).offer_title
    _tell(session, review.person_id, act, what=f"your review of {title}", address=link(review.id), now=now)


def _decide_reply(
    session: Session, *, review_id: ReviewId, act: Act, by: PersonId, reason: str, link: Address, now: datetime
) -> None:
    review = _locked(session, review_id, by)
    reply = session.scalars(select(Reply).where(Reply.review_id == review_id).with_for_update()).one_or_none()
    if reply is None:
        raise ReviewNotFoundError("We could not find that reply.")
    reply.status = _next(reply.status, act)
    record_decision(
        session,
        subject_kind=SubjectKind.REPLY,
        subject_id=reply.id,
        outcome=_OUTCOMES[act],
        reason=reason,
        by=by,
        now=now,
    )
    title = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id).offer_title
    _tell(session, reply.written_by, act, what=f"your reply to a review of {title}", address=link(review.id), now=now)


def _locked(session: Session, review_id: ReviewId, by: PersonId) -> Review:
    review = session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if review is None:
        raise ReviewNotFoundError("We could not find that review.")
    about = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id)
    if review.person_id == by or speaks_for(session, person_id=by, organisation_id=about.organisation_id):
        raise OwnProviderDecisionError("This is about you or your own organisation, so another moderator must decide.")
    return review


def _next(status: rules.ReviewStatus, act: Act) -> rules.ReviewStatus:
    to = rules.next_status(status=status, act=act)
    if to is None:
        raise ReviewMovedOnError("Another moderator has just done this. Open the page again to see where it stands.")
    return to


def _tell(session: Session, person_id: PersonId | None, act: Act, *, what: str, address: str, now: datetime) -> None:
    if person_id is None:  # Written on paper: there is nobody to write to.
        return
    if act is Act.HOLD:
        subject = "We have kept something from view"
        body = (
            f"A moderator has kept {what} from view. You can read why here:\n{address}\n\n"
            "If you think this is wrong, write to us, and another moderator looks at it."
        )
    else:
        subject = "It is shown again"
        body = f"A moderator has looked again at {what}, and it is shown now:\n{address}"
    accounts.write_to_person(session, person_id=person_id, subject=subject, body=body, now=now)
