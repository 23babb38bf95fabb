"""What can happen to signposts: operators write them, make sure of them and remove them, by hand or from a file."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.brokerage.models import Signpost
from marketplace.brokerage.rules.nouns import SignpostId
from marketplace.brokerage.rules.signposts import WrittenSignpost, problems_of
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import NotFoundError, WrongAnswerError
from marketplace.kit.places import CouncilCode


class SignpostNotFoundError(NotFoundError):
    """There is no such signpost any more."""


class SignpostWrongError(WrongAnswerError):
    """Something in it cannot be shown, or would lead nowhere."""


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of the signposts in a file."""

    added: int = 0
    changed: int = 0
    same: int = 0
    # Somebody made sure of these on the site later than whoever wrote the file: their word stands.
    kept: int = 0


def add_signpost(session: Session, *, written: WrittenSignpost, by: PersonId, now: datetime) -> SignpostId:
    """
    Add a signpost to free help.

    :raises SignpostWrongError: if something in it cannot be shown, or there is one by that name.
    """
    _refuse_problems(session, written, now=now)
    row = _new(written, position=0, by=by, now=now)
    session.add(row)
    audit.record(session, by=by, did="added", to_kind="signpost", to_id=row.id, now=now)
    session.flush()
    return row.id


def change_signpost(
    session: Session, *, signpost_id: SignpostId, written: WrittenSignpost, by: PersonId, now: datetime
) -> None:
    """
    Change a signpost, which says as well that its writer has made sure of it.

    :raises SignpostNotFoundError: if it is gone.
    :raises SignpostWrongError: if something in it cannot be shown, or there is another by that name.
    """
    row = _locked(session, signpost_id)
    _refuse_problems(session, written, but=signpost_id, now=now)
    _write(row, written)
    row.written_by, row.written_at = by, now
    audit.record(session, by=by, did="changed", to_kind="signpost", to_id=row.id, now=now)


def make_sure_of_signpost(session: Session, *, signpost_id: SignpostId, by: PersonId, now: datetime) -> None:
    """
    Say that somebody made sure today that a signpost is right as it stands.

    :raises SignpostNotFoundError: if it is gone.
    """
    row = _locked(session, signpost_id)
    row.checked_on = day_of(now)
    audit.record(session, by=by, did="made sure of", to_kind="signpost", to_id=row.id, now=now)


def remove_signpost(session: Session, *, signpost_id: SignpostId, by: PersonId, now: datetime) -> None:
    """
    Take a signpost away.

    :raises SignpostNotFoundError: if it is gone already.
    """
    row = _locked(session, signpost_id)
    row.removed_at, row.written_by = now, by
    audit.record(session, by=by, did="removed", to_kind="signpost", to_id=row.id, now=now)


def bring_in_signposts(session: Session, *, written: Sequence[WrittenSignpost], now: datetime) -> BroughtIn:
    """
    Bring in signposts from a file, again and again. Each is known by its council and name.

    What somebody removed, or made sure of on the site later than on the file's day, stays as they left it. What the
    file does not have is left alone.
    """
    councils = {it.council for it in written}
    rows = session.scalars(select(Signpost).order_by(Signpost.written_at, Signpost.id).with_for_update()).all()
    known = {(row.council, row.name): row for row in rows if row.council in councils}
    became = [
        _bring_in(session, it, known.get((it.council, it.name)), position=position, now=now)
        for position, it in enumerate(written, start=1)
    ]
    session.flush()
    return BroughtIn(
        added=became.count("added"),
        changed=became.count("changed"),
        same=became.count("same"),
        kept=became.count("kept"),
    )


def _bring_in(session: Session, it: WrittenSignpost, row: Signpost | None, *, position: int, now: datetime) -> str:
    if row is None:
        session.add(_new(it, position=position, by=None, now=now))
        return "added"
    if row.removed_at is not None or row.checked_on > it.checked_on:
        return "kept"
    before = _said(row)
    _write(row, it)
    row.position = position
    if _said(row) == before:
        return "same"
    row.written_by, row.written_at = None, now
    return "changed"


def _said(row: Signpost) -> tuple[object, ...]:
    return row.kind, row.position, row.words, row.phone, row.email, row.href, row.checked_on


def _new(written: WrittenSignpost, *, position: int, by: PersonId | None, now: datetime) -> Signpost:
    row = Signpost(id=SignpostId(uuid.uuid4()), position=position, written_by=by, written_at=now)
    _write(row, written)
    return row


def _write(row: Signpost, it: WrittenSignpost) -> None:
    row.council, row.kind, row.name, row.words = it.council, it.kind, it.name, it.words
    row.phone, row.email, row.href, row.checked_on = it.phone, it.email, it.href, it.checked_on


def _locked(session: Session, signpost_id: SignpostId) -> Signpost:
    row = session.scalars(
        select(Signpost).where(Signpost.id == signpost_id, Signpost.removed_at.is_(None)).with_for_update()
    ).one_or_none()
    if row is None:
        raise SignpostNotFoundError("That signpost is not there any more.")
    return row


def _refuse_problems(
    session: Session, written: WrittenSignpost, *, but: SignpostId | None = None, now: datetime
) -> None:
    for problem in problems_of(written, today=day_of(now)):
        raise SignpostWrongError(problem.sentence, field=problem.field)
    if _is_there(session, council=written.council, name=written.name, but=but):
        raise SignpostWrongError("There is one by that name here already. Change that one instead.", field="name")


def _is_there(session: Session, *, council: CouncilCode | None, name: str, but: SignpostId | None) -> bool:
    here = Signpost.council == council if council else Signpost.council.is_(None)
    found = session.scalars(select(Signpost.id).where(here, Signpost.name == name, Signpost.removed_at.is_(None)))
    return any(one != but for one in found)
