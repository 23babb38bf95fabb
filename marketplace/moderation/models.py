"""What we store about reports and decisions. Constraints here are the last word."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.kit.keeping import Kept, Leaving, Why, nobodys
from marketplace.kit.model import Model
from marketplace.moderation.rules import DecisionId, Outcome, ReportId, ReportReason, SubjectKind


class Report(Model):
    """Somebody told us that something on the site is wrong."""

    __tablename__ = "report"
    kept = Kept(
        what="What you reported",
        whose="reported_by",
        leaving=Leaving.STAYS,
        why=Why.FAIR,
        because="somebody may be in danger, and moderators must be able to show what they did",
        words=("words",),
        later={"words": ""},
        audited=True,
    )
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_at_and_by"),
        Index(None, "closed_at", "at"),
        Index(None, "subject_kind", "subject_id"),
    )

    id: Mapped[ReportId] = mapped_column(Uuid, primary_key=True)
    subject_kind: Mapped[SubjectKind]
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    # Anyone may report, signed in or not.
    reported_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    reason: Mapped[ReportReason]
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))


class Decision(Model):
    """What a moderator decided about something, and why. Never changed: a later decision follows it."""

    __tablename__ = "decision"
    kept = nobodys("What moderators decided", audited=True)
    __table_args__ = (
        CheckConstraint("outcome NOT IN ('refused', 'held') OR reason <> ''", name="reason_given"),
        Index(None, "subject_kind", "subject_id", "at"),
    )

    id: Mapped[DecisionId] = mapped_column(Uuid, primary_key=True)
    subject_kind: Mapped[SubjectKind]
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    outcome: Mapped[Outcome]
    reason: Mapped[str] = mapped_column(Text)
    by_person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    at: Mapped[datetime]
