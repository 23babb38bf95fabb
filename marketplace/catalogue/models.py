"""What we store about providers and offers. Constraints here are the last word."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId
from marketplace.catalogue.rules import (
    AccessFact,
    CategorySlug,
    OfferId,
    OfferStatus,
    PriceId,
    ProviderId,
    ProviderKind,
    Setting,
    SourceKey,
    Unit,
)
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode


class Category(Model):
    """A shelf of the catalogue."""

    __tablename__ = "category"

    slug: Mapped[CategorySlug] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    parent: Mapped[CategorySlug | None] = mapped_column(String(40), ForeignKey("category.slug"))
    position: Mapped[int] = mapped_column(unique=True)


class Source(Model):
    """A published list that entries were taken from, with whom to thank and on what terms."""

    __tablename__ = "source"

    key: Mapped[SourceKey] = mapped_column(String(80), primary_key=True)
    publisher: Mapped[str] = mapped_column(String(200))
    licence: Mapped[str] = mapped_column(String(200))
    licence_url: Mapped[str] = mapped_column(String(500))
    url: Mapped[str] = mapped_column(String(500))


class Provider(Model):
    """Somebody who offers things."""

    __tablename__ = "provider"
    __table_args__ = (
        CheckConstraint("kind = 'universal_service' OR organisation_id IS NOT NULL", name="sold_by_an_organisation"),
        CheckConstraint("kind <> 'micro_provider' OR coalesce(staff_fte, 0) > 0", name="micro_provider_says_its_size"),
        CheckConstraint(
            "kind <> 'user_led_organisation' OR coalesce(board_share, 0) > 50", name="user_led_by_over_half_its_board"
        ),
        CheckConstraint("board_share BETWEEN 0 AND 100", name="board_share_in_hundreds"),
        CheckConstraint("(easting IS NULL) = (northing IS NULL)", name="easting_and_northing"),
        CheckConstraint("(source IS NULL) = (source_key IS NULL)", name="source_and_key"),
        UniqueConstraint("source", "source_key"),
    )

    id: Mapped[ProviderId] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[OrganisationId | None] = mapped_column(Uuid, ForeignKey("organisation.id"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[ProviderKind]
    # Full-time equivalents: what makes a micro-provider is its size [001].
    staff_fte: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    # How many in every hundred of the board use support themselves.
    board_share: Mapped[int | None]
    about: Mapped[str] = mapped_column(Text)
    postcode: Mapped[str | None] = mapped_column(String(8))
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    council: Mapped[CouncilCode | None] = mapped_column(String(9), index=True)
    website: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[SourceKey | None] = mapped_column(String(80), ForeignKey("source.key"))
    source_key: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]


class Offer(Model):
    """One thing that one provider offers."""

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint("(easting IS NULL) = (northing IS NULL)", name="easting_and_northing"),
        CheckConstraint("travels_metres >= 0", name="travels_no_less_than_nothing"),
        CheckConstraint("(source IS NULL) = (source_key IS NULL)", name="source_and_key"),
        CheckConstraint("status <> 'live' OR description <> '' OR source IS NOT NULL", name="live_says_what_it_is"),
        UniqueConstraint("source", "source_key"),
        Index(None, "status", "updated_at"),
    )

    id: Mapped[OfferId] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[ProviderId] = mapped_column(Uuid, ForeignKey("provider.id"), index=True)
    category: Mapped[CategorySlug] = mapped_column(String(40), ForeignKey("category.slug"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    status: Mapped[OfferStatus]
    setting: Mapped[Setting]
    travels_metres: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(300))
    postcode: Mapped[str | None] = mapped_column(String(8))
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    council: Mapped[CouncilCode | None] = mapped_column(String(9), index=True)
    is_free: Mapped[bool]
    source: Mapped[SourceKey | None] = mapped_column(String(80), ForeignKey("source.key"))
    source_key: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class OfferAccess(Model):
    """One access fact that an offer has."""

    __tablename__ = "offer_access"

    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    fact: Mapped[AccessFact] = mapped_column(primary_key=True)


class OfferPrice(Model):
    """What each person pays for one unit. Never edited: the next edition follows it."""

    __tablename__ = "price"
    __table_args__ = (
        UniqueConstraint("offer_id", "edition", "people_from"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("people_from >= 1", name="people_from_at_least_one"),
    )

    id: Mapped[PriceId] = mapped_column(Uuid, primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"))
    amount: Mapped[Money]
    unit: Mapped[Unit]
    people_from: Mapped[int] = mapped_column(default=1)
    begins_on: Mapped[date]
    # Prices set together share an edition; a later edition wins among those that begin on the same day.
    edition: Mapped[int]
