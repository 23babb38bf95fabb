"""What we store about decision packs. Never changed, never deleted: triggers of the database refuse it."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.kit.keeping import Kept, Leaving
from marketplace.kit.model import Model
from marketplace.purchasing.rules.nouns import PackId


class DecisionPack(Model):
    """What a person chose between, and why, frozen for a review of their direct payment."""

    __tablename__ = "decision_pack"
    kept = Kept(
        what="Decision packs you made",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        because="that there was one, and its fingerprint, stays: so a forged one is found out",
        blanks={"title": "", "reasons": "", "contents": "", "pdf": b""},
        plain=("contents_hash",),
    )
    __table_args__ = (UniqueConstraint("person_id", "number"),)

    id: Mapped[PackId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    reasons: Mapped[str] = mapped_column(Text)
    # What was true at that moment, as JSON with sorted keys: what the hash is over.
    contents: Mapped[str] = mapped_column(Text)
    contents_hash: Mapped[str] = mapped_column(String(64), unique=True, index=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
