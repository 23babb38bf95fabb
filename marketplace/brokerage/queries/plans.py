"""Questions about support plans. Every one takes the viewer and filters in SQL."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.queries.delegations import delegated_to, own_or_delegated, scopes_given, scopes_in
from marketplace.accounts.rules import PersonId, Scope, Viewer
from marketplace.brokerage.models import Plan, PlanPart
from marketplace.brokerage.rules.nouns import Part, PlanId
from marketplace.brokerage.rules.plans import mark_of
from marketplace.kit.places import CouncilCode


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """A plan, and how the viewer stands to it."""

    id: PlanId
    person_id: PersonId
    person_name: str
    # Where the person lives, if they told us.
    council: CouncilCode | None
    is_mine: bool
    may_write: bool
    sees_budgets: bool
    may_ask_for_quotes: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PartShown:
    """One part of a plan as it is written now. `edition` is 0 while nothing is."""

    part: Part
    words: str = ""
    edition: int = 0
    written_by: PersonId | None = None
    writer: str = ""
    written_at: datetime | None = None

    @property
    def mark(self) -> str:
        """What a form carries of it, to notice who writes at the same time."""
        return mark_of(edition=self.edition, words=self.words)


def written_by(viewer: Viewer, *, on: date) -> ColumnElement[bool]:
    """Return a filter: plans that are the viewer's own, or of somebody who lets them write it on a day."""
    return own_or_delegated(Plan.person_id, viewer, Scope.WRITE_PLAN, on=on)


def seen_by(viewer: Viewer, *, on: date) -> ColumnElement[bool]:
    """Return a filter: plans that the viewer may write, and those of people who let them see it on a day."""
    return or_(written_by(viewer, on=on), Plan.person_id.in_(delegated_to(viewer, Scope.SEE_PLAN, on=on)))


def plan_seen(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date) -> PlanSeen | None:
    """Return a plan that is the viewer's own, or of somebody who lets them see or write it on a day."""
    given = scopes_given(Plan.person_id, viewer, on=on).label("given")
    row = session.execute(
        select(Plan.id, Plan.person_id, Person.name, Person.council, Plan.updated_at, given)
        .join(Person, Person.id == Plan.person_id)
        .where(Plan.id == plan_id, seen_by(viewer, on=on))
    ).one_or_none()
    if row is None:
        return None
    is_mine = row.person_id == viewer.person_id
    scopes = frozenset(Scope) if is_mine else scopes_in(row.given)
    return PlanSeen(
        id=row.id,
        person_id=row.person_id,
        person_name=row.name,
        council=row.council,
        is_mine=is_mine,
        may_write=Scope.WRITE_PLAN in scopes,
        sees_budgets=Scope.SEE_BUDGETS in scopes,
        may_ask_for_quotes=Scope.ASK_FOR_QUOTES in scopes,
        updated_at=row.updated_at,
    )


def my_plan_id(session: Session, *, viewer: Viewer) -> PlanId | None:
    """Return which plan is the viewer's own, if they have begun one."""
    return session.scalars(select(Plan.id).where(Plan.person_id == viewer.person_id)).one_or_none()


def parts_of(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date) -> dict[Part, PartShown]:
    """Return every part of a plan that the viewer may see, in its order. Of one they may not, all are empty."""
    written = session.execute(
        select(PlanPart, Person.name)
        .join(Plan, Plan.id == PlanPart.plan_id)
        .join(Person, Person.id == PlanPart.written_by)
        .where(PlanPart.plan_id == plan_id, seen_by(viewer, on=on))
    )
    found = {
        it.part: PartShown(it.part, it.words, it.edition, it.written_by, name, it.written_at) for it, name in written
    }
    return {part: found.get(part, PartShown(part)) for part in Part}
