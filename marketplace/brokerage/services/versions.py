"""A plan is kept as it is at a moment, and can go back to how it was."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Plan, PlanFile, PlanLine, PlanPart, PlanVersion, Supporter, WeekItem
from marketplace.brokerage.queries.contents import Around, contents_where
from marketplace.brokerage.rules import contents as kept
from marketplace.brokerage.rules.contents import Contents, KeptLine
from marketplace.brokerage.rules.nouns import FileId, ItemId, LineId, PartOfDay, PlanId, SupporterId, VersionId
from marketplace.brokerage.services.plans import plan_to_write
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import NotFoundError
from marketplace.kit.sentences import worded

_ASIDE = 10_000
"""Positions that no line has: where lines wait while others take their places."""


class VersionNotFoundError(NotFoundError):
    """There is no such version of this plan."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A version of a plan. One that is the same as the last is not kept twice."""

    id: VersionId
    number: int
    is_new: bool


def keep_version(session: Session, *, plan_id: PlanId, by: PersonId, note: str, around: Around, now: datetime) -> Kept:
    """
    Keep a plan as it is now. If nothing has changed since the last version, that one is it.

    :raises PlanNotFoundError: if they may not write in it today.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    made = keep(session, plan, by=by, note=note, around=around, now=now)
    if made.is_new:
        did = worded("kept your plan as version {number}", number=made.number)
        note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
    return made


def keep(session: Session, plan: Plan, *, by: PersonId, note: str, around: Around, now: datetime) -> Kept:
    """Keep a plan that is locked already. For what is kept before something else happens."""
    session.flush()
    text = kept.written(contents_where(session, plan.id, Plan.id == plan.id, on=day_of(now), around=around))
    last = session.scalars(
        select(PlanVersion).where(PlanVersion.plan_id == plan.id).order_by(PlanVersion.number.desc()).limit(1)
    ).one_or_none()
    if last is not None and last.contents == text:
        return Kept(last.id, last.number, is_new=False)
    version = PlanVersion(
        id=VersionId(uuid.uuid4()),
        plan_id=plan.id,
        number=last.number + 1 if last else 1,
        contents=text,
        note=note,
        made_by=by,
        made_at=now,
    )
    session.add(version)
    session.flush()
    return Kept(version.id, version.number, is_new=True)


def go_back(
    session: Session, *, plan_id: PlanId, version_id: VersionId, by: PersonId, around: Around, now: datetime
) -> int:
    """
    Make a plan what it was in a version, after keeping what it is now. Returns the number of that version.

    Words, lines, the week and who helps are as they were then. Pictures and papers stay as they are now: what was
    removed is gone, and what came since is not thrown away.

    :raises PlanNotFoundError: if they may not write in it today.
    :raises VersionNotFoundError: if there is no such version of it.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    version = session.scalars(
        select(PlanVersion).where(PlanVersion.id == version_id, PlanVersion.plan_id == plan.id)
    ).one_or_none()
    if version is None:
        raise VersionNotFoundError("That version is not there.")
    keep(
        session,
        plan,
        by=by,
        note=worded("Before going back to version {number}", number=version.number),
        around=around,
        now=now,
    )
    was = kept.read(version.contents)
    _put_parts_back(session, plan, was, by=by, now=now)
    session.execute(delete(WeekItem).where(WeekItem.plan_id == plan.id))
    _put_lines_back(session, plan, was)
    _put_week_back(session, plan, was)
    _put_supporters_back(session, plan, was, by=by)
    plan.updated_at = now
    did = worded("put your plan back to version {number}", number=version.number)
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
    audit.record(session, by=by, did="put back to a version", to_kind="plan", to_id=plan.id, now=now)
    session.flush()
    return version.number


def forget_file(session: Session, *, plan_id: PlanId, file_id: FileId) -> None:
    """
    Take the words about a file, and its name, out of every version of a plan.

    It is the one thing that ever changes in a version: what somebody removed is gone, wherever it was kept.
    """
    for version in session.scalars(select(PlanVersion).where(PlanVersion.plan_id == plan_id)):
        was = kept.read(version.contents)
        if any(file.id == file_id for file in was.files):
            version.contents = kept.written(kept.without_words_of(was, file_id))


def _put_parts_back(session: Session, plan: Plan, was: Contents, *, by: PersonId, now: datetime) -> None:
    for part, words in was.parts.items():
        it = session.get(PlanPart, (plan.id, part))
        if it is None and words:
            session.add(PlanPart(plan_id=plan.id, part=part, words=words, edition=1, written_by=by, written_at=now))
        elif it is not None and it.words != words:
            # One edition more: whoever has the form open now is noticed.
            it.words, it.edition, it.written_by, it.written_at = words, it.edition + 1, by, now


def _put_lines_back(session: Session, plan: Plan, was: Contents) -> None:
    session.execute(
        update(PlanLine).where(PlanLine.plan_id == plan.id).values(position=PlanLine.position + _ASIDE),
        execution_options={"synchronize_session": False},
    )
    now = {
        line.id: line
        for line in session.scalars(
            select(PlanLine).where(PlanLine.plan_id == plan.id).execution_options(populate_existing=True)
        )
    }
    gone = now.keys() - {line.id for line in was.lines}
    if gone:
        session.execute(delete(PlanLine).where(PlanLine.id.in_(gone)))
    for position, old in enumerate(was.lines, start=1):
        line = now.get(old.id)
        if line is None:
            line = PlanLine(id=old.id, plan_id=plan.id)
            session.add(line)
        line.position = position
        _write_line(line, old)
    session.flush()


def _write_line(line: PlanLine, old: KeptLine) -> None:
    line.outcome_id, line.wish, line.what_would_help = old.outcome_id, old.wish, old.what_would_help
    line.costed_by, line.offer_id, line.pool_key = old.costed_by, old.offer_id, old.pool_key
    line.own_price = old.own_price
    line.quantity, line.how_often, line.weeks = old.times.quantity, old.times.how_often, old.times.weeks
    line.added_by, line.sold_by = old.added_by, old.sold_by_id


def _put_week_back(session: Session, plan: Plan, was: Contents) -> None:
    files: set[FileId] = set(
        session.scalars(select(PlanFile.id).where(PlanFile.plan_id == plan.id, PlanFile.removed_at.is_(None)))
    )
    lines: set[LineId] = {line.id for line in was.lines}
    positions: dict[tuple[int, PartOfDay], int] = {}
    for old in was.week:
        place = (old.day, old.part_of_day)
        positions[place] = positions.get(place, 0) + 1
        session.add(
            WeekItem(
                id=ItemId(uuid.uuid4()),
                plan_id=plan.id,
                day=old.day,
                part_of_day=old.part_of_day,
                position=positions[place],
                words=old.words,
                drawing=old.drawing,
                file_id=old.file_id if old.file_id in files else None,
                line_id=old.line_id if old.line_id in lines else None,
            )
        )


def _put_supporters_back(session: Session, plan: Plan, was: Contents, *, by: PersonId) -> None:
    session.execute(delete(Supporter).where(Supporter.plan_id == plan.id))
    for old in was.supporters:
        session.add(
            Supporter(
                id=SupporterId(uuid.uuid4()),
                plan_id=plan.id,
                circle=old.circle,
                called=old.called,
                how=old.how,
                added_by=by,
            )
        )
