"""Changing what one said, adding to it, and taking it back. Only the writer can, and nobody is asked first."""

import uuid
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.catalogue.services import take_turns_at_provider
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError
from marketplace.kit.sentences import worded
from marketplace.ratings.models import Addition, Reply, Review, VoiceNote
from marketplace.ratings.queries import reviewed
from marketplace.ratings.rules import reviewing as rules
from marketplace.ratings.rules.nouns import AdditionId, ReviewId, ReviewStatus
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import answers, ledger
from marketplace.ratings.services.answers import ReviewUnclearError
from marketplace.ratings.services.counting import counted_anew
from marketplace.ratings.services.publishing import Address
from marketplace.ratings.services.reviewing import ReviewNotFoundError, refuse_insiders
from marketplace.ratings.services.screening import receive, receive_addition


class NotShownYetError(DomainError):
    """Nobody can read the review yet, so there is nothing to add to."""


class TooManyAdditionsError(DomainError):
    """The review has been added to often enough."""


def change_review(
    session: Session, *, review_id: ReviewId, by: PersonId, written: Written, link: Address, now: datetime
) -> ReviewId:
    """
    Put what somebody says now in place of what they said. The screens read it again; a reply stays beside it.

    By which way it was told first stays as it is, and so does the choice of when, once it has been shown.

    :raises ReviewNotFoundError: if there is no such review of this person.
    :raises OwnProviderError: if they have come to work for the provider, or to live with somebody who does.
    :raises ReviewUnclearError: if something about it will not do.
    :raises AppealOpenError: if the panel is reading it.
    """
    _take_turns(session, review_id)
    review = _own(session, review_id, by)
    refuse_insiders(written)
    release = review.release if review.shown_month is not None else written.release
    written = answers.tidied(replace(written, told=review.told, release=release))
    is_shown = review.status is ReviewStatus.SHOWN
    with counted_anew(session, offer_id=review.offer_id, person_id=by) if is_shown else nullcontext():
        answers.set_down(session, review, written)
        review.edited_at = now
    audit.record(session, by=by, did="changed", to_kind="review", to_id=review_id, now=now)
    if written.words or not _is_to_be_written_down(session, review_id):
        receive(session, review, link=link, now=now)
    if review.status is ReviewStatus.SHOWN:
        _tell_who_replied(session, review, link=link, now=now)
    session.flush()
    return review.id


def add_to_review(
    session: Session, *, review_id: ReviewId, by: PersonId, words: str, link: Address, now: datetime
) -> AdditionId:
    """
    Add what happened since to one's own review. It stands below it with its month; the stars stay as they are.

    :raises ReviewNotFoundError: if there is no such review of this person.
    :raises NotShownYetError: if nobody can read the review yet.
    :raises TooManyAdditionsError: if there are enough.
    :raises ReviewUnclearError: if the words will not do.
    """
    review = _own(session, review_id, by)
    if review.status is not ReviewStatus.SHOWN:
        raise NotShownYetError("Nobody can read your review yet, so change it instead of adding to it.")
    words = text.tidy(words)
    problem = rules.addition_problem(words)
    if problem:
        raise ReviewUnclearError(problem, field="words")
    there_are = session.scalar(select(func.count()).where(Addition.review_id == review_id)) or 0
    if there_are >= rules.MOST_ADDITIONS:
        raise TooManyAdditionsError(
            worded(
                "You have added to this review {most_additions} times. Change it instead, or take an addition back.",
                most_additions=rules.MOST_ADDITIONS,
            )
        )
    addition = Addition(
        id=AdditionId(uuid.uuid4()),
        review_id=review_id,
        words=words,
        added_month=day_of(now).replace(day=1),
        status=ReviewStatus.UNREAD,
        added_at=now,
    )
    session.add(addition)
    session.flush()
    audit.record(session, by=by, did="added to", to_kind="review", to_id=review_id, now=now)
    if receive_addition(session, addition, link=link, now=now):
        _tell_who_replied(session, review, link=link, now=now)
    session.flush()
    return addition.id


def withdraw_addition(session: Session, *, addition_id: AdditionId, by: PersonId, now: datetime) -> ReviewId:
    """
    Take back what one added, shown or not, and return which review it was part of.

    :raises ReviewNotFoundError: if there is no such addition of this person.
    """
    addition = session.get(Addition, addition_id, with_for_update=True, populate_existing=True)
    if addition is None:
        raise ReviewNotFoundError("We could not find that among what you have written.")
    review = _own(session, addition.review_id, by)
    session.delete(addition)
    audit.record(session, by=by, did="took back an addition", to_kind="review", to_id=review.id, now=now)
    session.flush()
    return review.id


def withdraw_review(session: Session, *, review_id: ReviewId, by: PersonId, now: datetime) -> None:
    """
    Take back one's own review, shown or held, with its reply. The words are gone; that it happened is remembered.

    :raises ReviewNotFoundError: if there is no such review of this person.
    """
    review = _own(session, review_id, by)
    with counted_anew(session, offer_id=review.offer_id, person_id=review.person_id):
        session.delete(review)
    ledger.note_withdrawn(session, review_id, now=now)
    audit.record(session, by=by, did="withdrew", to_kind="review", to_id=review_id, now=now)
    session.flush()


def _take_turns(session: Session, review_id: ReviewId) -> None:
    """Queue at the provider of a review that may be shown together with others: before the review itself is locked."""
    provider_id = session.scalar(select(Review.provider_id).where(Review.id == review_id, Review.shown_month.is_(None)))
    if provider_id is not None:
        take_turns_at_provider(session, provider_id=provider_id)


def _own(session: Session, review_id: ReviewId, by: PersonId) -> Review:
    review = session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if review is None or review.person_id != by:
        raise ReviewNotFoundError("We could not find that review among yours.")
    return review


def _is_to_be_written_down(session: Session, review_id: ReviewId) -> bool:
    """Test whether what was said aloud is still to be written down: until then there is nothing to read."""
    return session.get(VoiceNote, review_id) is not None


def _tell_who_replied(session: Session, review: Review, *, link: Address, now: datetime) -> None:
    """Write to the provider if it has answered: its answer may not fit any more."""
    if session.scalar(select(Reply.id).where(Reply.review_id == review.id)) is None:
        return
    about = reviewed(session, provider_id=review.provider_id, offer_id=review.offer_id)
    accounts.write_to_organisation(
        session,
        organisation_id=about.organisation_id,
        subject=worded("A review you replied to has changed: {offer_title}", offer_title=about.offer_title),
        body=worded(
            "Somebody has changed or added to a review of {offer_title} that you replied to.\n\n"
            "You can read it, and change your reply, here:\n{link}",
            offer_title=about.offer_title,
            link=link(review.id),
        ),
        now=now,
    )
