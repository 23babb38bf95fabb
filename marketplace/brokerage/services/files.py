"""What can happen to the pictures, recordings, films and documents of a plan."""

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.gateways.files import FileError, ReadFile
from marketplace.brokerage.models import Plan, PlanFile, WeekItem
from marketplace.brokerage.rules import files as rules
from marketplace.brokerage.rules.nouns import FileId, FileKind, Part, PlanId
from marketplace.brokerage.rules.plans import TITLES
from marketplace.brokerage.services.plans import plan_to_write, write_parts
from marketplace.brokerage.services.versions import forget_file
from marketplace.kit.days import day_of
from marketplace.kit.errors import NotFoundError
from marketplace.kit.sentences import worded

_CALLED = {
    FileKind.PICTURE: "a picture",
    FileKind.SOUND: "a recording",
    FileKind.FILM: "a film",
    FileKind.DOCUMENT: "a document",
}


class NoRoomForFileError(FileError):
    """The plan holds enough already."""


class FileNotFoundInPlanError(NotFoundError):
    """The plan has no such file, or not any more."""


def add_file(
    session: Session, *, plan_id: PlanId, part: Part, file: ReadFile, said: str, by: PersonId, now: datetime
) -> FileId:
    """
    Keep a file in a part of a plan. The same one twice is one.

    :raises PlanNotFoundError: if they may not write in the plan today.
    :raises NoRoomForFileError: if the plan holds as many, or as much, as it may.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    kept = session.execute(
        select(PlanFile.id, PlanFile.part, PlanFile.digest, PlanFile.size).where(
            PlanFile.plan_id == plan.id, PlanFile.removed_at.is_(None)
        )
    ).all()
    for there in kept:
        if (there.part, there.digest) == (part, file.digest):
            return FileId(there.id)
    if problem := rules.room_problem(sizes=[there.size for there in kept], size=len(file.contents)):
        raise NoRoomForFileError(problem)
    it = PlanFile(
        id=FileId(uuid.uuid4()),
        plan_id=plan.id,
        part=part,
        kind=file.kind,
        said=said,
        name=file.name,
        media_type=file.media_type,
        size=len(file.contents),
        digest=file.digest,
        contents=file.contents,
        small=file.small,
        added_by=by,
        added_at=now,
    )
    session.add(it)
    _changed(
        session,
        plan,
        did=worded("put {called} in “{titles}” of your plan", called=_CALLED[file.kind], titles=TITLES[part]),
        by=by,
        now=now,
    )
    session.flush()
    return it.id


def tell_part(
    session: Session,
    *,
    plan_id: PlanId,
    part: Part,
    words: str,
    mark: str,
    file: ReadFile | None,
    said: str,
    by: PersonId,
    now: datetime,
) -> bool:
    """
    Tell one part of a plan in words, in a file, or in both. Test whether somebody else wrote it at the same time.

    :raises PlanNotFoundError: if they may not write in the plan today.
    :raises NoRoomForFileError: if the plan has no room for the file: then nothing is saved.
    """
    clashed = write_parts(session, plan_id=plan_id, typed={part: (words, mark)}, by=by, now=now)
    if file is not None:
        add_file(session, plan_id=plan_id, part=part, file=file, said=said, by=by, now=now)
    return bool(clashed)


def say_of_file(
    session: Session, *, plan_id: PlanId, file_id: FileId, said: str, part: Part, by: PersonId, now: datetime
) -> None:
    """
    Say in words what a file shows or says, for those who cannot see or hear it, and to which part it belongs.

    :raises PlanNotFoundError: if they may not write in the plan today.
    :raises FileNotFoundInPlanError: if it is not in the plan.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    it = _file(session, plan, file_id)
    if (it.said, it.part) != (said, part):
        it.said, it.part = said, part
        _changed(
            session,
            plan,
            did=worded("changed the words of {called} in your plan, or its place", called=_CALLED[it.kind]),
            by=by,
            now=now,
        )


def remove_file(session: Session, *, plan_id: PlanId, file_id: FileId, by: PersonId, now: datetime) -> None:
    """
    Delete a file of a plan. It is gone, from the week and from earlier versions too.

    :raises PlanNotFoundError: if they may not write in the plan today.
    :raises FileNotFoundInPlanError: if it is not in the plan.
    """
    plan = plan_to_write(session, plan_id=plan_id, by=by, on=day_of(now))
    it = _file(session, plan, file_id)
    it.contents = it.small = None
    it.removed_at, it.said, it.name, it.digest = now, "", "", ""
    session.execute(update(WeekItem).where(WeekItem.file_id == it.id).values(file_id=None))
    forget_file(session, plan_id=plan.id, file_id=it.id)
    _changed(session, plan, did=worded("removed {called} from your plan", called=_CALLED[it.kind]), by=by, now=now)
    session.flush()


def _file(session: Session, plan: Plan, file_id: FileId) -> PlanFile:
    it = session.get(PlanFile, file_id)
    if it is None or it.plan_id != plan.id or it.removed_at is not None:
        raise FileNotFoundInPlanError("That is not in the plan any more.")
    return it


def _changed(session: Session, plan: Plan, *, did: str, by: PersonId, now: datetime) -> None:
    plan.updated_at = now
    note_act(session, person_id=plan.person_id, by=by, did=did, to_kind="plan", to_id=plan.id, now=now)
