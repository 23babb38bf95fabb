"""Who did what, and when. Append only; written in the transaction that did it."""

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Uuid
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.kit.model import Model


class AuditEvent(Model):
    """One thing that somebody did. It names rows, never people's words or addresses."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "to_kind", "to_id"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    at: Mapped[datetime]
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    did: Mapped[str] = mapped_column(String(60))
    to_kind: Mapped[str] = mapped_column(String(40))
    to_id: Mapped[uuid.UUID] = mapped_column(Uuid)


def record(session: Session, *, by: uuid.UUID | None, did: str, to_kind: str, to_id: uuid.UUID, now: datetime) -> None:
    """Remember that a person (or, with `by=None`, a job) did something to a row. `did` is a verb in the past."""
    session.add(AuditEvent(at=now, by_person_id=by, did=did, to_kind=to_kind, to_id=to_id))
