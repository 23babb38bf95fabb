"""What the doctor asks the database about itself, its letters and its jobs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import Role
from marketplace.kit.audit import AuditEvent
from marketplace.kit.outbox import MOST_ATTEMPTS, Message
from marketplace.kit.sentences import worded
from marketplace.web.models import JobRun


@dataclass(frozen=True, slots=True)
class Letters:
    """How many letters wait, since when the oldest has, and how many are given up."""

    waiting: int
    oldest: datetime | None
    given_up: int


@dataclass(frozen=True, slots=True)
class LastRun:
    """When a job ended last and failed last, and the kind of that failure."""

    ended_at: datetime | None
    failed_at: datetime | None
    failed_with: str | None


def version_of(session: Session) -> str:
    """Return which database it is, and of which version."""
    if session.get_bind().dialect.name == "sqlite":
        return worded("SQLite {scalar}", scalar=session.scalar(text("SELECT sqlite_version()")))
    return worded("PostgreSQL {scalar}", scalar=session.scalar(text("SHOW server_version")))


def head_of(session: Session) -> str | None:
    """Return the last change that was made to the tables."""
    head: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return head


def unsound_parts(session: Session) -> list[str]:
    """Name what the database itself finds wrong: broken pages, rows that refer to nothing, indexes not to be used."""
    if session.get_bind().dialect.name == "sqlite":
        broken = [str(row[0]) for row in session.execute(text("PRAGMA quick_check(5)")) if row[0] != "ok"]
        return broken + [
            f"{table} row {row} refers to no row of {other}"
            for table, row, other, _which in session.execute(text("PRAGMA foreign_key_check")).fetchmany(5)
        ]
    unfit = text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid OR NOT indisready")
    unproved = text("SELECT conname FROM pg_constraint WHERE NOT convalidated")
    return [f"the index {name} is not to be used" for name in session.scalars(unfit)] + [
        f"the constraint {name} was never checked" for name in session.scalars(unproved)
    ]


def clock_of(session: Session, *, now: datetime) -> float:
    """Return by how many seconds the database's clock is ahead; of SQLite, which has ours, what was written last."""
    if session.get_bind().dialect.name == "sqlite":
        newest = session.scalar(select(func.max(AuditEvent.at)))
        return max(0.0, (newest - now).total_seconds()) if newest else 0.0
    asked = session.scalar(text("SELECT clock_timestamp()"))
    return (asked.astimezone(UTC) - now).total_seconds() if asked else 0.0


def letters(session: Session) -> Letters:
    """Return how it stands with the letters."""
    waits = Message.sent_at.is_(None)
    waiting, oldest = session.execute(
        select(func.count(), func.min(Message.created_at)).where(waits, Message.attempts < MOST_ATTEMPTS)
    ).one()
    given_up = session.scalars(
        select(func.count()).select_from(Message).where(waits, Message.attempts >= MOST_ATTEMPTS)
    ).one()
    return Letters(waiting=waiting, oldest=oldest, given_up=given_up)


def last_runs(session: Session) -> Mapping[str, LastRun]:
    """Return how each job ran last, by its name."""
    return {
        run.name: LastRun(ended_at=run.ended_at, failed_at=run.failed_at, failed_with=run.failed_with)
        for run in session.scalars(select(JobRun).order_by(JobRun.name))
    }


def people_with_roles(session: Session) -> Mapping[Role, int]:
    """Return how many people there are in each role."""
    counted = session.execute(
        select(RoleGrant.role, func.count(func.distinct(RoleGrant.person_id))).group_by(RoleGrant.role)
    )
    return {role: count for role, count in counted}
