"""What we store about how we know that somebody used something. Constraints here are the last word."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.rules import OfferId
from marketplace.kit.keeping import Kept, Lasts, Why, nobodys
from marketplace.kit.model import Model
from marketplace.ratings.rules.nouns import CardBatchId, CardId, FileUse, ProofState, ReviewId


class CardBatch(Model):
    """Review cards made together: by the provider for its own offer, or by a user-led organisation for another's."""

    __tablename__ = "card_batch"
    kept = nobodys("Review cards; nobody knows whose")

    id: Mapped[CardBatchId] = mapped_column(Uuid, primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), index=True)
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"), index=True)
    # Whether a user-led organisation gives its word by handing it out. Else it is the provider's own.
    is_word: Mapped[bool]
    made_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    made_at: Mapped[datetime]
    expires_on: Mapped[date]


class Card(Model):
    """One card with a code that works once. We keep a hash, so a copy of the database opens nothing."""

    __tablename__ = "card"
    kept = nobodys("Review cards; nobody knows whose")

    id: Mapped[CardId] = mapped_column(Uuid, primary_key=True)
    batch_id: Mapped[CardBatchId] = mapped_column(Uuid, ForeignKey("card_batch.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class InvoiceProof(Model):
    """An invoice that shows that somebody used what they review. Looked at by a person, then discarded."""

    __tablename__ = "invoice_proof"
    kept = Kept(
        what="Invoices you sent as proof",
        whose="review_id",
        why=Why.AGREED,
        words=("file", "reason"),
        plain=("media_type",),
        audited=True,
        unaudited=("told_at",),
    )
    __table_args__ = (
        CheckConstraint("(state = 'to_check') = (file IS NOT NULL)", name="file_goes_when_checked"),
        CheckConstraint("(state = 'to_check') = (checked_at IS NULL)", name="checked_has_its_time"),
        CheckConstraint("state <> 'refused' OR length(reason) > 0", name="refused_with_a_reason"),
    )

    review_id: Mapped[ReviewId] = mapped_column(Uuid, ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    file: Mapped[bytes | None]
    media_type: Mapped[str] = mapped_column(String(40))
    state: Mapped[ProofState]
    sent_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    checked_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    # When we last wrote to those who check.
    told_at: Mapped[datetime | None]


class VoiceNote(Model):
    """What somebody said aloud. Nobody but its writer and who writes it down hears it; then it is deleted."""

    __tablename__ = "voice_note"
    kept = Kept(what="Reviews you spoke", whose="review_id", words=("sound",), plain=("media_type",))

    review_id: Mapped[ReviewId] = mapped_column(Uuid, ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    sound: Mapped[bytes]
    media_type: Mapped[str] = mapped_column(String(40))
    seconds: Mapped[int]
    recorded_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    # When we last wrote to those who write it down.
    told_at: Mapped[datetime | None]


class KeptFile(Model):
    """An invoice or a voice note whose sender has not sent the review yet. Of each one at a time; gone after a day."""

    __tablename__ = "kept_file"
    kept = Kept(
        what="Recordings and invoices of a review you have not sent",
        whose="person_id",
        words=("content",),
        plain=("media_type",),
        lasts=Lasts(1, "kept_at"),
    )

    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    use: Mapped[FileUse] = mapped_column(primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"))
    content: Mapped[bytes]
    media_type: Mapped[str] = mapped_column(String(40))
    seconds: Mapped[int] = mapped_column(default=0)
    kept_at: Mapped[datetime] = mapped_column(index=True)
