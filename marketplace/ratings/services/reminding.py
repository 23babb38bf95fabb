"""Reminding those who judge of what waits for them, until it is decided: nothing is lost in a queue."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Permission
from marketplace.kit.said import count
from marketplace.ratings.models import Appeal, Flag, Objection, Screening
from marketplace.ratings.rules.screening import Tell, whom_to_tell

_Waiting = Screening | Appeal | Flag | Objection


def remind_of_screenings(session: Session, *, address: str, now: datetime) -> int:
    """Write to the moderators about what waits to be read, and to the operators about what is late; return how many."""
    waiting = session.scalars(
        select(Screening).where(Screening.decided_at.is_(None)).order_by(Screening.due_at, Screening.id)
    ).all()
    return _remind(
        session,
        [(one, one.opened_at) for one in waiting],
        who=Permission.MODERATE,
        one="review waits to be read",
        many="reviews wait to be read",
        address=address,
        now=now,
    )


def remind_of_appeals(session: Session, *, address: str, now: datetime) -> int:
    """Write to the panel about appeals, and to the operators about those that are late; return how many."""
    waiting = session.scalars(
        select(Appeal).where(Appeal.decided_at.is_(None)).order_by(Appeal.due_at, Appeal.id)
    ).all()
    return _remind(
        session,
        [(one, one.made_at) for one in waiting],
        who=Permission.SIT_ON_PANEL,
        one="appeal waits for the panel",
        many="appeals wait for the panel",
        address=address,
        now=now,
    )


def remind_of_objections(session: Session, *, address: str, now: datetime) -> int:
    """Write to the moderators about objections, and to the operators about those that are late; return how many."""
    waiting = session.scalars(
        select(Objection).where(Objection.decided_at.is_(None)).order_by(Objection.due_at, Objection.id)
    ).all()
    return _remind(
        session,
        [(one, one.made_at) for one in waiting],
        who=Permission.MODERATE,
        one="objection waits to be weighed",
        many="objections wait to be weighed",
        address=address,
        now=now,
    )


def remind_of_flags(session: Session, *, address: str, now: datetime) -> int:
    """Write to the moderators about flags, and to the operators about those that are late; return how many."""
    waiting = session.scalars(select(Flag).where(Flag.decided_at.is_(None)).order_by(Flag.due_at, Flag.id)).all()
    return _remind(
        session,
        [(one, one.raised_at) for one in waiting],
        who=Permission.MODERATE,
        one="flag on reviews waits for a decision",
        many="flags on reviews wait for a decision",
        address=address,
        now=now,
    )


def _remind(
    session: Session,
    waiting: Sequence[tuple[_Waiting, datetime]],
    *,
    who: Permission,
    one: str,
    many: str,
    address: str,
    now: datetime,
) -> int:
    """Put all that is to be told now in one letter for each person."""
    news = [
        (it, tell)
        for it, opened_at in waiting
        if (tell := whom_to_tell(opened_at=opened_at, due_at=it.due_at, told_at=it.told_at, now=now)) is not Tell.NOBODY
    ]
    if not news:
        return 0
    for it, _tell in news:
        it.told_at = now
    late = sum(it.due_at <= now for it, _tell in waiting)
    what = count(len(waiting), one, many)
    subject = what + (f", {late} of them late" if late else "")
    body = f"{what}{_lateness(late)}.\n\nThey are here, what is due first at the top:\n{address}"
    accounts.write_to_those_who_may(session, who, subject=subject, body=body, now=now)
    if any(tell is Tell.OPERATORS_TOO for _it, tell in news):
        body = f"{what}{_lateness(late)}.\n\nPlease see to it that somebody decides. We have written to them as well."
        accounts.write_to_those_who_may(session, Permission.OPERATE, subject=subject, body=body, now=now)
    return len(news)


def _lateness(late: int) -> str:
    return f", and {count(late, 'is', 'are')} late" if late else ""
