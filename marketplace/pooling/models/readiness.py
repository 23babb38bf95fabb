"""What we store about getting ready: interests, the seven steps, what matters, invitations to be told."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.rules import OfferId, Unit
from marketplace.kit.keeping import Kept, Leaving, Moment, Why, nobodys
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode
from marketplace.pooling.rules.nouns import AnswerId, CriterionId, InterestSlug, PoolId, Step


class Interest(Model):
    """Somebody likes something, and lets us tell them how many others near them do. Never who, never why."""

    __tablename__ = "interest"
    kept = Kept(
        what="What you like, so that others near you can be found",
        whose="person_id",
        why=Why.AGREED,
        words=("interest", "council"),
    )
    __table_args__ = (
        CheckConstraint("metres BETWEEN 1000 AND 50000", name="metres_within_bounds"),
        # A box around somebody, then the distance.
        Index(None, "interest", "easting"),
    )

    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    interest: Mapped[InterestSlug] = mapped_column(String(40), primary_key=True)
    # The middle of a square kilometre, never the home.
    easting: Mapped[int]
    northing: Mapped[int]
    # How far they would go, in metres.
    metres: Mapped[int]
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    since: Mapped[datetime]
    # When they were last told that enough others are near.
    told_at: Mapped[datetime | None]


class PoolStep(Model):
    """What a pool has said in one of the seven steps of getting ready."""

    __tablename__ = "pool_step"
    kept = Kept(
        what="What you said for your pool while it got ready",
        whose="said_by",
        leaving=Leaving.STAYS,
        because="others in the pool joined, or decided, on it",
        words=("answers",),
    )

    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"), primary_key=True)
    step: Mapped[Step] = mapped_column(primary_key=True)
    # By the name of the question.
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    said_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    said_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class PoolCriterion(Model):
    """Something that matters, in members' own words: to all of them, or to some."""

    __tablename__ = "pool_criterion"
    kept = Kept(
        what="What matters to you, as you told your pool",
        whose="said_by",
        leaving=Leaving.EMPTIED,
        because="others in the pool joined, or decided, on it",
        blanks={"words": "", "removed_at": Moment.LEFT},
    )

    id: Mapped[CriterionId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"), index=True)
    words: Mapped[str] = mapped_column(String(200))
    said_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    said_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class PoolCriterionVoice(Model):
    """One member for whom a criterion must be met."""

    __tablename__ = "pool_criterion_voice"
    kept = Kept(what="What else matters to you", whose="person_id")

    criterion_id: Mapped[CriterionId] = mapped_column(Uuid, ForeignKey("pool_criterion.id"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]


class PoolAnswer(Model):
    """What a provider answers to a wish: one of their offers, with a few words. Quotes in full are brokerage's."""

    __tablename__ = "pool_answer"
    kept = nobodys("What providers answer to a pool")
    __table_args__ = (
        CheckConstraint("whole_price >= 0", name="whole_price_not_negative"),
        CheckConstraint(
            "whole_price IS NULL OR (unit IS NOT NULL AND people_from IS NOT NULL)", name="a_price_is_for_a_unit"
        ),
        CheckConstraint("most_people >= people_from", name="room_for_the_least"),
        Index(
            "uq_pool_answer_live",
            "pool_id",
            "offer_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[AnswerId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"))
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), index=True)
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"))
    words: Mapped[str] = mapped_column(Text)
    # A price for the whole group, for one unit, that people would share; without it, the offer's own group prices.
    whole_price: Mapped[Money | None]
    unit: Mapped[Unit | None]
    people_from: Mapped[int | None]
    # How many they can take.
    most_people: Mapped[int | None]
    answered_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    answered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
