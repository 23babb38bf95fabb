"""How ready a pool is: what its members said in each step, what is left, and what matters to how many of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.pooling.models import PoolCriterion, PoolCriterionVoice, PoolMember, PoolStep
from marketplace.pooling.queries.membership import Membership, called_names, member_roles, my_membership
from marketplace.pooling.rules.membership import NAMELESS, keeps_it_going
from marketplace.pooling.rules.nouns import CriterionId, MemberRole, PoolId, Step
from marketplace.pooling.rules.pools import OVER
from marketplace.pooling.rules.readiness import PLANS, Answer, StepPlan, StepState, matters_to, step_state


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step on the list of what is left."""

    plan: StepPlan
    state: StepState


@dataclass(frozen=True, slots=True)
class Readiness:
    """All seven steps of a pool, for its members."""

    membership: Membership
    steps: tuple[StepLine, ...]
    is_over: bool

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(line.state is StepState.DONE for line in self.steps)

    @property
    def next_step(self) -> StepPlan | None:
        """The first step that is not done, or None if all are."""
        return next((line.plan for line in self.steps if line.state is not StepState.DONE), None)


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """Something that matters, and to how many: never to whom."""

    id: CriterionId
    words: str
    matters: str
    matters_to_all: bool
    matters_to_viewer: bool
    viewer_may_remove: bool


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step of a pool, as its members see it."""

    membership: Membership
    plan: StepPlan
    answers: dict[str, Answer]
    is_done: bool
    said_at: datetime | None
    # What the others call whoever wrote last.
    said_by: str
    is_over: bool
    criteria: tuple[CriterionLine, ...]
    following: StepPlan | None


def readiness(session: Session, *, pool_id: PoolId, viewer: Viewer) -> Readiness | None:
    """Return how ready a pool is to one of its members; to anybody else there is no such page."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    rows = {row.step: row for row in session.scalars(select(PoolStep).where(PoolStep.pool_id == pool_id))}
    said_something = {step for step, row in rows.items() if row.answers}
    if _criteria_said(session, pool_id):
        said_something.add(Step.WHAT_MATTERS)
    return Readiness(
        membership=mine,
        steps=tuple(
            StepLine(
                plan,
                step_state(has_answers=step in said_something, is_done=step in rows and rows[step].done_at is not None),
            )
            for step, plan in PLANS.items()
        ),
        is_over=mine.pool_status in OVER,
    )


def step_page(session: Session, *, pool_id: PoolId, step: Step, viewer: Viewer) -> StepPage | None:
    """Return what a pool's members said in one step to one of them; to anybody else there is no such page."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    row = session.get(PoolStep, (pool_id, step))
    names = called_names(session, pool_id=pool_id, viewer=viewer) if row else {}
    steps = list(PLANS)
    after = steps.index(step) + 1
    return StepPage(
        membership=mine,
        plan=PLANS[step],
        answers=dict(row.answers) if row else {},
        is_done=row is not None and row.done_at is not None,
        said_at=row.said_at if row else None,
        said_by=names.get(row.said_by, NAMELESS) if row else "",
        is_over=mine.pool_status in OVER,
        criteria=_criteria(session, mine, viewer) if step is Step.WHAT_MATTERS else (),
        following=PLANS[steps[after]] if after < len(steps) else None,
    )


def _criteria(session: Session, mine: Membership, viewer: Viewer) -> tuple[CriterionLine, ...]:
    live = and_(
        PoolMember.pool_id == mine.pool_id,
        PoolMember.person_id == PoolCriterionVoice.person_id,
        PoolMember.left_at.is_(None),
    )
    # Whoever has left has no voice any more.
    voices = (
        select(func.count())
        .select_from(PoolCriterionVoice)
        .join(PoolMember, live)
        .where(PoolCriterionVoice.criterion_id == PoolCriterion.id)
        .correlate(PoolCriterion)
        .scalar_subquery()
    )
    own = exists().where(
        PoolCriterionVoice.criterion_id == PoolCriterion.id, PoolCriterionVoice.person_id == viewer.person_id
    )
    roles = member_roles(session, pool_id=mine.pool_id)
    people = sum(role is not MemberRole.FACILITATOR for role in roles)
    keeps = keeps_it_going(role=mine.role, roles=roles)
    rows = session.execute(
        select(PoolCriterion, voices.label("voices"), own.label("own"))
        .where(PoolCriterion.pool_id == mine.pool_id, PoolCriterion.removed_at.is_(None))
        .order_by(voices.desc(), PoolCriterion.said_at, PoolCriterion.id)
    )
    return tuple(
        CriterionLine(
            id=row.PoolCriterion.id,
            words=row.PoolCriterion.words,
            matters=matters_to(voices=row.voices, people=people),
            matters_to_all=row.voices >= people,
            matters_to_viewer=row.own,
            viewer_may_remove=keeps or row.PoolCriterion.said_by == viewer.person_id,
        )
        for row in rows
    )


def _criteria_said(session: Session, pool_id: PoolId) -> bool:
    return bool(
        session.scalar(
            select(PoolCriterion.id)
            .where(PoolCriterion.pool_id == pool_id, PoolCriterion.removed_at.is_(None))
            .limit(1)
        )
    )
