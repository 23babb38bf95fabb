"""What we store about payments. Constraints here are the last word."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.payments.rules import PaymentId, PaymentKey, Route
from marketplace.purchasing.rules import InvoiceId


class Payment(Model):
    """Money that came in for one invoice, as the provider wrote it down."""

    __tablename__ = "payment"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[PaymentId] = mapped_column(Uuid, primary_key=True)
    # Drawn with the form: pressing its button twice records one payment.
    key: Mapped[PaymentKey] = mapped_column(Uuid, unique=True)
    invoice_id: Mapped[InvoiceId] = mapped_column(Uuid, ForeignKey("invoice.id"), index=True)
    amount: Mapped[Money]
    route: Mapped[Route]
    paid_on: Mapped[date]
    recorded_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
