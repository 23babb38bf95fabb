"""What we store about briefs, and the questions about them. Constraints here are the last word."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.brokerage.rules.nouns import (
    AreaKind,
    BriefId,
    BriefStatus,
    CriterionId,
    LineId,
    NeedId,
    NoBid,
    QuestionId,
)
from marketplace.catalogue.rules import CategorySlug, Unit
from marketplace.kit.keeping import Kept, Leaving
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode
from marketplace.purchasing.rules.nouns import ArrangementKind


class Brief(Model):
    """What somebody, or a pool, asks providers to quote for, without saying who they are."""

    __tablename__ = "brief"
    kept = Kept(
        what="What you asked providers to quote for",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        because="providers answered it, and their quotes stay with them",
        spares="pool_key",
        blanks={
            "title": "A request of somebody who left",
            "about": "",
            "area_name": "",
            "council": None,
            "easting": None,
            "northing": None,
            "times": "",
            "kept_despite": [],
            "why_ended": "",
        },
    )
    __table_args__ = (
        CheckConstraint("budget > 0", name="budget_is_something"),
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity_in_bounds"),
        CheckConstraint("weeks BETWEEN 1 AND 104", name="weeks_in_bounds"),
        CheckConstraint("kind = 'weekly' OR weeks = 1", name="weeks_are_of_weekly_support"),
        CheckConstraint("people BETWEEN 1 AND 500", name="people_in_bounds"),
        CheckConstraint("people = 1 OR pool_key IS NOT NULL", name="several_are_a_pool"),
        CheckConstraint("days_open IN (7, 14)", name="open_a_week_or_two"),
        CheckConstraint("edition > 0", name="edition_positive"),
        CheckConstraint(
            "(opened_at IS NULL) = (closes_at IS NULL) AND (opened_at IS NULL) = (questions_until IS NULL)"
            " AND (opened_at IS NULL) = (answers_by IS NULL)",
            name="opened_has_its_days",
        ),
        CheckConstraint("opened_at IS NOT NULL OR status IN ('draft', 'withdrawn')", name="open_has_a_moment"),
        CheckConstraint(
            "(status IN ('awarded', 'none_chosen', 'withdrawn')) = (ended_at IS NOT NULL)", name="ended_has_a_moment"
        ),
        Index(None, "status", "closes_at"),
        Index(None, "category", "status"),
    )

    id: Mapped[BriefId] = mapped_column(Uuid, primary_key=True)
    # Whose it is: their plan, their money, their choice. Of a pool: the champion who began it.
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    # For a pool's brief.
    pool_key: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    people: Mapped[int]
    line_id: Mapped[LineId | None] = mapped_column(Uuid, ForeignKey("plan_line.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text)
    category: Mapped[CategorySlug | None] = mapped_column(String(40), ForeignKey("category.slug"))
    area_kind: Mapped[AreaKind | None]
    area_name: Mapped[str] = mapped_column(String(120))
    # The middle of that area, never of anything smaller.
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    kind: Mapped[ArrangementKind]
    # Of a unit: hours a week, sessions in all.
    quantity: Mapped[int]
    unit: Mapped[Unit]
    weeks: Mapped[int]
    # In all. Shown to providers only if the person wants that.
    budget: Mapped[Money | None]
    shows_budget: Mapped[bool]
    times: Mapped[str] = mapped_column(String(300))
    starts_on: Mapped[date | None]
    days_open: Mapped[int]
    status: Mapped[BriefStatus]
    # What the check before publishing found and the writer kept all the same, as a list of what it was about.
    kept_despite: Mapped[list[Any]] = mapped_column(JSON)
    edition: Mapped[int]
    written_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    began_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    questions_until: Mapped[datetime | None]
    answers_by: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    why_ended: Mapped[str] = mapped_column(Text)
    # Kept from view by a moderator since then.
    held_at: Mapped[datetime | None]


class BriefNeed(Model):
    """One thing that must be met."""

    __tablename__ = "brief_need"
    kept = Kept(
        what="What had to be met",
        whose="brief_id",
        leaving=Leaving.EMPTIED,
        because="providers answered it, and their quotes stay with them",
        blanks={"words": ""},
    )
    __table_args__ = (
        UniqueConstraint("brief_id", "position"),
        CheckConstraint("position BETWEEN 1 AND 6", name="at_most_six"),
    )

    id: Mapped[NeedId] = mapped_column(Uuid, primary_key=True)
    brief_id: Mapped[BriefId] = mapped_column(Uuid, ForeignKey("brief.id", ondelete="CASCADE"))
    position: Mapped[int]
    words: Mapped[str] = mapped_column(String(200))


class BriefCriterion(Model):
    """One thing by which the person will choose, and how much of a hundred it counts."""

    __tablename__ = "brief_criterion"
    kept = Kept(
        what="By what you chose",
        whose="brief_id",
        leaving=Leaving.EMPTIED,
        because="providers answered it, and their quotes stay with them",
        blanks={"words": ""},
    )
    __table_args__ = (
        UniqueConstraint("brief_id", "position"),
        CheckConstraint("position BETWEEN 1 AND 5", name="at_most_five"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight_in_bounds"),
    )

    id: Mapped[CriterionId] = mapped_column(Uuid, primary_key=True)
    brief_id: Mapped[BriefId] = mapped_column(Uuid, ForeignKey("brief.id", ondelete="CASCADE"))
    position: Mapped[int]
    words: Mapped[str] = mapped_column(String(120))
    weight: Mapped[int]
    # The one that is about what it costs: its points follow from the prices.
    is_cost: Mapped[bool]


class BriefQuestion(Model):
    """What one provider asks about a brief. The answer goes to all, and nobody learns who asked."""

    __tablename__ = "brief_question"
    kept = Kept(
        what="What providers asked about it, and your answers",
        whose="brief_id",
        leaving=Leaving.EMPTIED,
        because="providers answered it, and their quotes stay with them",
        blanks={"answer": ""},
        plain=("words",),
    )
    __table_args__ = (CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_at_and_by"),)

    id: Mapped[QuestionId] = mapped_column(Uuid, primary_key=True)
    brief_id: Mapped[BriefId] = mapped_column(Uuid, ForeignKey("brief.id"), index=True)
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"))
    asked_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text)
    answered_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    # The person was told of it, and the providers of its answer.
    told_at: Mapped[datetime | None]


class BriefCall(Model):
    """A provider that a brief is for: when it was told, and whether it said that it will not quote."""

    __tablename__ = "brief_call"
    kept = Kept(
        what="Which providers a request of yours was for",
        whose="brief_id",
        leaving=Leaving.STAYS,
        because="providers answered it, and their quotes stay with them",
    )
    __table_args__ = (CheckConstraint("(declined_at IS NULL) = (why_not IS NULL)", name="declined_has_a_reason"),)

    brief_id: Mapped[BriefId] = mapped_column(Uuid, ForeignKey("brief.id"), primary_key=True)
    organisation_id: Mapped[OrganisationId] = mapped_column(
        Uuid, ForeignKey("organisation.id"), primary_key=True, index=True
    )
    called_at: Mapped[datetime]
    # In the letter of one day; None: not yet.
    told_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    why_not: Mapped[NoBid | None]


class BriefScorer(Model):
    """Somebody who scores the quotes by themselves first: the person, a helper, members of a pool."""

    __tablename__ = "brief_scorer"
    kept = Kept(
        what="Who scored quotes with you, and what the others called you",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        because="others scored with you",
        blanks={"called": "Somebody who left"},
    )

    brief_id: Mapped[BriefId] = mapped_column(Uuid, ForeignKey("brief.id"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True, index=True)
    # What the others call them.
    called: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime]
    # They have scored everything they want to, and see what the others gave.
    finished_at: Mapped[datetime | None]
    # Left the pool, or consent ended: what they gave does not count any more.
    left_at: Mapped[datetime | None]
