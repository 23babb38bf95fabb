"""What can happen to the picture of a good week."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Plan, PlanFile, WeekItem
from marketplace.brokerage.rules import week as rules
from marketplace.brokerage.rules.nouns import FileId, FileKind, ItemId, PartOfDay, PlanId
from marketplace.brokerage.services.plans import plan_to_write
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded


class NothingToShowError(WrongAnswerError):
    """Neither words nor a picture."""

    field = "words"


class NoDayError(WrongAnswerError):
    """No day at all."""

    field = "days"


class PlaceFullError(DomainError):
    """A part of a day with as much in it as anybody can see."""


class PictureNotThereError(WrongAnswerError):
    """A picture that is none of this plan's, or was removed."""

    field = "picture"


class WeekItemNotFoundError(NotFoundError):
    """There is no such thing in this week."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What something in the week is called, and what is drawn beside it: one of ours, or a picture of their own."""

    words: str
    drawing: str | None = None
    file_id: FileId | None = None


def put_in_week(
    session: Session,
    *,
    plan_id: PlanId,
    days: Collection[int],
    part_of_day: PartOfDay,
    shown: Shown,
    by: PersonId,
    now: datetime,
) -> tuple[ItemId, ...]:
    """
    Put something in a part of one day or several. Where it stands already it is not put again.

    :raises PlanNotFoundError: if they may not write in the plan today.
    :raises NoDayError: if it is on no day.
    :raises NothingToShowError: if it has neither words nor a picture.
    :raises PictureNotThereError: if its picture is not one of this plan.
    :raises PlaceFullError: if one of the places has no room for it.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    if not set(days) & set(rules.DAYS):
        raise NoDayError("Choose at least one day.")
    shown = _checked(session, plan, shown)
    put = [_put(session, plan, day, part_of_day, shown) for day in sorted(set(days) & set(rules.DAYS))]
    session.flush()
    _changed(session, plan, did="put something in the week of your plan", by=by, now=now)
    return tuple(it for it in put if it is not None)


def change_in_week(
    session: Session,
    *,
    plan_id: PlanId,
    item_id: ItemId,
    day: int,
    part_of_day: PartOfDay,
    shown: Shown,
    by: PersonId,
    now: datetime,
) -> None:
    """
    Change what something in the week is called, what is drawn beside it, and when it is.

    :raises PlanNotFoundError: if they may not write in the plan today.
    :raises WeekItemNotFoundError: if it is not in this week.
    :raises NothingToShowError: if it has neither words nor a picture.
    :raises PictureNotThereError: if its picture is not one of this plan.
    :raises PlaceFullError: if it moves to where there is no room for it.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    item = _item(session, plan, item_id)
    shown = _checked(session, plan, shown)
    if (item.day, item.part_of_day) != (day, part_of_day):
        item.position = _next_position(session, plan, day, part_of_day)
        item.day, item.part_of_day = day, part_of_day
    item.words, item.drawing, item.file_id = shown.words, shown.drawing, shown.file_id
    _changed(session, plan, did="changed something in the week of your plan", by=by, now=now)


def take_out_of_week(session: Session, *, plan_id: PlanId, item_id: ItemId, by: PersonId, now: datetime) -> None:
    """
    Take something out of the week.

    :raises PlanNotFoundError: if they may not write in the plan today.
    :raises WeekItemNotFoundError: if it is not in this week.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    session.delete(_item(session, plan, item_id))
    session.flush()
    _changed(session, plan, did="took something out of the week of your plan", by=by, now=now)


def _item(session: Session, plan: Plan, item_id: ItemId) -> WeekItem:
    item = session.get(WeekItem, item_id)
    if item is None or item.plan_id != plan.id:
        raise WeekItemNotFoundError("That is not in the week any more.")
    return item


def _checked(session: Session, plan: Plan, shown: Shown) -> Shown:
    said = ""
    if shown.file_id is not None:
        file = session.get(PlanFile, shown.file_id)
        if file is None or file.plan_id != plan.id or file.removed_at or file.kind is not FileKind.PICTURE:
            raise PictureNotThereError("That picture is not in the plan any more. Choose another one.")
        said = file.said
    drawing = shown.drawing if shown.drawing in rules.DRAWINGS and shown.file_id is None else None
    words = rules.words_of(words=shown.words, drawing=drawing, said=said)
    if not words:
        raise NothingToShowError("Write what it is, or choose a drawing.")
    return Shown(words, drawing, shown.file_id)


def _put(session: Session, plan: Plan, day: int, part_of_day: PartOfDay, shown: Shown) -> ItemId | None:
    same = select(WeekItem.id).where(*_place(plan, day, part_of_day), WeekItem.words == shown.words)
    if session.scalars(same).first() is not None:
        return None
    item = WeekItem(
        id=ItemId(uuid.uuid4()),
        plan_id=plan.id,
        day=day,
        part_of_day=part_of_day,
        position=_next_position(session, plan, day, part_of_day),
        words=shown.words,
        drawing=shown.drawing,
        file_id=shown.file_id,
    )
    session.add(item)
    return item.id


def _next_position(session: Session, plan: Plan, day: int, part_of_day: PartOfDay) -> int:
    last, things = session.execute(
        select(func.coalesce(func.max(WeekItem.position), 0), func.count()).where(*_place(plan, day, part_of_day))
    ).one()
    if not rules.room_in_one_place(things=things):
        when = f"{rules.DAYS[day]} {rules.PARTS_OF_DAY[part_of_day].lower()}"
        raise PlaceFullError(worded("{when} is full. Take something out first, or put two together.", when=when))
    return int(last) + 1


def _place(plan: Plan, day: int, part_of_day: PartOfDay) -> tuple[ColumnElement[bool], ...]:
    return (WeekItem.plan_id == plan.id, WeekItem.day == day, WeekItem.part_of_day == part_of_day)


def _changed(session: Session, plan: Plan, *, did: str, by: PersonId, now: datetime) -> None:
    plan.updated_at = now
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
