"""What we store about support plans. Constraints here are the last word."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.brokerage.rules.nouns import (
    Circle,
    ClashId,
    CostedBy,
    FileId,
    FileKind,
    HowOften,
    ItemId,
    LineId,
    LinkId,
    OutcomeId,
    Part,
    PartOfDay,
    PlanId,
    ReviewId,
    SupporterId,
    VersionId,
)
from marketplace.catalogue.rules import OfferId
from marketplace.kit.keeping import Kept, Why
from marketplace.kit.model import Model
from marketplace.kit.money import Money


class Plan(Model):
    """One person's support plan."""

    __tablename__ = "plan"
    kept = Kept(what="Your support plan", whose="person_id", why=Why.AGREED)

    id: Mapped[PlanId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), unique=True)
    updated_at: Mapped[datetime]


class PlanPart(Model):
    """One part of a plan as it is written now."""

    __tablename__ = "plan_part"
    kept = Kept(what="What you say in your plan", whose="plan_id", why=Why.AGREED, words=("words",))
    __table_args__ = (CheckConstraint("edition > 0", name="edition_positive"),)

    plan_id: Mapped[PlanId] = mapped_column(Uuid, ForeignKey("plan.id"), primary_key=True)
    part: Mapped[Part] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    # One more each time, so that two who write at once are noticed.
    edition: Mapped[int]
    written_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    written_at: Mapped[datetime]


class PlanClash(Model):
    """What somebody wrote while another was writing the same part. Kept until the two are made one."""

    __tablename__ = "plan_clash"
    kept = Kept(what="What two people wrote at once in your plan", whose="plan_id", why=Why.AGREED, words=("words",))
    __table_args__ = (CheckConstraint("(resolved_at IS NULL) = (resolved_by IS NULL)", name="resolved_at_and_by"),)

    id: Mapped[ClashId] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[PlanId] = mapped_column(Uuid, ForeignKey("plan.id"), index=True)
    part: Mapped[Part]
    words: Mapped[str] = mapped_column(Text)
    written_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    written_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))


class PlanFile(Model):
    """Something drawn, photographed, filmed, spoken or written elsewhere that belongs to a part of a plan."""

    __tablename__ = "plan_file"
    kept = Kept(
        what="Pictures, films, sounds and papers in your plan",
        whose="plan_id",
        why=Why.AGREED,
        words=("said", "name", "contents", "small"),
        plain=("media_type", "digest"),
    )
    __table_args__ = (
        CheckConstraint("size BETWEEN 1 AND 30000000", name="size_in_bounds"),
        CheckConstraint("(removed_at IS NULL) = (contents IS NOT NULL)", name="removed_is_gone"),
        Index(None, "plan_id", "part"),
    )

    id: Mapped[FileId] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[PlanId] = mapped_column(Uuid, ForeignKey("plan.id"))
    part: Mapped[Part]
    kind: Mapped[FileKind]
    # What it shows or says, in words: for those who cannot see or hear it.
    said: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    # In bytes.
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    contents: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    # A small one of a picture.
    small: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class WeekItem(Model):
    """One thing in the picture of a good week."""

    __tablename__ = "week_item"
    kept = Kept(what="The picture of your week", whose="plan_id", why=Why.AGREED, words=("words", "drawing"))
    __table_args__ = (
        CheckConstraint("day BETWEEN 1 AND 7", name="day_of_the_week"),
        UniqueConstraint("plan_id", "day", "part_of_day", "position"),
    )

    id: Mapped[ItemId] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[PlanId] = mapped_column(Uuid, ForeignKey("plan.id"))
    # Monday is 1.
    day: Mapped[int]
    part_of_day: Mapped[PartOfDay]
    position: Mapped[int]
    words: Mapped[str] = mapped_column(String(80))
    # One of our drawings, by its name, or a picture of their own.
    drawing: Mapped[str | None] = mapped_column(String(40))
    file_id: Mapped[FileId | None] = mapped_column(Uuid, ForeignKey("plan_file.id"))
    line_id: Mapped[LineId | None] = mapped_column(Uuid, ForeignKey("plan_line.id"))


class PlanLine(Model):
    """One thing a person wants, what would help, and what says what that costs."""

    __tablename__ = "plan_line"
    kept = Kept(
        what="What you want, and what would help",
        whose="plan_id",
        why=Why.AGREED,
        words=("wish", "what_would_help"),
    )
    __table_args__ = (
        UniqueConstraint("plan_id", "position"),
        CheckConstraint("(costed_by = 'offer') = (offer_id IS NOT NULL)", name="offer_says_the_price"),
        CheckConstraint("(costed_by = 'pool') = (pool_key IS NOT NULL)", name="pool_says_the_price"),
        CheckConstraint("(costed_by = 'own_price') = (own_price IS NOT NULL)", name="own_price_is_said"),
        CheckConstraint("own_price >= 0", name="own_price_not_negative"),
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity_in_bounds"),
        CheckConstraint("weeks BETWEEN 1 AND 104", name="weeks_in_bounds"),
        CheckConstraint("how_often = 'weekly' OR weeks = 1", name="weeks_are_of_weekly_ones"),
    )

    id: Mapped[LineId] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[PlanId] = mapped_column(Uuid, ForeignKey("plan.id"))
    position: Mapped[int]
    outcome_id: Mapped[OutcomeId] = mapped_column(String(60), ForeignKey("outcome.id"))
    wish: Mapped[str] = mapped_column(String(200))
    what_would_help: Mapped[str] = mapped_column(Text)
    costed_by: Mapped[CostedBy]
    offer_id: Mapped[OfferId | None] = mapped_column(Uuid, ForeignKey("offer.id"), index=True)
    pool_key: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    # For one of `quantity`.
    own_price: Mapped[Money | None]
    # How much of it each time: hours of an offer by the hour, places of a class.
    quantity: Mapped[int]
    how_often: Mapped[HowOften]
    # Of a year.
    weeks: Mapped[int]
    added_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    # Whoever added it speaks for this organisation, which sells it [003].
    sold_by: Mapped[OrganisationId | None] = mapped_column(Uuid, ForeignKey("organisation.id"))


class PlanVersion(Model):
    """A plan as it was at one moment. Never changed, but that words about a file go when the file is removed."""

    __tablename__ = "plan_version"
    kept = Kept(what="Your plan as it was before", whose="plan_id", why=Why.AGREED, words=("contents", "note"))
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[VersionId] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[PlanId] = mapped_column(Uuid, ForeignKey("plan.id"))
    number: Mapped[int]
    # Everything in it as JSON; files by their ids.
    contents: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    made_at: Mapped[datetime]


class PlanLink(Model):
    """A secret address at which somebody without an account reads a plan. We keep a hash of it."""

    __tablename__ = "plan_link"
    kept = Kept(
        what="Links to your plan that you gave to others",
        whose="plan_id",
        why=Why.AGREED,
        words=("called",),
        secrets=("token_hash",),
        audited=True,
        unaudited=("last_opened_at",),
    )

    id: Mapped[LinkId] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[PlanId] = mapped_column(Uuid, ForeignKey("plan.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # Whom it is for, in the person's words.
    called: Mapped[str] = mapped_column(String(80))
    # One version, or the plan as it is whenever it is opened.
    version_id: Mapped[VersionId | None] = mapped_column(Uuid, ForeignKey("plan_version.id"))
    shows_money: Mapped[bool]
    made_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_opened_at: Mapped[datetime | None]


class PlanReview(Model):
    """A day on which somebody looks at their plan again: what worked, what did not, what next."""

    __tablename__ = "plan_review"
    kept = Kept(
        what="When you looked at your plan again",
        whose="plan_id",
        why=Why.AGREED,
        words=("worked", "not_worked", "next"),
    )
    __table_args__ = (
        CheckConstraint("held_on IS NOT NULL OR (worked = '' AND not_worked = '' AND next = '')", name="held_first"),
        Index(None, "held_on", "due_on"),
    )

    id: Mapped[ReviewId] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[PlanId] = mapped_column(Uuid, ForeignKey("plan.id"), index=True)
    due_on: Mapped[date]
    held_on: Mapped[date | None]
    worked: Mapped[str] = mapped_column(Text)
    not_worked: Mapped[str] = mapped_column(Text)
    next: Mapped[str] = mapped_column(Text)
    set_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    written_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    # When the person was reminded.
    told_at: Mapped[datetime | None]


class PlanReading(Model):
    """How life is in one outcome on a day, from 0 (as bad as can be) to 10 (as good), as the person says."""

    __tablename__ = "plan_reading"
    kept = Kept(what="How life is, as you said", whose="plan_id", why=Why.AGREED)
    __table_args__ = (CheckConstraint("score BETWEEN 0 AND 10", name="score_in_bounds"),)

    plan_id: Mapped[PlanId] = mapped_column(Uuid, ForeignKey("plan.id"), primary_key=True)
    outcome_id: Mapped[OutcomeId] = mapped_column(String(60), ForeignKey("outcome.id"), primary_key=True)
    read_on: Mapped[date] = mapped_column(primary_key=True)
    score: Mapped[int]
    said_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))


class Supporter(Model):
    """Somebody who helps, in the person's own words: they need no account, and are never written to."""

    __tablename__ = "supporter"
    kept = Kept(what="Your circle of help", whose="plan_id", why=Why.AGREED, words=("called", "how"))

    id: Mapped[SupporterId] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[PlanId] = mapped_column(Uuid, ForeignKey("plan.id"), index=True)
    circle: Mapped[Circle]
    called: Mapped[str] = mapped_column(String(80))
    how: Mapped[str] = mapped_column(String(200))
    added_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
