"""What we store about quality checks by peers [000, Gateshead]. Constraints here are the last word."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.rules import ProviderId
from marketplace.kit.keeping import nobodys
from marketplace.kit.model import Model
from marketplace.ratings.rules.nouns import (
    ChecklistId,
    ChecklistItemId,
    Finding,
    QualityCheckId,
    QualityCorrectionId,
)


class Checklist(Model):
    """What a user-led organisation looks at on a visit: its own list. Never edited: the next edition follows it."""

    __tablename__ = "checklist"
    kept = nobodys("What peers look at on a visit")
    __table_args__ = (UniqueConstraint("organisation_id", "title", "edition"),)

    id: Mapped[ChecklistId] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(120))
    edition: Mapped[int]
    written_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    written_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class ChecklistItem(Model):
    """One thing to look at."""

    __tablename__ = "checklist_item"
    kept = nobodys("What peers look at on a visit")
    __table_args__ = (UniqueConstraint("checklist_id", "position"),)

    id: Mapped[ChecklistItemId] = mapped_column(Uuid, primary_key=True)
    checklist_id: Mapped[ChecklistId] = mapped_column(Uuid, ForeignKey("checklist.id"))
    position: Mapped[int]
    words: Mapped[str] = mapped_column(String(300))


class QualityCheck(Model):
    """One visit by peers, its report, and the provider's answer beside it."""

    __tablename__ = "quality_check"
    kept = nobodys("Reports of visits by peers")
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_has_its_time"),
        CheckConstraint("published_at IS NULL OR length(report) > 0", name="published_with_a_report"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_with_a_reason"),
        CheckConstraint("withdrawn_at IS NULL OR published_at IS NOT NULL", name="only_published_ones_are_withdrawn"),
        Index(None, "provider_id", "published_at"),
    )

    id: Mapped[QualityCheckId] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[ProviderId] = mapped_column(Uuid, ForeignKey("provider.id"))
    # Who checked: the user-led organisation whose checklist it is.
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"), index=True)
    checklist_id: Mapped[ChecklistId] = mapped_column(Uuid, ForeignKey("checklist.id"))
    visited_on: Mapped[date]
    report: Mapped[str] = mapped_column(Text, default="")
    begun_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    # Taken back: that it was, and why, stays to be read.
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="", server_default="")


class QualityFinding(Model):
    """What was found about one item."""

    __tablename__ = "quality_finding"
    kept = nobodys("What peers found")

    check_id: Mapped[QualityCheckId] = mapped_column(
        Uuid, ForeignKey("quality_check.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[ChecklistItemId] = mapped_column(Uuid, ForeignKey("checklist_item.id"), primary_key=True)
    finding: Mapped[Finding]
    words: Mapped[str] = mapped_column(Text, default="")


class QualityCorrection(Model):
    """Something in a published report that was wrong. The report itself is never changed in silence."""

    __tablename__ = "quality_correction"
    kept = nobodys("Corrections of those reports")
    __table_args__ = (CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words_in_bounds"),)

    id: Mapped[QualityCorrectionId] = mapped_column(Uuid, primary_key=True)
    check_id: Mapped[QualityCheckId] = mapped_column(
        Uuid, ForeignKey("quality_check.id", ondelete="CASCADE"), index=True
    )
    words: Mapped[str] = mapped_column(Text)
    written_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    written_at: Mapped[datetime]
