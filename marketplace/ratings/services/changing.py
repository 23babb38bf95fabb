"""Saying the same as somebody, saying what is done about it, and saying whether it did change [000]."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.ratings.models import Change, Point, PointVote, Review
from marketplace.ratings.queries import Reviewed, reviewed
from marketplace.ratings.rules import changing as rules
from marketplace.ratings.rules.nouns import ChangeState, Ground, PointId, ReviewId, ReviewStatus, Verdict
from marketplace.ratings.rules.screening import grounds_in
from marketplace.ratings.services.naming import ask_about_names
from marketplace.ratings.services.publishing import Address


class PointNotFoundError(NotFoundError):
    """There is no such point to be seen, or it is not for this person to do this."""


class OwnPointError(NotAllowedError):
    """The person wrote it, or speaks for the provider."""


class ChangeUnclearError(WrongAnswerError):
    """We could not take what the provider says about a point."""


class NotDoneError(DomainError):
    """The provider has not said that it is done."""


@dataclass(frozen=True, slots=True)
class _Found:
    point: Point
    review: Review
    about: Reviewed


def say_the_same(session: Session, *, point_id: PointId, by: PersonId, now: datetime) -> ReviewId:
    """
    Say the same as somebody; return whose review it stands in. Safe to do twice.

    :raises PointNotFoundError: if there is no such point to be seen.
    :raises OwnPointError: if `by` wrote it or speaks for the provider.
    """
    it = _shown_point(session, point_id)
    if it.review.person_id == by or speaks_for(session, person_id=by, organisation_id=it.about.organisation_id):
        raise OwnPointError("You cannot say the same as yourself, or about your own organisation.")
    # The point is locked, so that two browser tabs at once queue, and the second finds the first.
    if session.get(PointVote, (point_id, by)) is None:
        session.add(PointVote(point_id=point_id, person_id=by, voted_at=now))
        session.flush()
    return it.review.id


def take_back_the_same(session: Session, *, point_id: PointId, by: PersonId) -> ReviewId:
    """
    No longer say the same as somebody; return whose review it stands in. Safe to do twice.

    :raises PointNotFoundError: if there is no such point to be seen.
    """
    it = _shown_point(session, point_id)
    session.execute(delete(PointVote).where(PointVote.point_id == point_id, PointVote.person_id == by))
    return it.review.id


def mark_change(
    session: Session,
    *,
    point_id: PointId,
    by: PersonId,
    state: ChangeState,
    words: str,
    is_sure: bool,
    link: Address,
    now: datetime,
) -> ReviewId:
    """
    Say for the provider what it plans to do, or has done, about a point. The writer is told, and asked if it is done.

    :raises PointNotFoundError: if there is no such point to be seen, or `by` does not speak for the provider.
    :raises ChangeUnclearError: if the words or the step will not do, or a person would have to read the words first.
    :raises TellsWhoError: if the words seem to tell who somebody is, and `by` is not sure.
    """
    it = _shown_point(session, point_id)
    if not _may_answer(session, it, by):
        raise PointNotFoundError("We could not find that among what people say about you.")
    words = text.tidy(words)
    change = session.get(Change, point_id)
    _refuse_unclear(words, state, change)
    ask_about_names(words, known=f"{it.about.provider_name} {it.about.offer_title}", is_sure=is_sure)
    is_new = change is None
    if change is None:
        change = Change(point_id=point_id, state=state, words=words, marked_by=by, marked_at=now)
        session.add(change)
    asks = rules.asks_now(to=state, asked_at=change.asked_at, verdict=change.verdict, verdict_at=change.verdict_at)
    change.state, change.words, change.marked_by, change.marked_at = state, words, by, now
    if asks:
        change.asked_at = now
    session.flush()
    audit.record(session, by=by, did=f"marked as {state}", to_kind="review_point", to_id=point_id, now=now)
    if is_new or asks:
        _tell_writer(session, it, state, address=link(it.review.id), now=now)
    return it.review.id


def say_whether_it_changed(
    session: Session, *, point_id: PointId, by: PersonId, verdict: Verdict, now: datetime
) -> ReviewId:
    """
    Say whether what one asked for did change. One can say otherwise later, and everybody can read it.

    :raises PointNotFoundError: if `by` did not write it, or it is not shown.
    :raises NotDoneError: if the provider has not said that it is done.
    """
    it = _shown_point(session, point_id)
    if it.review.person_id != by:
        raise PointNotFoundError("We could not find that among what you have said.")
    change = session.get(Change, point_id)
    if change is None or change.state is not ChangeState.DONE:
        raise NotDoneError(
            worded("{provider_name} has not said that this is done.", provider_name=it.about.provider_name)
        )
    if change.verdict is verdict:
        return it.review.id
    change.verdict, change.verdict_at = verdict, now
    session.flush()
    audit.record(session, by=by, did="said if it changed", to_kind="review_point", to_id=point_id, now=now)
    return it.review.id


def take_down_change(
    session: Session, *, point_id: PointId, by: PersonId, reason: str, link: Address, now: datetime
) -> ReviewId:
    """
    Take away what a provider says about a point, for a moderator, and write to the provider why. The point stays.

    :raises PointNotFoundError: if there is no such point to be seen, or the provider has said nothing.
    :raises OwnPointError: if `by` wrote it or speaks for the provider.
    :raises ChangeUnclearError: if there is no reason.
    """
    it = _shown_point(session, point_id)
    change = session.get(Change, point_id)
    if change is None:
        raise PointNotFoundError("The provider has said nothing about this.")
    if it.review.person_id == by or speaks_for(session, person_id=by, organisation_id=it.about.organisation_id):
        raise OwnPointError("This is about you or your own organisation, so another moderator must decide.")
    reason = text.tidy(reason)
    if not reason:
        raise ChangeUnclearError("Say why. The provider will read it.", field="reason")
    session.delete(change)
    session.flush()
    audit.record(session, by=by, did="took down a change", to_kind="review_point", to_id=point_id, now=now)
    accounts.write_to_organisation(
        session,
        organisation_id=it.about.organisation_id,
        subject="We have taken down what you said about a review",
        body=worded(
            "A moderator has taken down what you said you plan or have done, in a review of {offer_title}."
            "\n\nThe reason: {reason}\n\nYou can say it in other words here:\n{link}",
            offer_title=it.about.offer_title,
            reason=reason,
            link=link(it.review.id),
        ),
        now=now,
    )
    return it.review.id


def _shown_point(session: Session, point_id: PointId) -> _Found:
    point = session.get(Point, point_id, with_for_update=True, populate_existing=True)
    review = session.get_one(Review, point.review_id) if point is not None else None
    if point is None or review is None or review.status is not ReviewStatus.SHOWN:
        raise PointNotFoundError("We could not find that. Its writer may have changed or taken back their review.")
    return _Found(point, review, reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id))


def _may_answer(session: Session, it: _Found, by: PersonId) -> bool:
    is_theirs = speaks_for(session, person_id=by, organisation_id=it.about.organisation_id)
    return is_theirs and it.review.person_id != by and it.point.kind in rules.ASK_FOR_CHANGE


def _refuse_unclear(words: str, state: ChangeState, change: Change | None) -> None:
    problems: Sequence[tuple[str, str | None]] = (
        ("words", rules.change_problem(words)),
        ("state", rules.step_problem(to=state, verdict=change.verdict if change else None)),
    )
    for field, problem in problems:
        if problem:
            raise ChangeUnclearError(problem, field=field)
    # It is a promise of a few words. What a moderator would have to read first belongs in the reply, which waits.
    # Names are asked about instead: a provider may say whom to ring.
    if set(grounds_in((words,))) - {Ground.IDENTIFYING}:
        raise ChangeUnclearError(
            "A moderator would have to read this first. Say it in other words, or put it in your reply to the review.",
            field="words",
        )


def _tell_writer(session: Session, it: _Found, state: ChangeState, *, address: str, now: datetime) -> None:
    if it.review.person_id is None:  # Written on paper: there is nobody to write to.
        return
    name, title = it.about.provider_name, it.about.offer_title
    if state is ChangeState.DONE:
        subject = "Did it change?"
        body = worded(
            "In your review of {title} you said that something was not right. {name} says that it is done now.\n\n"
            "Did it change? You can say yes, partly or no here:\n{address}\n\n"
            "Everybody can read your answer. They have not been told who you are.",
            title=title,
            name=name,
            address=address,
        )
    else:
        subject = "Something you said is going to change"
        body = worded(
            "In your review of {title} you said that something was not right. {name} plans to do something about "
            "it. You can read what here:\n{address}\n\n"
            "We ask you whether it did change once they say that it is done. They have not been told who you are.",
            title=title,
            name=name,
            address=address,
        )
    accounts.write_to_person(session, person_id=it.review.person_id, subject=subject, body=body, now=now)
