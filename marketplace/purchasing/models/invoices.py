"""What we store about invoices and credit notes. Constraints here are the last word."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId
from marketplace.kit.keeping import Kept, Leaving, Why, nobodys
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.purchasing.rules import ArrangementId, InvoiceId
from marketplace.purchasing.rules.nouns import InvoiceKind, VisitId


class Invoice(Model):
    """What a provider asks to be paid under one arrangement, or takes back of that."""

    __tablename__ = "invoice"
    kept = Kept(
        what="Invoices to you",
        whose="arrangement_id",
        leaving=Leaving.STAYS,
        why=Why.LAW,
        because="tax law asks whoever sends an invoice to keep it for six years",
        later={"bill_to_name": "", "bill_to_email": ""},
        audited=True,
    )
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(kind = 'credit_note') = (credits_id IS NOT NULL)", name="credit_note_credits_an_invoice"),
    )

    id: Mapped[InvoiceId] = mapped_column(Uuid, primary_key=True)
    arrangement_id: Mapped[ArrangementId] = mapped_column(Uuid, ForeignKey("arrangement.id"), index=True)
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"))
    kind: Mapped[InvoiceKind] = mapped_column(default=InvoiceKind.INVOICE, server_default=InvoiceKind.INVOICE.value)
    credits_id: Mapped[InvoiceId | None] = mapped_column(Uuid, ForeignKey("invoice.id"), index=True)
    number: Mapped[int]
    # The sum of its lines.
    amount: Mapped[Money]
    issued_at: Mapped[datetime]
    due_on: Mapped[date | None]
    # Whoever holds the budget, if it is not the person: a council, a trust, an ISF provider.
    bill_to_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    bill_to_email: Mapped[str] = mapped_column(String(320), default="", server_default="")


class InvoiceLine(Model):
    """One line of an invoice. A visit is charged for once."""

    __tablename__ = "invoice_line"
    kept = Kept(
        what="What each invoice is for",
        whose="invoice_id",
        leaving=Leaving.STAYS,
        why=Why.LAW,
        because="tax law asks whoever sends an invoice to keep it for six years",
        plain=("what", "unit"),
    )
    __table_args__ = (
        UniqueConstraint("invoice_id", "position"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    invoice_id: Mapped[InvoiceId] = mapped_column(Uuid, ForeignKey("invoice.id"))
    position: Mapped[int]
    what: Mapped[str] = mapped_column(String(300))
    # Of what the unit price is for, such as 1.5 hours or 12.4 miles. The amount is rounded to the penny.
    quantity: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    unit: Mapped[str] = mapped_column(String(40))
    unit_price: Mapped[Money]
    amount: Mapped[Money]
    visit_id: Mapped[VisitId | None] = mapped_column(Uuid, ForeignKey("visit.id"), index=True)


class InvoiceSeries(Model):
    """The last invoice number an organisation has used. Counted up under its row's lock, so that there are no gaps."""

    __tablename__ = "invoice_series"
    kept = nobodys("The last number of each provider’s invoices")

    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"), primary_key=True)
    last_number: Mapped[int]
