"""Reminding those who judge of what waits for them, until it is decided: nothing is lost in a queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Permission
from marketplace.kit.said import count
from marketplace.kit.sentences import worded
from marketplace.ratings.models import Appeal, Flag, Objection, Screening
from marketplace.ratings.rules.screening import Tell, whom_to_tell

_Waiting = Screening | Appeal | Flag | Objection


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits to be judged, by whom, since when, and what it is called in a letter."""

    model: type[Screening] | type[Appeal] | type[Objection] | type[Flag]
    since: str  # The column that says when it came.
    judged_by: Permission
    one: str
    many: str


SCREENINGS = Queue(Screening, "opened_at", Permission.MODERATE, "review waits to be read", "reviews wait to be read")
APPEALS = Queue(Appeal, "made_at", Permission.SIT_ON_PANEL, "appeal waits for the panel", "appeals wait for the panel")
OBJECTIONS = Queue(
    Objection, "made_at", Permission.MODERATE, "objection waits to be weighed", "objections wait to be weighed"
)
FLAGS = Queue(
    Flag,
    "raised_at",
    Permission.MODERATE,
    "flag on reviews waits for a decision",
    "flags on reviews wait for a decision",
)


def remind(session: Session, queue: Queue, *, address: str, now: datetime) -> int:
    """
    Write to those who judge what waits in a queue, and to the operators about what is late; return how many are news.

    All that is to be told now goes in one letter for each person. `address` is the page where they judge it.
    """
    model = queue.model
    undecided = select(model).where(model.decided_at.is_(None)).order_by(model.due_at, model.id)
    waiting = cast("Sequence[_Waiting]", session.scalars(undecided).all())
    news = [
        (it, tell)
        for it in waiting
        if (tell := whom_to_tell(opened_at=getattr(it, queue.since), due_at=it.due_at, told_at=it.told_at, now=now))
        is not Tell.NOBODY
    ]
    if not news:
        return 0
    for it, _tell in news:
        it.told_at = now
    late = sum(it.due_at <= now for it in waiting)
    what = count(len(waiting), queue.one, queue.many)
    subject = what + (f", {late} of them late" if late else "")
    body = worded(
        "{what}{lateness}.\n\nThey are here, what is due first at the top:\n{address}",
        what=what,
        lateness=_lateness(late),
        address=address,
    )
    accounts.write_to_those_who_may(session, queue.judged_by, subject=subject, body=body, now=now)
    if any(tell is Tell.OPERATORS_TOO for _it, tell in news):
        body = worded(
            "{what}{lateness}.\n\nPlease see to it that somebody decides. We have written to them as well.",
            what=what,
            lateness=_lateness(late),
        )
        accounts.write_to_those_who_may(session, Permission.OPERATE, subject=subject, body=body, now=now)
    return len(news)


def _lateness(late: int) -> str:
    return worded(", and {are} late", are=count(late, "is", "are")) if late else ""
