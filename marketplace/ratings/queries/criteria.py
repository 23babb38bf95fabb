"""Questions about what people rate by: criteria in their own words, and outcomes of published lists."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Category
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.places import CouncilCode
from marketplace.ratings.models import (
    Criterion,
    CriterionCategory,
    CriterionVote,
    Outcome,
    OutcomeMeaning,
    OutcomeScheme,
)
from marketplace.ratings.rules.criteria import EVERYBODYS, rulings_for
from marketplace.ratings.rules.nouns import CriterionId, CriterionStatus, OutcomeId, SchemeCode


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """A criterion that people are asked about. `picture` names its drawing, or is empty."""

    id: CriterionId
    words: str
    picture: str


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion on the list of all, with the kinds of support it is for; without any it is for all."""

    id: CriterionId
    words: str
    picture: str
    status: CriterionStatus
    kinds: tuple[CategorySlug, ...]
    categories: tuple[str, ...]
    why: str
    reason: str
    merged_into: str
    votes: int
    has_my_vote: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class CriteriaPage:
    """What people are asked about, what somebody proposes, and what the panel decided."""

    adopted: tuple[CriterionLine, ...]
    proposed: tuple[CriterionLine, ...]
    settled: tuple[CriterionLine, ...]


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """A published list of outcomes: whose it is, where it is from, and what each outcome also means."""

    name: str
    council: CouncilCode | None
    source: str
    outcomes: tuple[tuple[str, tuple[str, ...]], ...]


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


def adopted_criteria(session: Session) -> tuple[ShownCriterion, ...]:
    """Return every criterion that is agreed on, in the order in which people are asked about them."""
    return tuple(
        ShownCriterion(*row)
        for row in session.execute(
            select(Criterion.id, Criterion.words, Criterion.picture)
            .where(Criterion.status == CriterionStatus.ADOPTED)
            .order_by(Criterion.position, Criterion.words)
        )
    )


def known_categories(session: Session, named: Collection[CategorySlug]) -> set[CategorySlug]:
    """Return which of some categories there are."""
    return set(session.scalars(select(Category.slug).where(Category.slug.in_(named))))


def criteria_page(session: Session, *, viewer: Viewer) -> CriteriaPage:
    """
    Return every criterion and where it stands. Who proposed or voted is never told; the viewer knows their own.

    What was refused is only for its proposer and the panel: it may have been unkind.
    """
    lines = _lines(session, viewer)
    panel = viewer.may(Permission.SIT_ON_PANEL)
    settled = {CriterionStatus.MERGED, CriterionStatus.RETIRED}
    return CriteriaPage(
        adopted=tuple(it for it in lines if it.status is CriterionStatus.ADOPTED),
        proposed=tuple(
            sorted((it for it in lines if it.status is CriterionStatus.PROPOSED), key=lambda it: (-it.votes, it.words))
        ),
        settled=tuple(
            it
            for it in lines
            if it.status in settled or (it.status is CriterionStatus.REFUSED and (panel or it.is_mine))
        ),
    )


def criterion_to_rule_on(session: Session, *, criterion_id: CriterionId, viewer: Viewer) -> CriterionLine | None:
    """Return a criterion for the panel, or None if there is none that anything can be decided about."""
    if not viewer.may(Permission.SIT_ON_PANEL):
        return None
    found = _lines(session, viewer, Criterion.id == criterion_id)
    return found[0] if found and rulings_for(found[0].status) else None


def outcome_schemes(session: Session) -> tuple[SchemeLine, ...]:
    """Return the published lists of outcomes, England's first, with what holds now."""
    held = select(Outcome.id, Outcome.name, Outcome.scheme).where(Outcome.valid_to.is_(None))
    outcomes = session.execute(held.order_by(Outcome.position, Outcome.id)).all()
    names = {row.id: row.name for row in outcomes}
    means: dict[OutcomeId, list[str]] = {}
    for outcome_id, other in session.execute(
        select(OutcomeMeaning.outcome_id, OutcomeMeaning.means)
        .join(Outcome, Outcome.id == OutcomeMeaning.means)
        .order_by(Outcome.position, Outcome.id)
    ).all():
        if other in names:
            means.setdefault(outcome_id, []).append(names[other])
    return tuple(
        SchemeLine(
            name=scheme.name,
            council=scheme.council,
            source=scheme.source,
            outcomes=tuple((row.name, tuple(means.get(row.id, ()))) for row in outcomes if row.scheme == scheme.code),
        )
        for scheme in session.scalars(
            select(OutcomeScheme).order_by(OutcomeScheme.council.is_not(None), OutcomeScheme.name, OutcomeScheme.code)
        ).all()
    )


def outcomes_for(session: Session, council: CouncilCode | None) -> tuple[ShownOutcome, ...]:
    """Return the outcomes people are asked about: their council's own list, or the Care Act's if it has none."""
    own = _outcomes(session, select(OutcomeScheme.code).where(OutcomeScheme.council == council)) if council else ()
    return own or _outcomes(session, select(OutcomeScheme.code).where(OutcomeScheme.code == EVERYBODYS))


def outcomes_named(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Return what some outcomes are called, of any list, even those that hold no more. One query."""
    if not ids:
        return {}
    rows = session.execute(select(Outcome.id, Outcome.name).where(Outcome.id.in_(ids)))
    return {str(row.id): row.name for row in rows}


def outcomes_by_list(session: Session) -> tuple[tuple[str, tuple[ShownOutcome, ...]], ...]:
    """Return the outcomes that hold now under the name of each published list, England's first. One query."""
    found: dict[str, tuple[ShownOutcome, ...]] = {}
    rows = session.execute(
        select(OutcomeScheme.name, Outcome.id, Outcome.name.label("outcome"))
        .join(Outcome, Outcome.scheme == OutcomeScheme.code)
        .where(Outcome.valid_to.is_(None))
        .order_by(OutcomeScheme.council.is_not(None), OutcomeScheme.name, Outcome.position, Outcome.id)
    )
    for row in rows:
        found[row.name] = (*found.get(row.name, ()), ShownOutcome(row.id, row.outcome))
    return tuple(found.items())


def _outcomes(session: Session, schemes: Select[SchemeCode]) -> tuple[ShownOutcome, ...]:
    return tuple(
        ShownOutcome(*row)
        for row in session.execute(
            select(Outcome.id, Outcome.name)
            .where(Outcome.scheme.in_(schemes), Outcome.valid_to.is_(None))
            .order_by(Outcome.position, Outcome.id)
        )
    )


_OTHER = aliased(Criterion)


def _lines(session: Session, viewer: Viewer, *these: ColumnElement[bool]) -> tuple[CriterionLine, ...]:
    mine = CriterionVote.person_id == viewer.person_id
    votes = (
        select(
            CriterionVote.criterion_id,
            func.count().label("votes"),
            func.max(case((mine, 1), else_=0)).label("has_mine"),
        )
        .group_by(CriterionVote.criterion_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Criterion,
            func.coalesce(_OTHER.words, "").label("other"),
            func.coalesce(votes.c.votes, 0).label("votes"),
            func.coalesce(votes.c.has_mine, 0).label("has_mine"),
            case((Criterion.proposed_by == viewer.person_id, 1), else_=0).label("is_mine"),
        )
        .outerjoin(_OTHER, _OTHER.id == Criterion.merged_into)
        .outerjoin(votes, votes.c.criterion_id == Criterion.id)
        .where(*these)
        .order_by(Criterion.position, Criterion.words)
    ).all()
    shelves: dict[CriterionId, dict[CategorySlug, str]] = {}
    for criterion_id, slug, name in session.execute(
        select(CriterionCategory.criterion_id, Category.slug, Category.name)
        .join(Category, Category.slug == CriterionCategory.category)
        .order_by(Category.position)
    ).all():
        shelves.setdefault(criterion_id, {})[slug] = name
    return tuple(
        CriterionLine(
            id=it.id,
            words=it.words,
            picture=it.picture,
            status=it.status,
            kinds=tuple(shelves.get(it.id, ())),
            categories=tuple(shelves.get(it.id, {}).values()),
            why=it.why,
            reason=it.reason,
            merged_into=other,
            votes=count,
            has_my_vote=bool(has_mine),
            is_mine=viewer.is_signed_in and bool(is_mine),
        )
        for it, other, count, has_mine, is_mine in rows
    )
