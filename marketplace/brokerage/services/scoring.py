"""Scoring quotes: each by themselves first, then together. Scores help people choose. They choose nothing."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.brokerage.models import AgreedScore, Brief, BriefCriterion, BriefScorer, Quote, QuoteScore
from marketplace.brokerage.queries.looking import live_scorers
from marketplace.brokerage.rules import scoring as rules
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, CriterionId, QuoteId
from marketplace.brokerage.services import briefing
from marketplace.brokerage.services.looking import brief_ready, noted, quote_to_look_at
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError, WrongAnswerError

_LONGEST_NAME = 40
_STILL_SCORED = (BriefStatus.DRAFT, BriefStatus.OPEN, BriefStatus.CLOSED)


class PointsUnclearError(WrongAnswerError):
    """Points or words will not do. `problems` has a sentence for each field, and the error itself says the first."""

    def __init__(self, problems: dict[str, str]) -> None:
        field, sentence = next(iter(problems.items()))
        super().__init__(sentence, field=field)
        self.problems = problems


class FinishedScoringError(DomainError):
    """Whoever has seen what others gave does not change what they gave by themselves."""


class NotTogetherYetError(DomainError):
    """Somebody still scores by themselves."""


class NotYoursToHurryError(NotAllowedError):
    """Only whose brief it is goes on without somebody."""


@dataclass(frozen=True, slots=True)
class Points:
    """What somebody gives for one criterion, and why, if they like."""

    points: int | None
    because: str = ""


def score_quote(
    session: Session,
    *,
    brief_id: BriefId,
    quote_id: QuoteId,
    by: PersonId,
    given: Mapping[CriterionId, Points],
    now: datetime,
) -> None:
    """
    Keep what one person gives a quote by themselves. A criterion without points stays open; cost gives its own.

    :raises BriefNotFoundError, NotReadyError, QuoteNotFoundError, QuoteGoneError: if it cannot be scored.
    :raises FinishedScoringError: if they have seen what the others gave.
    :raises PointsUnclearError: if points or words will not do; the field is `points_` or `because_` and the criterion.
    """
    brief = brief_ready(session, brief_id=brief_id, by=by, now=now)
    quote = quote_to_look_at(session, brief, quote_id=quote_id)
    scorer = _scorer(session, brief, by=by, now=now)
    if scorer.finished_at is not None:
        _refuse_if_together(session, brief, now=now)
    criteria = _people_score(session, brief)
    tidy = {it: Points(one.points, text.tidy_line(one.because)) for it, one in given.items() if it in criteria}
    _check(tidy)
    for criterion_id, one in tidy.items():
        _write(session, quote, criterion_id, one, by=by, now=now)
    noted(session, brief, by=by, did="scored", act="scored a quote with you", now=now)
    session.flush()


def finish_scoring(session: Session, *, brief_id: BriefId, by: PersonId, now: datetime) -> None:
    """
    Say that one has scored all one wants to. Once everybody has, all see what each gave.

    :raises BriefNotFoundError, NotReadyError: if it cannot be scored.
    """
    brief = brief_ready(session, brief_id=brief_id, by=by, now=now)
    scorer = _scorer(session, brief, by=by, now=now)
    if scorer.finished_at is None:
        scorer.finished_at = now
        noted(session, brief, by=by, did="finished scoring", act="finished scoring the quotes", now=now)
    session.flush()


def score_again(session: Session, *, brief_id: BriefId, by: PersonId, now: datetime) -> None:
    """
    Change one's mind about having finished, while nobody has seen what the others gave.

    :raises BriefNotFoundError, NotReadyError: if it cannot be scored.
    :raises FinishedScoringError: if all have finished, so that all have seen.
    """
    brief = brief_ready(session, brief_id=brief_id, by=by, now=now)
    scorer = _scorer(session, brief, by=by, now=now)
    if scorer.finished_at is not None:
        _refuse_if_together(session, brief, now=now)
        scorer.finished_at = None
    session.flush()


def go_on_without(session: Session, *, brief_id: BriefId, by: PersonId, now: datetime) -> None:
    """
    Wait for nobody else: what each has given by now counts, and all see it.

    :raises BriefNotFoundError, NotReadyError: if it cannot be scored.
    :raises NotYoursToHurryError: if it is somebody else's brief.
    """
    brief = brief_ready(session, brief_id=brief_id, by=by, now=now)
    if brief.person_id != by:
        raise NotYoursToHurryError("Only whose brief it is can go on without somebody.")
    _scorer(session, brief, by=by, now=now)
    for scorer in live_scorers(session, brief, on=day_of(now)):
        if scorer.finished_at is None:
            scorer.finished_at = now
    audit.record(session, by=by, did="went on without the others", to_kind="brief", to_id=brief_id, now=now)
    session.flush()


def agree_on_scores(
    session: Session,
    *,
    brief_id: BriefId,
    quote_id: QuoteId,
    by: PersonId,
    points: Mapping[CriterionId, int | None],
    now: datetime,
) -> None:
    """
    Keep what those who scored give a quote together, once they have talked. A criterion left open counts on average.

    :raises BriefNotFoundError, NotReadyError, QuoteNotFoundError, QuoteGoneError: if it cannot be scored.
    :raises NotTogetherYetError: if somebody still scores by themselves.
    :raises PointsUnclearError: if points will not do.
    """
    brief = brief_ready(session, brief_id=brief_id, by=by, now=now)
    quote = quote_to_look_at(session, brief, quote_id=quote_id)
    _scorer(session, brief, by=by, now=now)
    if not rules.may_see_others(
        finished=[one.finished_at is not None for one in live_scorers(session, brief, on=day_of(now))]
    ):
        raise NotTogetherYetError("Somebody still scores by themselves. Wait for them, or go on without them.")
    criteria = _people_score(session, brief)
    _check({it: Points(one) for it, one in points.items() if it in criteria})
    for criterion_id in criteria & set(points):
        _agree(session, quote, criterion_id, points[criterion_id], by=by, now=now)
    noted(session, brief, by=by, did="agreed on scores", act="wrote down what you agreed on a quote", now=now)
    session.flush()


def follow_pool(
    session: Session,
    *,
    pool_key: uuid.UUID,
    members: Mapping[PersonId, str],
    keeper: PersonId | None,
    now: datetime,
) -> None:
    """
    Let just the members of a pool see and score the quotes on its briefs: who joins can, who leaves cannot any more.

    `members` says what each is called. `keeper` looks after a brief from which whoever began it has gone. Called by the
    pool whenever its people change; on no brief, it does nothing.
    """
    briefs = session.scalars(
        select(Brief)
        .where(Brief.pool_key == pool_key, Brief.status.in_(_STILL_SCORED))
        .order_by(Brief.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for brief in briefs.all():
        known = {it.person_id: it for it in _every(session, brief)}
        for person_id, called in members.items():
            scorer = known.get(person_id)
            if scorer is None:
                scorer = BriefScorer(brief_id=brief.id, person_id=person_id, called="", added_at=now)
                session.add(scorer)
            scorer.called, scorer.left_at = called[:_LONGEST_NAME], None
        for person_id, scorer in known.items():
            if person_id not in members and scorer.left_at is None:
                scorer.left_at = now
        if brief.person_id not in members and keeper is not None:
            brief.person_id = keeper
    session.flush()


def _scorer(session: Session, brief: Brief, *, by: PersonId, now: datetime) -> BriefScorer:
    """Return somebody who may look at the quotes as one who scores them: a helper's consent may be newer than it."""
    if brief.pool_key is None:
        briefing.add_scorer(session, brief_id=brief.id, person_id=by, now=now)
    return session.get_one(BriefScorer, (brief.id, by))


def _every(session: Session, brief: Brief) -> list[BriefScorer]:
    return list(session.scalars(select(BriefScorer).where(BriefScorer.brief_id == brief.id)))


def _refuse_if_together(session: Session, brief: Brief, *, now: datetime) -> None:
    """Whoever scores alone may always think again; so may anybody while nobody has seen the others' points."""
    live = live_scorers(session, brief, on=day_of(now))
    if len(live) > 1 and rules.may_see_others(finished=[one.finished_at is not None for one in live]):
        raise FinishedScoringError(
            "Everybody has finished, and sees what the others gave. Talk about it, and write down what you agree on."
        )


def _people_score(session: Session, brief: Brief) -> set[CriterionId]:
    scored = select(BriefCriterion.id).where(BriefCriterion.brief_id == brief.id, BriefCriterion.is_cost.is_(False))
    return set(session.scalars(scored))


def _check(given: Mapping[CriterionId, Points]) -> None:
    problems = {}
    for criterion_id, one in given.items():
        if one.points is not None and (problem := rules.points_problem(one.points)):
            problems[f"points_{criterion_id}"] = problem
        if problem := rules.because_problem(one.because):
            problems[f"because_{criterion_id}"] = problem
    if problems:
        raise PointsUnclearError(problems)


def _write(
    session: Session, quote: Quote, criterion_id: CriterionId, one: Points, *, by: PersonId, now: datetime
) -> None:
    known = session.get(QuoteScore, (quote.id, criterion_id, by))
    if one.points is None:
        if known is not None:
            session.delete(known)
        return
    if known is None:
        known = QuoteScore(quote_id=quote.id, criterion_id=criterion_id, person_id=by)
        session.add(known)
    known.points, known.because, known.given_at = one.points, one.because, now


def _agree(
    session: Session, quote: Quote, criterion_id: CriterionId, points: int | None, *, by: PersonId, now: datetime
) -> None:
    known = session.get(AgreedScore, (quote.id, criterion_id))
    if points is None:
        if known is not None:
            session.delete(known)
        return
    if known is None:
        known = AgreedScore(quote_id=quote.id, criterion_id=criterion_id)
        session.add(known)
    known.points, known.agreed_by, known.agreed_at = points, by, now
