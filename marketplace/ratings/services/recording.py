"""What reviews say about support in an area, kept as facts that name nobody: never their words."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.services.counting import standing_of
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit import facts
from marketplace.kit.facts import FactKind
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter
from marketplace.ratings.models import Criterion, CriterionAnswer, Outcome, OutcomeAnswer, OutcomeMeaning, Review
from marketplace.ratings.queries.counted import spoken_of
from marketplace.ratings.rules.criteria import EVERYBODYS
from marketplace.ratings.rules.nouns import ReviewStatus, ScreeningOutcome

_HUNDREDTHS = 100


class _Said(NamedTuple):
    """One thing a review says: of what kind, about which criterion or outcome, and how many stars."""

    kind: FactKind
    facet: str
    stars: int


class _Voice(NamedTuple):
    """As whom and where the writer of a review counts, and of which kind of support they speak."""

    who: int
    council: CouncilCode
    category: CategorySlug


def count_review(session: Session, review: Review, *, now: datetime) -> None:
    """Count somebody among those who rated support, with their stars and all they answered."""
    quarter = Quarter.of(now)
    voice = _voice(session, review, quarter=quarter)
    if voice is None:
        return
    for said in _said(session, review):
        facts.record(
            session,
            said.kind,
            quarter=quarter,
            who=voice.who,
            council=voice.council,
            category=voice.category,
            provider_id=review.provider_id,
            facet=said.facet,
            amount=said.stars * _HUNDREDTHS,
        )


def count_review_no_more(session: Session, review: Review, *, now: datetime) -> None:
    """Take back what was counted of a review that is kept from view, if it was counted in the same quarter."""
    quarter = Quarter.of(now)
    voice = _voice(session, review, quarter=quarter)
    if voice is None:
        return
    for said in _said(session, review):
        facts.take_back(
            session,
            said.kind,
            quarter=quarter,
            who=voice.who,
            category=voice.category,
            provider_id=review.provider_id,
            facet=said.facet,
            amount=said.stars * _HUNDREDTHS,
        )


def count_decision(session: Session, review: Review, outcome: ScreeningOutcome, *, now: datetime) -> None:
    """Count the writer of a review among those about whose words a moderator decides so. Call it before it is done."""
    quarter = Quarter.of(now)
    voice = _voice(session, review, quarter=quarter)
    if voice is None:
        return
    facts.record(
        session,
        FactKind.MODERATED,
        quarter=quarter,
        who=voice.who,
        council=voice.council,
        category=voice.category,
        facet=_decided(review, outcome),
    )


def _decided(review: Review, outcome: ScreeningOutcome) -> str:
    was_seen = review.shown_month is not None
    if outcome is ScreeningOutcome.REFUSED:
        return "held" if was_seen else "refused"
    comes_back = review.status is ReviewStatus.HELD or (was_seen and review.status is not ReviewStatus.SHOWN)
    return "released" if comes_back else "approved"


def _voice(session: Session, review: Review, *, quarter: Quarter) -> _Voice | None:
    """Return as whom the writer counts, or None if they do not. Of somebody without an account, their card tells."""
    category, there = spoken_of(session, offer_id=review.offer_id)
    if review.person_id is None:
        who = facts.key_of(session, quarter=quarter, about=f"card:{review.card_id or review.id}")
        return _Voice(who, there, category) if there else None
    standing = standing_of(session, person_id=review.person_id, quarter=quarter)
    council = standing.council or there
    return _Voice(standing.who, council, category) if standing.is_counted and council else None


def _said(session: Session, review: Review) -> Iterator[_Said]:
    yield _Said(FactKind.RATED, "", review.stars)
    criteria = session.execute(
        # What was merged into another counts there.
        select(func.coalesce(Criterion.merged_into, Criterion.id), CriterionAnswer.stars)
        .join(Criterion, Criterion.id == CriterionAnswer.criterion_id)
        .where(CriterionAnswer.review_id == review.id)
        .order_by(CriterionAnswer.criterion_id)
    )
    for criterion_id, stars in criteria.all():
        yield _Said(FactKind.CRITERION_SCORED, str(criterion_id), stars)
    # Every council asks by a list of its own; all of them count by everybody's, which the Care Act gives.
    means = func.coalesce(OutcomeMeaning.means, OutcomeAnswer.outcome_id)
    outcomes = session.execute(
        select(means, OutcomeAnswer.stars)
        .outerjoin(OutcomeMeaning, OutcomeMeaning.outcome_id == OutcomeAnswer.outcome_id)
        .join(Outcome, Outcome.id == means)
        .where(OutcomeAnswer.review_id == review.id, Outcome.scheme == EVERYBODYS)
        .order_by(means, OutcomeAnswer.outcome_id)
    )
    for outcome_id, stars in outcomes.all():
        yield _Said(FactKind.OUTCOME_SCORED, outcome_id, stars)
