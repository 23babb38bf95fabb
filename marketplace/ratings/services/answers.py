"""Setting down what a writer says, whichever way they told it: the one place where a review gets its answers."""

import secrets
import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.kit import text
from marketplace.kit.errors import WrongAnswerError
from marketplace.ratings.models import Criterion, CriterionAnswer, Outcome, OutcomeAnswer, Point, Review
from marketplace.ratings.rules import pseudonyms, reviewing
from marketplace.ratings.rules.nouns import CriterionId, CriterionStatus, OutcomeId, PointId, PointKind
from marketplace.ratings.rules.reviewing import Written


class ReviewUnclearError(WrongAnswerError):
    """We could not take the review as it stands."""


def tidied(written: Written) -> Written:
    """
    Return what somebody wrote as we keep it: tidy, without empty points, under a name that is not theirs.

    :raises ReviewUnclearError: if something about it will not do.
    """
    points = {kind: text.tidy(words) for kind, words in written.points.items()}
    tidy = replace(
        written,
        words=text.tidy(written.words),
        points={kind: words for kind, words in points.items() if words},
        declared_link=text.tidy_line(written.declared_link),
        pseudonym=text.tidy_line(written.pseudonym) or pseudonyms.proposed(secrets.randbelow(pseudonyms.HOW_MANY)),
    )
    for field, problem in reviewing.problems_of(tidy):
        raise ReviewUnclearError(problem, field=field)
    return tidy


def set_down(session: Session, review: Review, written: Written) -> None:
    """
    Put into a review all that its writer says, in place of what it said before. A point that stays keeps its votes.

    :raises ReviewUnclearError: if it answers a question that nobody asks any more.
    """
    review.stars, review.words = written.stars, written.words
    review.role, review.help, review.declared_link = written.role, written.help, written.declared_link
    review.told, review.pseudonym, review.release = written.told, written.pseudonym, written.release
    session.flush()
    _set_criteria(session, review, written.criteria)
    _set_outcomes(session, review, written.outcomes)
    _set_points(session, review, written.points)
    session.flush()


def _set_criteria(session: Session, review: Review, answers: Mapping[CriterionId, int]) -> None:
    asked = session.scalars(
        select(Criterion.id).where(Criterion.id.in_(answers), Criterion.status == CriterionStatus.ADOPTED)
    ).all()
    _refuse_what_nobody_asks(answers, asked)
    session.execute(delete(CriterionAnswer).where(CriterionAnswer.review_id == review.id))
    session.add_all(CriterionAnswer(review_id=review.id, criterion_id=it, stars=stars) for it, stars in answers.items())


def _set_outcomes(session: Session, review: Review, answers: Mapping[OutcomeId, int]) -> None:
    _refuse_what_nobody_asks(answers, session.scalars(select(Outcome.id).where(Outcome.id.in_(answers))).all())
    session.execute(delete(OutcomeAnswer).where(OutcomeAnswer.review_id == review.id))
    session.add_all(OutcomeAnswer(review_id=review.id, outcome_id=it, stars=stars) for it, stars in answers.items())


def _set_points(session: Session, review: Review, points: Mapping[PointKind, str]) -> None:
    for point in session.scalars(select(Point).where(Point.review_id == review.id)).all():
        # Others said the same as it stood, and the provider answered it: what is changed is another point.
        if points.get(point.kind) != point.words:
            session.delete(point)
    session.flush()
    kept = set(session.scalars(select(Point.kind).where(Point.review_id == review.id)))
    session.add_all(
        Point(id=PointId(uuid.uuid4()), review_id=review.id, kind=kind, words=words)
        for kind, words in points.items()
        if kind not in kept
    )


def _refuse_what_nobody_asks(answers: Collection[object], asked: Collection[object]) -> None:
    if set(answers) - set(asked):
        raise ReviewUnclearError("We have just changed what we ask. Look at your answers, then send them again.")
