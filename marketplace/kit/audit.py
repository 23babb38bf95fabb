"""Who did what, and when. Append only; written in the transaction that did it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Uuid, case, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.kit.belonging import owner_of
from marketplace.kit.keeping import SIX_YEARS, Kept, Lasts, Leaving, Why, kept_in
from marketplace.kit.model import Model


class AuditEvent(Model):
    """One thing that somebody did. It names rows, never people's words or addresses."""

    __tablename__ = "audit_event"
    kept = Kept(
        what="What happened with your account",
        whose="about_person_id",
        leaving=Leaving.STAYS,
        why=Why.FAIR,
        because="nobody may change the audit trail, and it holds no words of yours",
        plain=("did", "to_kind"),
        also="by_person_id",
        lasts=Lasts(SIX_YEARS, "at"),
    )
    __table_args__ = (Index(None, "to_kind", "to_id"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    at: Mapped[datetime]
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    did: Mapped[str] = mapped_column(String(60))
    to_kind: Mapped[str] = mapped_column(String(40))
    to_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    # Whom it concerns: they may read it. None where it concerns nobody in particular.
    about_person_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)


_NOT_TOLD = frozenset({"pool", "pool_proposal", "criterion", "quote", "reply"})
"""Rows that several have a part in, or that their person must not hear of yet: who concerns whom is said, or not."""


def record(
    session: Session,
    *,
    by: uuid.UUID | None,
    did: str,
    to_kind: str,
    to_id: uuid.UUID,
    now: datetime,
    about: uuid.UUID | None = None,
) -> None:
    """
    Remember that a person (or, with `by=None`, a job) did something to a row. `did` is a verb in the past.

    `about` is the person whom it concerns, who may read it. What is done to a person concerns that person; what is
    done to a row of a table that is somebody's concerns them, and of a row with two sides the other one.
    """
    concerns = about or (to_id if to_kind == "person" else _concerned(session, to_kind, to_id, by))
    session.add(AuditEvent(at=now, by_person_id=by, did=did, to_kind=to_kind, to_id=to_id, about_person_id=concerns))


def _concerned(session: Session, to_kind: str, to_id: uuid.UUID, by: uuid.UUID | None) -> Any:
    table = Model.metadata.tables.get(to_kind)
    owner = None if table is None or to_kind in _NOT_TOLD else owner_of(table, to_id)
    if table is None or owner is None:
        return None
    # A row that is new is written first: what follows asks the database whose it is. One that is still being changed is
    # left alone, as half a change may be none that the database allows.
    if any(getattr(one, "__table__", None) is table for one in session.new):
        session.flush()
    also = kept_in(table).also
    if also is None or by is None:
        return owner
    other = select(table.c[also]).where(table.c["id"] == to_id).scalar_subquery()
    return case((owner == by, other), else_=owner)
