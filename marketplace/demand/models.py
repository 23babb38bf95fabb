"""What we store about demand: what was released, exactly as it was. Constraints here are the last word."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.demand.rules import ReleaseId
from marketplace.kit.model import Model
from marketplace.kit.places import CouncilCode


class Release(Model):
    """The figures of one council and one quarter. Written once, never changed: every download is these bytes."""

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("council", "year", "quarter"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter_of_a_year"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
    )

    id: Mapped[ReleaseId] = mapped_column(Uuid, primary_key=True)
    council: Mapped[CouncilCode] = mapped_column(String(9))
    year: Mapped[int]
    quarter: Mapped[int]
    built_at: Mapped[datetime]
    method: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
