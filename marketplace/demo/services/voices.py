"""What is said in a review, and what comes after it: it is read if it must be, answered, agreed with and acted upon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TypeVar

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import CategorySlug
from marketplace.demo import queries
from marketplace.demo.rules.calendar import later
from marketplace.demo.rules.voices import WrittenChange, WrittenObjection, WrittenReview
from marketplace.demo.services.panel import expect_appeal
from marketplace.demo.services.street import Street
from marketplace.ratings import services as ratings
from marketplace.ratings.queries.criteria import criteria_for, outcomes_for
from marketplace.ratings.rules.nouns import (
    ChangeState,
    CriterionId,
    ObjectionId,
    OutcomeId,
    PointId,
    Release,
    ReviewId,
    ReviewStatus,
    Screened,
    ScreeningOutcome,
    Telling,
    Verdict,
)
from marketplace.ratings.rules.pseudonyms import HOW_MANY, proposed
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import changing, holding, objecting
from marketplace.ratings.services.screening import Subject

Answered = TypeVar("Answered")

_ANSWERS, _SAYS_WHAT_FOR, _TAKES_A_NAME = 0.45, 0.3, 0.6
"""Of those who review, such shares answer some criteria, say what it helped with, and take a pseudonym."""
_STILL_UNREAD = timedelta(days=2)
"""What came so lately waits for whoever signs in as the moderator."""
_NOT_YET = "It is about how the work was done, and gives nobody away."


@dataclass(frozen=True, slots=True)
class Told:
    """A review as somebody told it: of which offer, and who wrote it, if they have an account."""

    offer: str
    review: WrittenReview
    writer: PersonId | None
    replied_at: datetime | None = None


def written_of(street: Street, offer: str, review: WrittenReview) -> Written:
    """Return what somebody writes: what the file says, and answers that go with its stars."""
    draw = _draw(offer, review)
    return Written(
        stars=review.stars,
        words=review.words,
        criteria=_criteria(street, draw, offer, review),
        outcomes=_outcomes(street, draw, review),
        points=review.points,
        role=review.role,
        declared_link=review.link,
        help=review.help,
        told=review.told,
        pseudonym=proposed(draw.randrange(HOW_MANY)) if draw.random() < _TAKES_A_NAME else "",
        release=Release.WITH_OTHERS if review.with_others else Release.NOW,
    )


def expect_what_follows(street: Street, told: Told, review_id: ReviewId, *, now: datetime) -> None:
    """Put on the agenda what comes of a review that was just written."""
    status = queries.status_of(street.session, review_id=review_id)
    if status is ReviewStatus.SHOWN and told.review.refusal is None:
        _follow(street, told, review_id, now=now)
    elif status is ReviewStatus.UNREAD and now < street.calendar.until - _STILL_UNREAD:
        read_at = now + timedelta(hours=_draw(told.offer, told.review).randint(2, 30))
        street.agenda.add(read_at, partial(_read, street, told, review_id))


def _read(street: Street, told: Told, review_id: ReviewId, *, now: datetime) -> None:
    """A moderator reads what a screen has stopped, and nearly always shows it."""
    refusal = told.review.refusal
    holding.decide(
        street.session,
        Subject(Screened.REVIEW, review_id, review_id),
        outcome=ScreeningOutcome.REFUSED if refusal else ScreeningOutcome.SHOWN,
        ground=refusal.ground if refusal else None,
        reason=refusal.reason if refusal else _NOT_YET,
        by=street.moderator,
        link=street.addresses.review,
        now=now,
    )
    if refusal is None:
        _follow(street, told, review_id, now=now)
    elif refusal.appeal and told.writer is not None:
        expect_appeal(street, refusal, review_id, writer=told.writer, now=now)


def _follow(street: Street, told: Told, review_id: ReviewId, *, now: datetime) -> None:
    review, draw = told.review, _draw(told.offer, told.review)
    if review.reply and told.replied_at:
        at = max(told.replied_at, now + timedelta(hours=1))
        street.agenda.add(at, partial(_reply, street, told.offer, review_id, review.reply))
    if review.objection:
        at = now + timedelta(days=review.objection.days)
        street.agenda.add(at, partial(_object, street, told.offer, review_id, review.objection))
    if not review.points:
        return
    points = queries.points_of(street.session, review_id=review_id)
    # The last is what should change, if anything should.
    point_id = points[max(points)]
    for person in draw.sample([one.key for one in street.town.people], review.same):
        street.agenda.add(later(draw, now, days=(2, 40)), partial(_say_the_same, street, point_id, person))
    if review.change:
        _expect_change(street, told, review.change, point_id, now=now)


def _reply(street: Street, offer: str, review_id: ReviewId, words: str, *, now: datetime) -> None:
    reply_id = ratings.reply_to_review(
        street.session,
        review_id=review_id,
        by=street.speaker(offer),
        words=words,
        is_sure=True,
        link=street.addresses.review,
        now=now,
    )
    if queries.reply_waits(street.session, reply_id=reply_id) and now < street.calendar.until - _STILL_UNREAD:
        subject = Subject(Screened.REPLY, reply_id, review_id)
        street.agenda.add(now + timedelta(hours=20), partial(_let_reply_be_shown, street, subject))


def _let_reply_be_shown(street: Street, subject: Subject, *, now: datetime) -> None:
    holding.decide(
        street.session,
        subject,
        outcome=ScreeningOutcome.SHOWN,
        ground=None,
        reason=_NOT_YET,
        by=street.moderator,
        link=street.addresses.review,
        now=now,
    )


def _say_the_same(street: Street, point_id: PointId, person: str, *, now: datetime) -> None:
    try:
        changing.say_the_same(street.session, point_id=point_id, by=street.people[person], now=now)
    except changing.OwnPointError:
        return  # They drew themselves.


def _expect_change(street: Street, told: Told, change: WrittenChange, point_id: PointId, *, now: datetime) -> None:
    mark = partial(_mark, street, told.offer, point_id)
    street.agenda.add(
        now + timedelta(days=change.planned_days), partial(mark, state=ChangeState.PLANNED, words=change.planned)
    )
    if change.done:
        done_at = now + timedelta(days=change.done_days)
        street.agenda.add(done_at, partial(mark, state=ChangeState.DONE, words=change.done))
        if change.verdict and told.writer:
            say = partial(_say_whether_it_changed, street, point_id, told.writer, change.verdict)
            street.agenda.add(done_at + timedelta(days=5), say)


def _mark(street: Street, offer: str, point_id: PointId, *, state: ChangeState, words: str, now: datetime) -> None:
    changing.mark_change(
        street.session,
        point_id=point_id,
        by=street.speaker(offer),
        state=state,
        words=words,
        is_sure=True,
        link=street.addresses.review,
        now=now,
    )


def _say_whether_it_changed(
    street: Street, point_id: PointId, writer: PersonId, verdict: Verdict, *, now: datetime
) -> None:
    changing.say_whether_it_changed(street.session, point_id=point_id, by=writer, verdict=verdict, now=now)


def _object(street: Street, offer: str, review_id: ReviewId, objection: WrittenObjection, *, now: datetime) -> None:
    objection_id = objecting.object_to_review(
        street.session,
        review_id=review_id,
        by=street.speaker(offer),
        words=objection.words,
        link=street.addresses.objection,
        now=now,
    )
    if objection.outcome:
        street.agenda.add(now + timedelta(days=9), partial(_weigh, street, objection_id, objection))


def _weigh(street: Street, objection_id: ObjectionId, objection: WrittenObjection, *, now: datetime) -> None:
    assert objection.outcome is not None  # noqa: S101  (whoever put this on the agenda made sure)
    objecting.decide_objection(
        street.session,
        objection_id=objection_id,
        outcome=objection.outcome,
        our_interest=objection.our_interest,
        their_interest=objection.their_interest,
        balance=objection.balance,
        by=street.moderator,
        link=street.addresses.review,
        now=now,
    )


def _criteria(street: Street, draw: Random, offer: str, review: WrittenReview) -> dict[CriterionId, int]:
    category = CategorySlug(street.category(offer))
    if category not in street.criteria:
        street.criteria[category] = tuple(one.id for one in criteria_for(street.session, category))
    if review.told is Telling.PICTURES:
        # A tile says "good" or "could be better".
        picked = draw.sample(street.criteria[category], 4)
        return {one: 5 if draw.random() < review.stars / 5 else 2 for one in picked}
    if draw.random() > _ANSWERS:
        return {}
    return _near(draw, draw.sample(street.criteria[category], draw.randint(1, 4)), review.stars)


def _outcomes(street: Street, draw: Random, review: WrittenReview) -> dict[OutcomeId, int]:
    if not street.outcomes:
        street.outcomes = tuple(one.id for one in outcomes_for(street.session, None))
    if draw.random() > _SAYS_WHAT_FOR:
        return {}
    return _near(draw, draw.sample(street.outcomes, draw.randint(1, 2)), review.stars)


def _near(draw: Random, answered: Sequence[Answered], stars: int) -> dict[Answered, int]:
    """Return a number of stars for each thing: mostly as for the whole, sometimes one more or fewer."""
    return {one: min(5, max(1, stars + draw.choice((-1, 0, 0, 0, 1)))) for one in answered}


def _draw(offer: str, review: WrittenReview) -> Random:
    return Random(f"{offer} {review.stars} {review.words}")  # noqa: S311  (nobody is to be surprised)
