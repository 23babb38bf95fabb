"""What we store about payments and refunds. Constraints here are the last word."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.kit.keeping import Kept, Leaving, Why
from marketplace.kit.model import Model
from marketplace.kit.money import ZERO, Money
from marketplace.payments.rules import ChargeId, PaymentId, PaymentKey, RefundId, RefundStatus, Route
from marketplace.purchasing.rules import InvoiceId


class Payment(Model):
    """Money that came in for one invoice: by a card's charge, or as the provider wrote it down."""

    __tablename__ = "payment"
    kept = Kept(
        what="What you paid",
        whose="invoice_id",
        leaving=Leaving.STAYS,
        why=Why.LAW,
        because="the books must add up, for everybody, for six years",
        audited=True,
    )
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("refunded BETWEEN 0 AND amount", name="never_more_given_back_than_paid"),
        CheckConstraint("(route = 'card') = (charge_id IS NOT NULL)", name="cards_are_charged"),
        CheckConstraint("(recorded_by IS NULL) = (charge_id IS NOT NULL)", name="recorded_by_somebody_unless_charged"),
    )

    id: Mapped[PaymentId] = mapped_column(Uuid, primary_key=True)
    # Drawn with the form, or the charge's own: whatever happens twice records one payment.
    key: Mapped[PaymentKey] = mapped_column(Uuid, unique=True)
    invoice_id: Mapped[InvoiceId] = mapped_column(Uuid, ForeignKey("invoice.id"), index=True)
    charge_id: Mapped[ChargeId | None] = mapped_column(Uuid, ForeignKey("charge.id"), unique=True)
    amount: Mapped[Money]
    # What has been given back of it, or is on its way: counted up before Stripe is asked, down if that fails.
    refunded: Mapped[Money] = mapped_column(default=ZERO, server_default="0")
    route: Mapped[Route]
    paid_on: Mapped[date]
    recorded_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class Refund(Model):
    """Money given back, whole or in part: through Stripe for a card, else as the provider wrote it down."""

    __tablename__ = "refund"
    kept = Kept(
        what="What was given back to you",
        whose="payment_id",
        leaving=Leaving.STAYS,
        why=Why.LAW,
        because="the books must add up, for everybody, for six years",
        later={"reason": ""},
        plain=("problem",),
        secrets=("stripe_id",),
        audited=True,
        unaudited=("check_at",),
    )
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(status = 'begun') = (settled_at IS NULL)", name="settled_has_a_moment"),
    )

    # Also the idempotency key at Stripe, and the key of the transfer in the budget's ledger.
    id: Mapped[RefundId] = mapped_column(Uuid, primary_key=True)
    payment_id: Mapped[PaymentId] = mapped_column(Uuid, ForeignKey("payment.id"), index=True)
    amount: Mapped[Money]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[RefundStatus]
    stripe_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    problem: Mapped[str] = mapped_column(String(300), default="", server_default="")
    begun_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    # When Stripe is next asked about it.
    check_at: Mapped[datetime | None]
