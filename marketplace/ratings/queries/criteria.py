"""Questions about what people rate by: criteria in their own words, and outcomes of published lists."""

from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Category
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.places import CouncilCode
from marketplace.ratings.models import Criterion, CriterionCategory, Outcome, OutcomeScheme
from marketplace.ratings.rules.criteria import EVERYBODYS
from marketplace.ratings.rules.nouns import CriterionId, CriterionStatus, OutcomeId, SchemeCode


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """A criterion that people are asked about. `picture` names its drawing, or is empty."""

    id: CriterionId
    words: str
    picture: str


@dataclass(frozen=True, slots=True)
class ShownOutcome:
    """An outcome that people are asked about."""

    id: OutcomeId
    name: str


def criteria_for(session: Session, category: CategorySlug) -> tuple[ShownCriterion, ...]:
    """Return the adopted criteria for a category: those for it, for the shelf it stands on, and for all."""
    shelf = select(Category.parent).where(Category.slug == category, Category.parent.is_not(None))
    its = select(CriterionCategory.criterion_id).where(
        or_(CriterionCategory.category == category, CriterionCategory.category.in_(shelf))
    )
    kept_to_some = select(CriterionCategory.criterion_id)
    return tuple(
        ShownCriterion(*row)
        for row in session.execute(
            select(Criterion.id, Criterion.words, Criterion.picture)
            .where(
                Criterion.status == CriterionStatus.ADOPTED,
                or_(Criterion.id.in_(its), Criterion.id.not_in(kept_to_some)),
            )
            .order_by(Criterion.position, Criterion.words)
        )
    )


def outcomes_for(session: Session, council: CouncilCode | None) -> tuple[ShownOutcome, ...]:
    """Return the outcomes people are asked about: their council's own list, or the Care Act's if it has none."""
    own = _outcomes(session, select(OutcomeScheme.code).where(OutcomeScheme.council == council)) if council else ()
    return own or _outcomes(session, select(OutcomeScheme.code).where(OutcomeScheme.code == EVERYBODYS))


def _outcomes(session: Session, schemes: Select[SchemeCode]) -> tuple[ShownOutcome, ...]:
    return tuple(
        ShownOutcome(*row)
        for row in session.execute(
            select(Outcome.id, Outcome.name)
            .where(Outcome.scheme.in_(schemes), Outcome.valid_to.is_(None))
            .order_by(Outcome.position, Outcome.id)
        )
    )
