"""What we store about providers and offers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId
from marketplace.catalogue.rules import (
    AccessFact,
    Capacity,
    CategorySlug,
    CqcLocationId,
    CqcStanding,
    Day,
    ListingId,
    OfferId,
    OfferStatus,
    PartOfDay,
    PriceId,
    ProviderId,
    ProviderKind,
    Rate,
    Setting,
    SourceKey,
    Trade,
    Unit,
    WayToPay,
)
from marketplace.kit.keeping import Lasts, nobodys
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode


class Category(Model):
    """A shelf of the catalogue."""

    __tablename__ = "category"
    kept = nobodys("Kinds of support")

    slug: Mapped[CategorySlug] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    parent: Mapped[CategorySlug | None] = mapped_column(String(40), ForeignKey("category.slug"))
    position: Mapped[int] = mapped_column(unique=True)


class Source(Model):
    """A published list that entries were taken from, with whom to thank and on what terms."""

    __tablename__ = "source"
    kept = nobodys("Where open data comes from")

    key: Mapped[SourceKey] = mapped_column(String(80), primary_key=True)
    publisher: Mapped[str] = mapped_column(String(200))
    licence: Mapped[str] = mapped_column(String(200))
    licence_url: Mapped[str] = mapped_column(String(500))
    url: Mapped[str] = mapped_column(String(500))


class Provider(Model):
    """Somebody who offers things."""

    __tablename__ = "provider"
    kept = nobodys("Providers")
    __table_args__ = (
        CheckConstraint("kind = 'universal_service' OR organisation_id IS NOT NULL", name="sold_by_an_organisation"),
        CheckConstraint("kind <> 'micro_provider' OR coalesce(staff_fte, 0) > 0", name="micro_provider_says_its_size"),
        CheckConstraint(
            "kind <> 'user_led_organisation' OR coalesce(board_share, 0) > 50", name="user_led_by_over_half_its_board"
        ),
        CheckConstraint("board_share BETWEEN 0 AND 100", name="board_share_in_hundreds"),
        CheckConstraint("(kind = 'other_provider') = (trade IS NOT NULL)", name="other_provider_says_its_trade"),
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
    # How many in every hundred of the board use support themselves, who says so, and when that was.
    board_share: Mapped[int | None]
    board_share_source: Mapped[str] = mapped_column(String(200), default="", server_default="")
    board_share_on: Mapped[date | None]
    # Declared independent of any larger organisation: the other half of what makes a micro-provider [001].
    is_independent: Mapped[bool] = mapped_column(default=False, server_default=false())
    trade: Mapped[Trade | None]
    cqc_location_id: Mapped[CqcLocationId | None] = mapped_column(String(20), ForeignKey("cqc_location.id"))
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
    kept = nobodys("Offers")
    __table_args__ = (
        CheckConstraint("(easting IS NULL) = (northing IS NULL)", name="easting_and_northing"),
        CheckConstraint("travels_metres >= 0", name="travels_no_less_than_nothing"),
        CheckConstraint("(source IS NULL) = (source_key IS NULL)", name="source_and_key"),
        CheckConstraint("status <> 'live' OR description <> '' OR source IS NOT NULL", name="live_says_what_it_is"),
        CheckConstraint("(capacity IS NULL) = (capacity_on IS NULL)", name="capacity_has_a_day"),
        CheckConstraint("notice_hours >= 0", name="notice_hours_not_negative"),
        CheckConstraint("travel_per_mile > 0", name="travel_per_mile_positive"),
        CheckConstraint("video_url IS NOT NULL OR NOT video_has_captions", name="video_says_whether_it_has_captions"),
        UniqueConstraint("source", "source_key"),
        Index(None, "status", "updated_at"),
        Index(None, "status", "confirmed_at"),
        Index(None, "status", "listed_at", "id"),
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
    # What the price includes, and whom it suits, in the provider's words.
    included: Mapped[str] = mapped_column(Text, default="", server_default="")
    suits: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Hours before the start at which somebody can still cancel and pay nothing.
    notice_hours: Mapped[int | None]
    travel_per_mile: Mapped[Money | None]
    video_url: Mapped[str | None] = mapped_column(String(500))
    video_has_captions: Mapped[bool] = mapped_column(default=False, server_default=false())
    capacity: Mapped[Capacity | None]
    capacity_on: Mapped[date | None]
    # Personal care is not shown until it is known how it stands to the rule of registration.
    cqc_standing: Mapped[CqcStanding | None]
    cqc_because: Mapped[str] = mapped_column(Text, default="", server_default="")
    source: Mapped[SourceKey | None] = mapped_column(String(80), ForeignKey("source.key"))
    source_key: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # When it first came on the site, when its provider last said that it is right, and when we last asked.
    listed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]


class OfferAccess(Model):
    """One access fact that an offer has."""

    __tablename__ = "offer_access"
    kept = nobodys("What an offer says about access")

    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    fact: Mapped[AccessFact] = mapped_column(primary_key=True)


class OfferPrice(Model):
    """What each person pays for one unit. Never edited: the next edition follows it."""

    __tablename__ = "price"
    kept = nobodys("Prices")
    __table_args__ = (
        UniqueConstraint("offer_id", "edition", "people_from", "rate"),
        CheckConstraint("unit <> 'package' OR hours > 0", name="package_says_its_hours"),
        CheckConstraint(
            "coalesce(admin, 0) >= 0 AND coalesce(overhead, 0) >= 0"
            " AND coalesce(admin, 0) + coalesce(overhead, 0) <= amount",
            name="parts_within_amount",
        ),
        CheckConstraint("people_from = 1 OR rate = 'standard'", name="groups_pay_one_rate"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("people_from >= 1", name="people_from_at_least_one"),
    )

    id: Mapped[PriceId] = mapped_column(Uuid, primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"))
    amount: Mapped[Money]
    unit: Mapped[Unit]
    people_from: Mapped[int] = mapped_column(default=1)
    rate: Mapped[Rate] = mapped_column(default=Rate.STANDARD, server_default=Rate.STANDARD.value)
    # How many hours a package holds.
    hours: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    # How much of the amount goes on running the business, if the provider shows it [001].
    admin: Mapped[Money | None]
    overhead: Mapped[Money | None]
    begins_on: Mapped[date]
    # Prices set together share an edition; a later edition wins among those that begin on the same day.
    edition: Mapped[int]


class OfferTime(Model):
    """One part of one day of the week in which an offer can be had."""

    __tablename__ = "offer_time"
    kept = nobodys("When an offer is on")
    __table_args__ = (CheckConstraint("day BETWEEN 1 AND 7", name="day_of_the_week"),)

    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    day: Mapped[Day] = mapped_column(Integer, primary_key=True)
    part: Mapped[PartOfDay] = mapped_column(primary_key=True)


class OfferPayment(Model):
    """One way in which an offer can be paid for."""

    __tablename__ = "offer_payment"
    kept = nobodys("How an offer can be paid")

    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    way: Mapped[WayToPay] = mapped_column(primary_key=True)


class OfferCouncil(Model):
    """One council area that an offer serves all of, however far it is."""

    __tablename__ = "offer_council"
    kept = nobodys("Where an offer is for people")

    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    council: Mapped[CouncilCode] = mapped_column(String(9), primary_key=True, index=True)


class OfferLanguage(Model):
    """One language, besides English, that is spoken or signed."""

    __tablename__ = "offer_language"
    kept = nobodys("Languages of an offer")

    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(40), primary_key=True)


class Listing(Model):
    """An offer as its provider is writing it: the answers so far. Nobody else sees it before it is sent."""

    __tablename__ = "listing"
    kept = nobodys("Offers that are being written", lasts=Lasts(365, "saved_at"))

    id: Mapped[ListingId] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[ProviderId] = mapped_column(Uuid, ForeignKey("provider.id"), index=True)
    # The offer it began from, or became.
    offer_id: Mapped[OfferId | None] = mapped_column(Uuid, ForeignKey("offer.id"), unique=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
