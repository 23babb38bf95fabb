"""How was a plan before? Every question takes the viewer and filters in SQL."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import Viewer
from marketplace.brokerage.models import Plan, PlanVersion
from marketplace.brokerage.queries.plans import seen_by
from marketplace.brokerage.rules import contents as kept
from marketplace.brokerage.rules.contents import Contents
from marketplace.brokerage.rules.nouns import PlanId, VersionId


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list of all."""

    id: VersionId
    number: int
    note: str
    maker: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A version with all that is in it."""

    line: VersionLine
    contents: Contents


def versions_of(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date) -> tuple[VersionLine, ...]:
    """Return the versions of a plan that the viewer may see on a day, the newest first."""
    rows = session.execute(
        select(PlanVersion.id, PlanVersion.number, PlanVersion.note, Person.name, PlanVersion.made_at)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .join(Person, Person.id == PlanVersion.made_by)
        .where(Plan.id == plan_id, seen_by(viewer, on=on))
        .order_by(PlanVersion.number.desc())
    )
    return tuple(VersionLine(*row) for row in rows)


def version(session: Session, *, plan_id: PlanId, version_id: VersionId, viewer: Viewer, on: date) -> Version | None:
    """Return one version of a plan that the viewer may see on a day."""
    row = session.execute(
        select(PlanVersion, Person.name)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .join(Person, Person.id == PlanVersion.made_by)
        .where(Plan.id == plan_id, PlanVersion.id == version_id, seen_by(viewer, on=on))
    ).one_or_none()
    if row is None:
        return None
    it, name = row
    return Version(VersionLine(it.id, it.number, it.note, name, it.made_at), kept.read(it.contents))
