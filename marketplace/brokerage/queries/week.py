"""Questions about the picture of a good week. Every one takes the viewer and filters in SQL."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.brokerage.models import Plan, WeekItem
from marketplace.brokerage.queries.plans import seen_by, written_by
from marketplace.brokerage.rules.nouns import FileId, ItemId, PartOfDay, PlanId


@dataclass(frozen=True, slots=True)
class WeekThing:
    """Something in the week, as it is drawn. Monday is day 1."""

    id: ItemId
    day: int
    part_of_day: PartOfDay
    words: str
    drawing: str | None
    file_id: FileId | None


Week = dict[int, dict[PartOfDay, tuple[WeekThing, ...]]]
"""What is in each part of each day that has anything in it."""


def week_of(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date) -> Week:
    """Return the week of a plan that the viewer may see on a day. Days and parts without anything are left out."""
    in_order = case({part: number for number, part in enumerate(PartOfDay)}, value=WeekItem.part_of_day)
    items = session.scalars(
        select(WeekItem)
        .join(Plan, Plan.id == WeekItem.plan_id)
        .where(WeekItem.plan_id == plan_id, seen_by(viewer, on=on))
        .order_by(WeekItem.day, in_order, WeekItem.position)
    )
    week: Week = {}
    for it in items:
        place = week.setdefault(it.day, {})
        place[it.part_of_day] = (*place.get(it.part_of_day, ()), _thing(it))
    return week


def thing_to_change(
    session: Session, *, plan_id: PlanId, item_id: ItemId, viewer: Viewer, on: date
) -> WeekThing | None:
    """Return something in the week of a plan that the viewer may write in on a day."""
    it = session.scalars(
        select(WeekItem)
        .join(Plan, Plan.id == WeekItem.plan_id)
        .where(WeekItem.id == item_id, WeekItem.plan_id == plan_id, written_by(viewer, on=on))
    ).one_or_none()
    return None if it is None else _thing(it)


def _thing(it: WeekItem) -> WeekThing:
    return WeekThing(it.id, it.day, it.part_of_day, it.words, it.drawing, it.file_id)
