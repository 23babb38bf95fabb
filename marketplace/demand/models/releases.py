"""What was released, exactly as it was, and who took it away. Constraints here are the last word."""

import uuid
import zlib
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.demand.rules.nouns import FileKind, ReleaseFileId, ReleaseId, TokenId
from marketplace.kit.keeping import Kept, Leaving, Moment, Why, nobodys
from marketplace.kit.model import Model
from marketplace.kit.regions import AreaCode


class Release(Model):
    """
    The figures of one closed quarter, for all of England at once. Written once, never changed.

    `sha256` covers the release before this one and every CSV file of this one: whoever has the last has them all.
    `audit` says in figures what an attack on it found: see `docs/demand.md`.
    """

    __tablename__ = "release"
    kept = nobodys("Released figures")
    __table_args__ = (
        UniqueConstraint("year", "quarter"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter_of_a_year"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
    )

    id: Mapped[ReleaseId] = mapped_column(Uuid, primary_key=True)
    year: Mapped[int]
    quarter: Mapped[int]
    built_at: Mapped[datetime]
    method: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    shown: Mapped[int]
    hidden: Mapped[int]
    audit: Mapped[dict[str, Any]] = mapped_column(JSON)


class ReleaseFile(Model):
    """The figures of one area in one form. CSV files are made with the release; others when first asked for."""

    __tablename__ = "release_file"
    kept = nobodys("Released figures")
    __table_args__ = (
        UniqueConstraint("release_id", "area", "kind"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
    )

    id: Mapped[ReleaseFileId] = mapped_column(Uuid, primary_key=True)
    release_id: Mapped[ReleaseId] = mapped_column(Uuid, ForeignKey("release.id"))
    area: Mapped[AreaCode] = mapped_column(String(9), index=True)
    kind: Mapped[FileKind]
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]

    @property
    def content(self) -> bytes:
        """The file, as it is downloaded."""
        return zlib.decompress(self.packed)


class ReleaseDownload(Model):
    """That somebody took a file away. The public sees how many, never who."""

    __tablename__ = "release_download"
    kept = Kept(
        what="Which figures you took away",
        whose="person_id",
        leaving=Leaving.STAYS,
        why=Why.FAIR,
        because="who took which figures away stays on record",
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    file_id: Mapped[ReleaseFileId] = mapped_column(Uuid, ForeignKey("release_file.id"), index=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    token_id: Mapped[TokenId | None] = mapped_column(Uuid, ForeignKey("demand_token.id"))
    at: Mapped[datetime]


class DemandToken(Model):
    """What lets a commissioner's own program ask for their figures. We keep a hash, so a copy of it opens nothing."""

    __tablename__ = "demand_token"
    kept = Kept(
        what="Keys you made for the figures of councils",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        because="who took which figures away stays on record",
        blanks={"name": "", "revoked_at": Moment.LEFT},
        secrets=("token_hash",),
        audited=True,
    )

    id: Mapped[TokenId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
