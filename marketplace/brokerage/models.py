"""What we store about support plans. Constraints here are the last word."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.brokerage.rules import LineId, Outcome, PlanId
from marketplace.kit.model import Model


class Plan(Model):
    """One person's support plan."""

    __tablename__ = "plan"

    id: Mapped[PlanId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), unique=True)
    about_me: Mapped[str] = mapped_column(Text)
    what_matters: Mapped[str] = mapped_column(Text)
    good_week: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class PlanLine(Model):
    """One thing a person wants, and what would help."""

    __tablename__ = "plan_line"
    __table_args__ = (UniqueConstraint("plan_id", "position"),)

    id: Mapped[LineId] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[PlanId] = mapped_column(Uuid, ForeignKey("plan.id"))
    position: Mapped[int]
    outcome: Mapped[Outcome]
    wish: Mapped[str] = mapped_column(String(200))
    what_would_help: Mapped[str] = mapped_column(Text)
