"""Answering a review."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts_queries
from marketplace.accounts import services as accounts
from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError
from marketplace.kit.sentences import worded
from marketplace.ratings import rules
from marketplace.ratings.models import Reply, Review
from marketplace.ratings.queries import Reviewed, reviewed
from marketplace.ratings.rules import ReplyId, ReviewId, ReviewStatus
from marketplace.ratings.services.naming import ask_about_names
from marketplace.ratings.services.publishing import Address
from marketplace.ratings.services.reviewing import ReviewNotFoundError
from marketplace.ratings.services.screening import receive_reply


class NotTheirProviderError(NotAllowedError):
    """Only those who speak for the provider may answer."""


class ReplyUnclearError(DomainError):
    """The reply is empty or too long."""


def reply_to_review(
    session: Session,
    *,
    review_id: ReviewId,
    by: PersonId,
    words: str,
    is_sure: bool = False,
    link: Address,
    now: datetime,
) -> ReplyId:
    """
    Answer a shown review under one's own name and the provider's, or change that answer.

    It is shown at once unless a screen stops it. The writer of the review gets a letter the first time.

    :raises ReviewNotFoundError: if there is no such review to be seen.
    :raises NotTheirProviderError: if `by` does not speak for the provider, or wrote the review.
    :raises ReplyUnclearError: if the words will not do.
    :raises TellsWhoError: if the words seem to tell who somebody is, and `by` is not sure.
    """
    # The lock makes two first replies queue, so that the second changes what the first wrote.
    review = session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if review is None or review.status is not ReviewStatus.SHOWN:
        raise ReviewNotFoundError("We could not find that review.")
    about = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id)
    if review.person_id == by or not speaks_for(session, person_id=by, organisation_id=about.organisation_id):
        raise NotTheirProviderError("Only somebody who speaks for the provider can reply.")
    words = text.tidy(words)
    problem = rules.reply_problem(words)
    if problem:
        raise ReplyUnclearError(problem)
    signed = accounts_queries.addressee(session, person_id=by).name
    ask_about_names(words, known=f"{about.provider_name} {about.offer_title} {signed}", is_sure=is_sure)
    reply = session.scalars(select(Reply).where(Reply.review_id == review_id)).one_or_none()
    if reply is not None:
        reply.words, reply.written_by, reply.edited_at = words, by, now
        receive_reply(session, reply, link=link, now=now)
        audit.record(session, by=by, did="changed a reply", to_kind="review", to_id=review_id, now=now)
        return reply.id
    reply = Reply(
        id=ReplyId(uuid.uuid4()),
        review_id=review_id,
        words=words,
        written_by=by,
        written_at=now,
        status=ReviewStatus.SHOWN,
    )
    session.add(reply)
    session.flush()
    is_shown = receive_reply(session, reply, link=link, now=now)
    audit.record(session, by=by, did="replied", to_kind="review", to_id=review_id, now=now)
    if is_shown:
        tell_of_reply(session, review, about, link=link, now=now)
    return reply.id


def tell_of_reply(session: Session, review: Review, about: Reviewed, *, link: Address, now: datetime) -> None:
    """Write to whoever wrote a review that it is answered."""
    if review.person_id is None:  # Written on paper: there is nobody to write to.
        return
    accounts.write_to_person(
        session,
        person_id=review.person_id,
        subject=worded("A reply to your review of: {offer_title}", offer_title=about.offer_title),
        body=worded(
            "{provider_name} has replied to your review of {offer_title}.\n\n"
            "You can read it here:\n{link}\n\nThey have not been told who you are.",
            provider_name=about.provider_name,
            offer_title=about.offer_title,
            link=link(review.id),
        ),
        now=now,
    )
