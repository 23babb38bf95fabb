"""What did people give a provider, and by which criteria and outcomes? Made of shown reviews, open to everybody."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from marketplace.catalogue.rules import ProviderId
from marketplace.ratings.models import Criterion, CriterionAnswer, Outcome, OutcomeAnswer, Review
from marketplace.ratings.rules.nouns import ReviewId, ReviewStatus
from marketplace.ratings.rules.quarters import quarter_of
from marketplace.ratings.rules.trends import Said


def shown_of(provider_id: ProviderId) -> ColumnElement[bool]:
    """Return the condition that a review is of a provider, and shown."""
    return and_(Review.provider_id == provider_id, Review.status == ReviewStatus.SHOWN)


def said_of(
    session: Session, *, provider_id: ProviderId, since: date
) -> tuple[dict[ReviewId, Said], dict[ReviewId, str]]:
    """Return what people gave since a day, and in which words: for each person and offer what they said last."""
    said, words = {}, {}
    for review_id, person_id, month, stars, written in session.execute(
        select(Review.id, Review.person_id, Review.shown_month, Review.stars, Review.words).where(
            shown_of(provider_id), Review.counts, Review.shown_month >= since
        )
    ):
        if month is not None:  # A shown review has one: the table promises it.
            # Whoever wrote on paper without an account is somebody of their own.
            said[review_id] = Said(who=person_id or review_id, quarter=quarter_of(month), stars=stars)
            words[review_id] = written
    return said, words


def by_criterion(session: Session, *, provider_id: ProviderId, said: Mapping[ReviewId, Said]) -> dict[str, list[Said]]:
    """Return who gave what by each criterion, in those reviews that are looked at."""
    # What was said about a criterion that was merged is said about the one it became.
    became = aliased(Criterion)
    rows = session.execute(
        select(func.coalesce(became.words, Criterion.words), CriterionAnswer.review_id, CriterionAnswer.stars)
        .join(Review, Review.id == CriterionAnswer.review_id)
        .join(Criterion, Criterion.id == CriterionAnswer.criterion_id)
        .outerjoin(became, became.id == Criterion.merged_into)
        .where(shown_of(provider_id))
    )
    return _about(said, rows)


def by_outcome(session: Session, *, provider_id: ProviderId, said: Mapping[ReviewId, Said]) -> dict[str, list[Said]]:
    """Return who gave what for each outcome, in those reviews that are looked at."""
    rows = session.execute(
        select(Outcome.name, OutcomeAnswer.review_id, OutcomeAnswer.stars)
        .join(Review, Review.id == OutcomeAnswer.review_id)
        .join(Outcome, Outcome.id == OutcomeAnswer.outcome_id)
        .where(shown_of(provider_id))
    )
    return _about(said, rows)


def _about(said: Mapping[ReviewId, Said], answers: Iterable[Sequence[Any]]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for about, review_id, stars in answers:
        whole = said.get(review_id)
        if whole is not None:
            found.setdefault(about, []).append(Said(who=whole.who, quarter=whole.quarter, stars=stars))
    return found
