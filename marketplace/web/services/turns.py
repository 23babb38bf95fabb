"""
Taking turns at jobs. Who has a job's lease runs it: so two workers, on two machines, run each once in a turn.

A lease only keeps two from doing the same work. Nothing depends on it: every job is safe to run twice, and at once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketplace.web.models import JobRun
from marketplace.web.rules.turns import LEASE, Run, is_due


def take_turn(
    session: Session, *, name: str, by: str, every: timedelta, now: datetime, even_if_not_due: bool = False
) -> bool:
    """
    Take a job's turn for a worker, if it is due and nobody is at it; return whether the worker may begin.

    :param even_if_not_due: for somebody who wants it run now. What another worker is at stays theirs.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(JobRun).values(name=name).on_conflict_do_nothing())
    row = session.scalars(select(JobRun).where(JobRun.name == name).with_for_update()).one()
    run = Run(
        name=name, taken_until=row.taken_until, began_at=row.began_at, ended_at=row.ended_at, failed_at=row.failed_at
    )
    if run.is_held(now) or not (even_if_not_due or is_due(run, every=every, now=now)):
        return False
    row.taken_by, row.taken_until, row.began_at = by, now + LEASE, now
    return True


def renew(session: Session, *, names: Iterable[str], by: str, now: datetime) -> int:
    """Keep the leases of jobs that a worker is still at; return how many it still has."""
    kept = session.execute(
        update(JobRun).where(JobRun.name.in_(sorted(names)), JobRun.taken_by == by).values(taken_until=now + LEASE)
    )
    return cast("CursorResult[Any]", kept).rowcount


def end_turn(session: Session, *, name: str, by: str, did: int, now: datetime) -> None:
    """Write down that a job came to its end, and how many things it did."""
    _let_go(session, name=name, by=by, changes={"ended_at": now, "did": did})


def fail_turn(session: Session, *, name: str, by: str, kind: str, now: datetime) -> None:
    """Write down that a job failed, and with which kind of error: its words may quote people."""
    _let_go(session, name=name, by=by, changes={"failed_at": now, "failed_with": kind[:80]})


def _let_go(session: Session, *, name: str, by: str, changes: dict[str, object]) -> None:
    # Somebody whose lease ran out, and was taken by another, has nothing to say any more.
    session.execute(
        update(JobRun)
        .where(JobRun.name == name, JobRun.taken_by == by)
        .values(taken_by=None, taken_until=None, **changes)
    )
