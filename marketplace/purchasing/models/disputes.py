"""What we store about disputes. Constraints here are the last word."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.kit.keeping import Kept, Leaving
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.purchasing.rules import ArrangementId, Side
from marketplace.purchasing.rules.nouns import DisputeId, DisputeOutcome


class Dispute(Model):
    """Something that went wrong: one side says so, the other answers, and a moderator decides if they ask for it."""

    __tablename__ = "dispute"
    kept = Kept(
        what="Disputes about what you arranged",
        whose="arrangement_id",
        leaving=Leaving.STAYS,
        because="the provider must be able to show what was agreed, for six years",
        later={"words": "", "wanted": "", "answer": "", "decision": ""},
        audited=True,
        unaudited=("told_at",),
    )
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed_has_an_outcome"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_at_and_by"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_at_and_by"),
        CheckConstraint("refund >= 0", name="refund_not_negative"),
        Index(
            "uq_dispute_open",
            "arrangement_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[DisputeId] = mapped_column(Uuid, primary_key=True)
    arrangement_id: Mapped[ArrangementId] = mapped_column(Uuid, ForeignKey("arrangement.id"), index=True)
    opened_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    side: Mapped[Side]
    words: Mapped[str] = mapped_column(Text)
    wanted: Mapped[str] = mapped_column(Text, default="", server_default="")
    opened_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    answered_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    # Either side asks a moderator to decide.
    referred_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(Text, default="", server_default="")
    outcome: Mapped[DisputeOutcome | None]
    # What the provider should give back, if anything. They pay it: we hold no money.
    refund: Mapped[Money | None]
    closed_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    # When somebody was last told that it waits.
    told_at: Mapped[datetime | None]
