"""What we store about pools. Constraints here are the last word."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import CategorySlug, OfferId, Unit
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode
from marketplace.pooling.rules import FEWEST_PEOPLE, MOST_PEOPLE, PledgeId, PoolId, PoolStatus


class Pool(Model):
    """Some people who would like to buy one offer together. Its price is the one they were told when it was opened."""

    __tablename__ = "pool"
    __table_args__ = (
        CheckConstraint(
            f"minimum_people BETWEEN {FEWEST_PEOPLE} AND {MOST_PEOPLE}", name="minimum_people_within_bounds"
        ),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price >= 0 AND unit_price < price_alone", name="cheaper_together"),
        CheckConstraint("closes_at > opened_at", name="closes_after_it_opens"),
        CheckConstraint("(status = 'forming') = (closed_at IS NULL)", name="closed_when_over"),
        Index(None, "status", "closes_at"),
        Index(None, "status", "opened_at"),
        # What demand counts by.
        Index(None, "council", "opened_at"),
    )

    id: Mapped[PoolId] = mapped_column(Uuid, primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), index=True)
    opened_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(Text)
    minimum_people: Mapped[int]
    # Both prices are frozen when the pool opens, so what people were told they would save stays true.
    unit_price: Mapped[Money]
    price_alone: Mapped[Money]
    unit: Mapped[Unit]
    quantity: Mapped[int]
    starts_on: Mapped[date]
    # Where the person who opened it lives: never shown, only counted.
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    category: Mapped[CategorySlug] = mapped_column(String(40), ForeignKey("category.slug"), index=True)
    status: Mapped[PoolStatus] = mapped_column(default=PoolStatus.FORMING)
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # Kept from view by a moderator since then; what it says is its opener's own words.
    held_at: Mapped[datetime | None]


class Pledge(Model):
    """One person who said they are in. Leaving keeps the row, so that joining and leaving can be told apart."""

    __tablename__ = "pledge"
    __table_args__ = (
        Index(
            "uq_pledge_live",
            "pool_id",
            "person_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("withdrawn_at >= pledged_at", name="withdrawn_after_pledged"),
    )

    id: Mapped[PledgeId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"), index=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    pledged_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
