"""What we store about visits and the hours they use. Constraints here, and the triggers of 0042, are the last word."""

import uuid
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, Time, Uuid, false, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import Rate
from marketplace.kit.keeping import Kept, Leaving
from marketplace.kit.model import Model
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.nouns import HoursReason, VisitId, VisitStatus

_STANDS = text("status <> 'cancelled'")


class Visit(Model):
    """One time that support is given: planned, claimed as done by the provider, confirmed by the person."""

    __tablename__ = "visit"
    kept = Kept(
        what="Visits to you",
        whose="arrangement_id",
        leaving=Leaving.STAYS,
        because="the provider must be able to show what was agreed, for six years",
        later={"note": "", "query": "Gone with its person"},
        audited=True,
    )
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_in_bounds"),
        CheckConstraint("miles BETWEEN 0 AND 999.9", name="miles_in_bounds"),
        CheckConstraint("amount >= 0 AND travel >= 0", name="amounts_not_negative"),
        CheckConstraint(
            "(status = 'planned') = (claimed_at IS NULL AND ended_at IS NULL)", name="claimed_has_a_moment"
        ),
        CheckConstraint("(claimed_at IS NULL) = (claimed_by IS NULL)", name="claimed_at_and_by"),
        CheckConstraint("(status = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed_has_a_moment"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_at_and_by"),
        CheckConstraint("(status = 'cancelled') = (ended_at IS NOT NULL)", name="cancelled_has_a_moment"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_at_and_by"),
        CheckConstraint("status <> 'queried' OR query <> ''", name="queried_has_words"),
        Index(None, "arrangement_id", "held_on"),
        Index(
            "uq_visit_shared",
            "shared_key",
            "arrangement_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[VisitId] = mapped_column(Uuid, primary_key=True)
    arrangement_id: Mapped[ArrangementId] = mapped_column(Uuid, ForeignKey("arrangement.id"))
    held_on: Mapped[date]
    # British time.
    starts_at: Mapped[time | None] = mapped_column(Time)
    # As planned, then as claimed.
    minutes: Mapped[int]
    miles: Mapped[Decimal] = mapped_column(Numeric(4, 1), default=Decimal(0), server_default="0")
    rate: Mapped[Rate] = mapped_column(default=Rate.STANDARD, server_default=Rate.STANDARD.value)
    # For the time, and for the miles: worked out when it is claimed, on the terms that hold then.
    amount: Mapped[Money] = mapped_column(default=ZERO, server_default="0")
    travel: Mapped[Money] = mapped_column(default=ZERO, server_default="0")
    # Of hours that were banked before: it takes its minutes off the hours account.
    from_bank: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The visit of a whole pool that this is one share of: what it comes to is said there. Pooling knows which.
    shared_key: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    status: Mapped[VisitStatus]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    # What the person says is not right.
    query: Mapped[str] = mapped_column(Text, default="", server_default="")
    planned_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    planned_at: Mapped[datetime]
    claimed_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None]
    confirmed_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    # Cancelled, by either side. What is still owed for it, for want of notice, stands in `amount`.
    ended_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class HoursEntry(Model):
    """One movement on the hours account of an arrangement, in minutes. Never changed, never deleted."""

    __tablename__ = "hours_entry"
    kept = Kept(
        what="Hours you have left",
        whose="arrangement_id",
        leaving=Leaving.STAYS,
        because="the provider must be able to show what was agreed, for six years",
    )
    __table_args__ = (CheckConstraint("minutes <> 0", name="minutes_not_zero"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    arrangement_id: Mapped[ArrangementId] = mapped_column(Uuid, ForeignKey("arrangement.id"), index=True)
    visit_id: Mapped[VisitId | None] = mapped_column(Uuid, ForeignKey("visit.id"), index=True)
    # Above zero onto the account, below zero off it.
    minutes: Mapped[int]
    reason: Mapped[HoursReason]
    made_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    made_at: Mapped[datetime]


class CalendarFeed(Model):
    """The secret address at which a person's own calendar reads their visits. We keep a hash."""

    __tablename__ = "calendar_feed"
    kept = Kept(what="The secret address of your calendar", whose="person_id", secrets=("token_hash",), audited=True)

    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
