"""What we store of support that goes on together, and of what came of it. Constraints here are the last word."""

import uuid
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, Time, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.kit.keeping import Kept, Leaving, Why, nobodys
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.pooling.rules.nouns import (
    Measure,
    MeasureId,
    PoolId,
    Presence,
    SharedVisitId,
    SharedVisitStatus,
)
from marketplace.purchasing.rules.nouns import VisitId


class SharedVisit(Model):
    """One time that support is given to the members of a pool together. Its cost is shared by the agreement's rules."""

    __tablename__ = "shared_visit"
    kept = nobodys("Visits that pools share")
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_in_bounds"),
        CheckConstraint("cost >= 0", name="cost_not_negative"),
        CheckConstraint("(status = 'held') = (held_at IS NOT NULL)", name="held_has_a_moment"),
        Index(None, "pool_id", "held_on"),
    )

    id: Mapped[SharedVisitId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"))
    held_on: Mapped[date]
    # British time.
    starts_at: Mapped[time | None] = mapped_column(Time)
    minutes: Mapped[int]
    status: Mapped[SharedVisitStatus]
    # What the provider gets for it in all, once it was held.
    cost: Mapped[Money | None]
    planned_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    planned_at: Mapped[datetime]
    # When the provider said it was held, and who was there.
    held_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SharedVisitMember(Model):
    """One member's part in a shared visit: whether they will come, whether they came, and their share in pence."""

    __tablename__ = "shared_visit_member"
    kept = Kept(
        what="Shared visits you were at",
        whose="person_id",
        leaving=Leaving.STAYS,
        because="the provider must be able to show what was agreed, for six years",
    )
    __table_args__ = (CheckConstraint("share >= 0", name="share_not_negative"),)

    shared_visit_id: Mapped[SharedVisitId] = mapped_column(Uuid, ForeignKey("shared_visit.id"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    # When they said that they cannot come.
    away_said_at: Mapped[datetime | None]
    presence: Mapped[Presence | None]
    share: Mapped[Money | None]
    # The visit of their own arrangement, which they confirm or query.
    visit_id: Mapped[VisitId | None] = mapped_column(Uuid, ForeignKey("visit.id"), unique=True)


class PoolMeasure(Model):
    """Something the members look at before and after, of their own choice."""

    __tablename__ = "pool_measure"
    kept = nobodys("What pools measure")

    id: Mapped[MeasureId] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"), index=True)
    measure: Mapped[Measure]
    # What is asked, where it is their own.
    words: Mapped[str] = mapped_column(String(200), default="", server_default="")
    chosen_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class PoolReading(Model):
    """What one member says to one measure on one day. The others only ever see what they say together."""

    __tablename__ = "pool_reading"
    kept = Kept(what="What you measured in your pool", whose="person_id", why=Why.AGREED)
    __table_args__ = (
        UniqueConstraint("measure_id", "person_id", "round"),
        CheckConstraint("round >= 0", name="round_not_negative"),
        CheckConstraint("value BETWEEN 0 AND 1000", name="value_in_bounds"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    measure_id: Mapped[MeasureId] = mapped_column(Uuid, ForeignKey("pool_measure.id"))
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    # 0 is the baseline; 1, 2, 3 ... are follow-ups.
    round: Mapped[int]
    value: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    said_on: Mapped[date]


class PoolStory(Model):
    """One page about how it went, which the members may show to everybody."""

    __tablename__ = "pool_story"
    kept = Kept(
        what="The story of your pool that you wrote",
        whose="written_by",
        leaving=Leaving.STAYS,
        why=Why.AGREED,
        because="everybody in the pool agreed to it",
        words=("title", "words"),
    )

    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text)
    with_figures: Mapped[bool]
    written_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    written_at: Mapped[datetime]
    # Once every member has agreed to exactly these words, and it has not been taken down.
    published_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]


class PoolStoryYes(Model):
    """One member agrees that the story, as it stands, may be shown."""

    __tablename__ = "pool_story_yes"
    kept = Kept(
        what="Stories you agreed to",
        whose="person_id",
        leaving=Leaving.STAYS,
        why=Why.AGREED,
        because="everybody in the pool agreed to it",
        audited=True,
    )

    pool_id: Mapped[PoolId] = mapped_column(Uuid, ForeignKey("pool_story.pool_id"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]
