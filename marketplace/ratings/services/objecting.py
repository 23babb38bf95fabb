"""Somebody whom a review is about as a person objects to it, and a moderator weighs that (UK GDPR, Article 21)."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import Permission, PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.ratings.models import Objection, Review
from marketplace.ratings.queries import reviewed
from marketplace.ratings.rules import appeals as rules
from marketplace.ratings.rules.nouns import Ground, ObjectionId, ObjectionOutcome, ReviewId, ReviewStatus
from marketplace.ratings.services.holding import hold_review
from marketplace.ratings.services.publishing import Address
from marketplace.ratings.services.reviewing import ReviewNotFoundError

ObjectionAddress = Callable[[ObjectionId], str]
"""Turns an objection into the address of its page."""


class ObjectionNotFoundError(NotFoundError):
    """There is no such objection."""


class AlreadyObjectedError(DomainError):
    """Somebody has objected to this review, and that is not decided."""


class ObjectionDecidedError(DomainError):
    """Somebody has decided."""


class ObjectionUnclearError(WrongAnswerError):
    """Something is missing, or too long."""


class OwnObjectionError(NotAllowedError):
    """Nobody objects to their own words, or decides about their own objection or their own organisation."""


def object_to_review(
    session: Session, *, review_id: ReviewId, by: PersonId, words: str, link: ObjectionAddress, now: datetime
) -> ObjectionId:
    """
    Ask that a review is taken down because it is about oneself as a person. It stays shown until that is weighed.

    :raises ReviewNotFoundError: if there is no such review to be seen.
    :raises OwnObjectionError: if they wrote it.
    :raises AlreadyObjectedError: if an objection to it waits, or theirs was decided.
    :raises ObjectionUnclearError: if they do not say what it is about.
    """
    review = session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if review is None or review.status is not ReviewStatus.SHOWN:
        raise ReviewNotFoundError("We could not find that review.")
    if review.person_id == by:
        raise OwnObjectionError("You wrote this review. You can change it or take it back yourself.")
    _require_new(session, review_id, by)
    it = Objection(
        id=ObjectionId(uuid.uuid4()),
        review_id=review_id,
        made_by=by,
        words=_required(words, field="words"),
        made_at=now,
        due_at=rules.objection_due_at(now),
        told_at=now,
    )
    session.add(it)
    session.flush()
    audit.record(session, by=by, did="objected", to_kind="review", to_id=review_id, now=now)
    accounts.write_to_those_who_may(
        session,
        Permission.MODERATE,
        subject="Somebody objects to a review about them",
        body=worded(
            "Somebody asks us to take down a review because it is about them as a person. "
            "Weigh it within a month, and write down how:\n{link}",
            link=link(it.id),
        ),
        now=now,
    )
    return it.id


def decide_objection(
    session: Session,
    *,
    objection_id: ObjectionId,
    outcome: ObjectionOutcome,
    our_interest: str,
    their_interest: str,
    balance: str,
    by: PersonId,
    link: Address,
    now: datetime,
) -> None:
    """
    Weigh an objection and write down how. Both hear of it: who objected, and, if it goes, who wrote the review.

    :raises ObjectionNotFoundError: if there is no such objection.
    :raises ObjectionDecidedError: if it is decided.
    :raises OwnObjectionError: if `by` objected, wrote the review, or speaks for the provider.
    :raises ObjectionUnclearError: if a part of the weighing is missing.
    :raises AppealOpenError: if the panel is looking at the review.
    """
    it = session.get(Objection, objection_id, with_for_update=True, populate_existing=True)
    if it is None:
        raise ObjectionNotFoundError("We could not find that objection.")
    if it.decided_at is not None:
        raise ObjectionDecidedError("Another moderator has just decided this.")
    review = session.get_one(Review, it.review_id, with_for_update=True)
    about = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id)
    is_own = by in {it.made_by, review.person_id, review.typed_by}
    if is_own or speaks_for(session, person_id=by, organisation_id=about.organisation_id):
        raise OwnObjectionError("You have to do with this, so another moderator must decide.")
    it.our_interest = _required(our_interest, field="our_interest")
    it.their_interest = _required(their_interest, field="their_interest")
    it.balance = _required(balance, field="balance")
    it.outcome, it.decided_by, it.decided_at = outcome, by, now
    session.flush()
    if outcome is ObjectionOutcome.TAKEN_DOWN and review.status is not ReviewStatus.HELD:
        hold_review(
            session, review_id=review.id, ground=Ground.OBJECTION, reason=it.balance, by=by, link=link, now=now
        )  # fmt: skip
    audit.record(session, by=by, did=f"objection {outcome}", to_kind="review", to_id=review.id, now=now)
    _tell_objector(session, it, about.offer_title, address=link(review.id), now=now)
    if outcome is ObjectionOutcome.KEPT:
        _tell_writer(session, review, about.offer_title, address=link(review.id), now=now)


def _require_new(session: Session, review_id: ReviewId, by: PersonId) -> None:
    made = session.scalars(select(Objection).where(Objection.review_id == review_id)).all()
    if any(one.decided_at is None for one in made):
        raise AlreadyObjectedError("Somebody has objected to this review already. We answer within a month.")
    if any(one.made_by == by for one in made):
        raise AlreadyObjectedError("We have answered your objection to this review. You can complain to the ICO.")


def _required(words: str, *, field: str) -> str:
    words = text.tidy(words)
    problem = rules.words_problem(words)
    if problem:
        raise ObjectionUnclearError(problem, field=field)
    return words


def _tell_objector(session: Session, it: Objection, title: str, *, address: str, now: datetime) -> None:
    what = "We have taken it down" if it.outcome is ObjectionOutcome.TAKEN_DOWN else "It stays"
    accounts.write_to_person(
        session,
        person_id=it.made_by,
        subject="We have decided about your objection",
        body=f"You objected to a review of {title}. {what}. This is how we weighed it.\n\n"
        f"What people gain from reading it:\n{it.our_interest}\n\n"
        f"What it costs you:\n{it.their_interest}\n\n"
        f"How the two weigh against each other:\n{it.balance}\n\n"
        "If you think we are wrong, you can complain to the Information Commissioner: "
        f"https://ico.org.uk/make-a-complaint/\n\nThe review was here:\n{address}",
        now=now,
    )


def _tell_writer(session: Session, review: Review, title: str, *, address: str, now: datetime) -> None:
    if review.person_id is None:  # Written on paper: there is nobody to write to.
        return
    accounts.write_to_person(
        session,
        person_id=review.person_id,
        subject="Your review stays",
        body=worded(
            "Somebody it is about asked us to take down your review of {title}. We have weighed that, and it stays. "
            "You do not need to do anything:\n{address}",
            title=title,
            address=address,
        ),
        now=now,
    )
