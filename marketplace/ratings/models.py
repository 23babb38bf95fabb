"""What we store about reviews and replies. Constraints here are the last word."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import OfferId, ProviderId
from marketplace.kit.model import Model
from marketplace.purchasing.rules import ArrangementId
from marketplace.ratings.rules import Basis, ReplyId, ReviewId, ReviewStatus

_SAID_USED = text("basis = 'said_used'")


class Review(Model):
    """What one person says about one thing they used."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars_from_one_to_five"),
        CheckConstraint("length(words) BETWEEN 10 AND 3000", name="words_in_bounds"),
        CheckConstraint("(basis = 'arrangement') = (arrangement_id IS NOT NULL)", name="arrangement_is_the_basis"),
        # Without an arrangement behind it, once per person and offer.
        Index(
            "uq_review_said_used",
            "person_id",
            "offer_id",
            unique=True,
            sqlite_where=_SAID_USED,
            postgresql_where=_SAID_USED,
        ),
        Index(None, "offer_id", "status", "written_at"),
        Index(None, "provider_id", "status", "written_at"),
    )

    id: Mapped[ReviewId] = mapped_column(Uuid, primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"))
    provider_id: Mapped[ProviderId] = mapped_column(Uuid, ForeignKey("provider.id"))
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    # Unique: an arrangement is reviewed once.
    arrangement_id: Mapped[ArrangementId | None] = mapped_column(Uuid, ForeignKey("arrangement.id"), unique=True)
    basis: Mapped[Basis]
    stars: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    status: Mapped[ReviewStatus]


class Reply(Model):
    """What the provider answered, under its name. One for each review."""

    __tablename__ = "reply"
    __table_args__ = (CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words_in_bounds"),)

    id: Mapped[ReplyId] = mapped_column(Uuid, primary_key=True)
    review_id: Mapped[ReviewId] = mapped_column(Uuid, ForeignKey("review.id", ondelete="CASCADE"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    written_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    # Held apart from its review: an unkind answer must not take a fair review with it.
    status: Mapped[ReviewStatus]
