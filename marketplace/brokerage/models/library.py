"""What we store about the library and about free help. Constraints here are the last word."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.brokerage.rules.nouns import OutcomeId, PieceId, PieceKind, PieceStatus, SignpostId, SignpostKind
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.keeping import Kept, Why, nobodys
from marketplace.kit.model import Model
from marketplace.kit.places import CouncilCode


class LibraryPiece(Model):
    """A story, an example plan or a model document that others may learn from."""

    __tablename__ = "library_piece"
    kept = Kept(
        what="Stories and example plans you let us publish",
        whose="author_id",
        why=Why.AGREED,
        spares="organisation_id",
        words=("title", "summary", "words", "plan", "file_name", "contents", "pseudonym", "council", "reason"),
        plain=("media_type", "suspected"),
        audited=True,
        unaudited=("told_at",),
    )
    __table_args__ = (
        CheckConstraint("kind <> 'model_document' OR contents IS NOT NULL", name="a_document_is_a_file"),
        Index(None, "status", "kind"),
    )

    id: Mapped[PieceId] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[PieceKind]
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(300))
    words: Mapped[str] = mapped_column(Text)
    # Of an example plan: its parts, lines and week, for whoever begins from it.
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    file_name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    contents: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    # Under which name it is shown: chosen by its writer.
    pseudonym: Mapped[str] = mapped_column(String(60))
    author_id: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    organisation_id: Mapped[OrganisationId | None] = mapped_column(Uuid, ForeignKey("organisation.id"))
    outcome_id: Mapped[OutcomeId | None] = mapped_column(String(60), ForeignKey("outcome.id"))
    category: Mapped[CategorySlug | None] = mapped_column(String(40), ForeignKey("category.slug"))
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    status: Mapped[PieceStatus]
    # Why a screen wants a person to read it first; empty: nothing.
    suspected: Mapped[list[Any]] = mapped_column(JSON)
    sent_at: Mapped[datetime]
    # By when a moderator must have read it.
    due_at: Mapped[datetime | None]
    # When moderators were last reminded of it.
    told_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)


class Signpost(Model):
    """Where free help is, in one council's area or in all of England."""

    __tablename__ = "signpost"
    kept = nobodys("Where free help is")
    __table_args__ = (Index(None, "council", "kind"),)

    id: Mapped[SignpostId] = mapped_column(Uuid, primary_key=True)
    # None: England.
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    kind: Mapped[SignpostKind]
    # In which order those of one kind are shown; what an operator adds comes first.
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(String(300))
    phone: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(320))
    href: Mapped[str] = mapped_column(String(300))
    # When somebody last made sure that it is right.
    checked_on: Mapped[date]
    written_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    written_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
