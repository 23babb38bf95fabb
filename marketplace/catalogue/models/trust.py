"""What we store so that people can trust what they read: checks, the register, versions, suggestions, photographs."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import (
    CheckKind,
    CheckState,
    CqcLocationId,
    OfferId,
    PhotoId,
    ProviderId,
    SafetyCheckId,
    SuggestionId,
    SuggestionKind,
    VersionId,
)
from marketplace.kit.keeping import Kept, nobodys
from marketplace.kit.model import Model
from marketplace.kit.places import CouncilCode
from marketplace.moderation.rules import DecisionId


class SafetyCheck(Model):
    """What is known of one kind of check on a provider. Never edited: the next edition follows it."""

    __tablename__ = "safety_check"
    kept = nobodys("Checks on providers", audited=True)
    __table_args__ = (
        CheckConstraint(
            "state <> 'checked' OR (checked_on IS NOT NULL AND checked_by <> '')",
            name="checked_says_when_and_by_whom",
        ),
        CheckConstraint("expires_on >= checked_on", name="expires_after_it_was_checked"),
        UniqueConstraint("provider_id", "kind", "edition"),
    )

    id: Mapped[SafetyCheckId] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[ProviderId] = mapped_column(Uuid, ForeignKey("provider.id"))
    kind: Mapped[CheckKind]
    state: Mapped[CheckState]
    # Of a DBS check: basic, standard, enhanced, enhanced with barred lists. Of hygiene: the rating.
    level: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    checked_by: Mapped[str] = mapped_column(String(200), default="")
    checked_on: Mapped[date | None]
    expires_on: Mapped[date | None] = mapped_column(index=True)
    recorded_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    edition: Mapped[int]
    reminded_at: Mapped[datetime | None]
    expiry_told_at: Mapped[datetime | None]


class CqcLocation(Model):
    """One place on the public register of the Care Quality Commission, as last imported."""

    __tablename__ = "cqc_location"
    kept = nobodys("The register of the Care Quality Commission")

    id: Mapped[CqcLocationId] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    provider_name: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str | None] = mapped_column(String(8), index=True)
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    service_types: Mapped[str] = mapped_column(Text)
    rating: Mapped[str] = mapped_column(String(40))
    checked_on: Mapped[date | None]
    is_registered: Mapped[bool]
    imported_at: Mapped[datetime]


class OfferVersion(Model):
    """An offer as it was saved, whole. Never changed; a decision names the version that was read."""

    __tablename__ = "offer_version"
    kept = nobodys("Offers as they were before")
    __table_args__ = (UniqueConstraint("offer_id", "number"),)

    id: Mapped[VersionId] = mapped_column(Uuid, primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"))
    number: Mapped[int]
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    did: Mapped[str] = mapped_column(String(40))
    saved_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    saved_at: Mapped[datetime]
    decision_id: Mapped[DecisionId | None] = mapped_column(Uuid, ForeignKey("decision.id"))


class Suggestion(Model):
    """A local place that is missing, or a fact that is wrong, as somebody told us."""

    __tablename__ = "suggestion"
    kept = Kept(
        what="What you suggested we list",
        whose="suggested_by",
        words=("name", "place", "words", "council", "answer"),
    )
    __table_args__ = (
        CheckConstraint("(kind = 'wrong_fact') = (offer_id IS NOT NULL)", name="wrong_fact_is_about_an_offer"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_at_and_by"),
        Index(None, "closed_at", "suggested_at"),
    )

    id: Mapped[SuggestionId] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[SuggestionKind]
    offer_id: Mapped[OfferId | None] = mapped_column(Uuid, ForeignKey("offer.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(Text)
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    # Anyone may suggest, signed in or not.
    suggested_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    suggested_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")


class PhotoFile(Model):
    """A photograph itself, as JPEG, large and small. In the database, so that it is kept and lost with the rest."""

    __tablename__ = "photo_file"
    kept = nobodys("Photographs of offers")

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    large: Mapped[bytes]
    small: Mapped[bytes]


class Photo(Model):
    """A provider's photograph of an offer. Its file is known by the digest of what is in it."""

    __tablename__ = "photo"
    kept = nobodys("Photographs of offers")
    __table_args__ = (
        UniqueConstraint("offer_id", "digest"),
        CheckConstraint("alt <> ''", name="alt_says_what_it_shows"),
        CheckConstraint("width > 0 AND height > 0", name="has_a_size"),
    )

    id: Mapped[PhotoId] = mapped_column(Uuid, primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"))
    digest: Mapped[str] = mapped_column(String(64), ForeignKey("photo_file.digest"), index=True)
    alt: Mapped[str] = mapped_column(String(300))
    width: Mapped[int]
    height: Mapped[int]
    position: Mapped[int]
    added_at: Mapped[datetime]
    # When a moderator let everybody see it.
    approved_at: Mapped[datetime | None] = mapped_column(index=True)
