"""Questions about the files of a plan. Every one takes the viewer and filters in SQL."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from marketplace.accounts.models import Person
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.brokerage.models import Plan, PlanFile
from marketplace.brokerage.queries.plans import seen_by
from marketplace.brokerage.rules.nouns import FileId, FileKind, Part, PlanId


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file of a plan, without what is in it. `said` may be empty: nobody has put it in words yet."""

    id: FileId
    part: Part
    kind: FileKind
    said: str
    name: str
    media_type: str
    size: int
    added_by: PersonId
    adder: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class FileKept:
    """A file as it is sent to a browser."""

    kind: FileKind
    name: str
    media_type: str
    contents: bytes


def files_of(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date) -> dict[Part, tuple[FileShown, ...]]:
    """Return the files of each part of a plan that the viewer may see on a day, in the order they were added."""
    rows = session.execute(
        select(PlanFile, Person.name)
        .join(Plan, Plan.id == PlanFile.plan_id)
        .join(Person, Person.id == PlanFile.added_by)
        .where(PlanFile.plan_id == plan_id, PlanFile.removed_at.is_(None), seen_by(viewer, on=on))
        .order_by(PlanFile.added_at, PlanFile.id)
    )
    files: dict[Part, tuple[FileShown, ...]] = dict.fromkeys(Part, ())
    for it, adder in rows:
        files[it.part] = (*files[it.part], _shown(it, adder))
    return files


def file_seen(session: Session, *, plan_id: PlanId, file_id: FileId, viewer: Viewer, on: date) -> FileShown | None:
    """Return one file of a plan that the viewer may see on a day."""
    row = session.execute(
        select(PlanFile, Person.name)
        .join(Plan, Plan.id == PlanFile.plan_id)
        .join(Person, Person.id == PlanFile.added_by)
        .where(
            PlanFile.id == file_id,
            PlanFile.plan_id == plan_id,
            PlanFile.removed_at.is_(None),
            seen_by(viewer, on=on),
        )
    ).one_or_none()
    return None if row is None else _shown(*row)


def file_kept(
    session: Session, *, plan_id: PlanId, file_id: FileId, viewer: Viewer, on: date, is_small: bool = False
) -> FileKept | None:
    """Return what is in a file, or in the small one of a picture, if the viewer may see its plan on a day."""
    it = session.scalars(
        select(PlanFile)
        .join(Plan, Plan.id == PlanFile.plan_id)
        .where(PlanFile.id == file_id, PlanFile.plan_id == plan_id, seen_by(viewer, on=on))
        .options(undefer(PlanFile.small if is_small else PlanFile.contents))
    ).one_or_none()
    contents = None if it is None else it.small if is_small else it.contents
    if it is None or contents is None:
        return None
    return FileKept(it.kind, it.name, it.media_type, contents)


def _shown(it: PlanFile, adder: str) -> FileShown:
    return FileShown(it.id, it.part, it.kind, it.said, it.name, it.media_type, it.size, it.added_by, adder, it.added_at)
