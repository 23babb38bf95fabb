"""What we store about arrangements and invoices. Constraints here are the last word."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.rules import CategorySlug, OfferId, ProviderId, Rate, Unit
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus, InvoiceId

_WAITING_FOR_AN_ANSWER = text("status = 'asked'")


class Arrangement(Model):
    """
    What one person asked one provider for, on the terms of that day.

    The title, category, price and council are copies: what the offer says later, or where the person moves to, changes
    nothing here.
    """

    __tablename__ = "arrangement"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity_in_bounds"),
        CheckConstraint("unit_price >= 0", name="unit_price_not_negative"),
        CheckConstraint("total = unit_price * quantity", name="total_is_price_times_quantity"),
        CheckConstraint("package_hours IS NULL OR unit = 'package'", name="hours_are_of_a_package"),
        CheckConstraint("unit_price = 0 OR unit IS NOT NULL", name="a_price_is_for_a_unit"),
        CheckConstraint("(status IN ('asked', 'withdrawn')) = (answered_at IS NULL)", name="answered_has_a_moment"),
        CheckConstraint("(status = 'declined') = (decline_reason IS NOT NULL)", name="declined_has_a_reason"),
        CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done_has_a_moment"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_at_and_by"),
        CheckConstraint("(status IN ('withdrawn', 'cancelled')) = (ended_at IS NOT NULL)", name="ended_has_a_moment"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_at_and_by"),
        # A second press of the button, or a second browser tab, asks for nothing more.
        Index(
            "uq_arrangement_waiting",
            "person_id",
            "offer_id",
            unique=True,
            sqlite_where=_WAITING_FOR_AN_ANSWER,
            postgresql_where=_WAITING_FOR_AN_ANSWER,
        ),
        UniqueConstraint("pool_key", "person_id"),
        Index(None, "person_id", "asked_at"),
        Index(None, "organisation_id", "asked_at"),
        # Demand is counted by area, kind and quarter.
        Index(None, "council", "category", "done_at"),
    )

    id: Mapped[ArrangementId] = mapped_column(Uuid, primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), index=True)
    provider_id: Mapped[ProviderId] = mapped_column(Uuid, ForeignKey("provider.id"), index=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"))
    # The version of the offer that could be read at the time, where one was kept.
    offer_version: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200))
    category: Mapped[CategorySlug] = mapped_column(String(40), ForeignKey("category.slug"))
    # The council the person lived in when they asked.
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    what: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int]
    # Free offers may have no unit.
    unit: Mapped[Unit | None]
    # How many hours one package holds, if packages were agreed.
    package_hours: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    rate: Mapped[Rate] = mapped_column(default=Rate.STANDARD, server_default=Rate.STANDARD.value)
    unit_price: Mapped[Money]
    total: Mapped[Money]
    starts_on: Mapped[date]
    status: Mapped[ArrangementStatus]
    decline_reason: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    # Withdrawn before an answer, or cancelled after one.
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    # The pool it came from, if any. No foreign key: pools are a package above, and know us rather than we them.
    pool_key: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class Invoice(Model):
    """What a provider asks to be paid for one arrangement."""

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[InvoiceId] = mapped_column(Uuid, primary_key=True)
    arrangement_id: Mapped[ArrangementId] = mapped_column(Uuid, ForeignKey("arrangement.id"), unique=True)
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"))
    number: Mapped[int]
    amount: Mapped[Money]
    issued_at: Mapped[datetime]


class InvoiceSeries(Model):
    """The last invoice number an organisation has used. Counted up under its row's lock, so that there are no gaps."""

    __tablename__ = "invoice_series"

    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"), primary_key=True)
    last_number: Mapped[int]
