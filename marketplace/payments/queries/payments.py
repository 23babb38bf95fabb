"""Questions about payments. Every one takes the viewer; who may see an invoice is purchasing's to say."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.kit.money import ZERO, Money
from marketplace.payments import rules
from marketplace.payments.models import Payment
from marketplace.payments.rules import Route
from marketplace.purchasing.queries.invoices import InvoicePage, invoice_page, latest_invoice
from marketplace.purchasing.rules import ArrangementId, InvoiceId, Side


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment, as both sides see it."""

    amount: Money
    route: Route
    paid_on: date


@dataclass(frozen=True, slots=True)
class PaymentsPage:
    """An invoice and what has been paid of it."""

    invoice: InvoicePage
    payments: tuple[PaymentLine, ...]
    paid: Money
    owed: Money

    @property
    def is_providers(self) -> bool:
        """Whether the viewer speaks for the provider, who says what has arrived."""
        return self.invoice.side is Side.PROVIDER

    @property
    def may_record(self) -> bool:
        """Whether the viewer may write a payment down: the provider, while something is owed."""
        return self.is_providers and self.owed > ZERO


def paid_so_far(session: Session, *, invoice_id: InvoiceId) -> Money:
    """Return what has been paid of an invoice."""
    return session.scalar(select(func.sum(Payment.amount)).where(Payment.invoice_id == invoice_id)) or ZERO


def payments_page(session: Session, *, arrangement_id: ArrangementId, viewer: Viewer) -> PaymentsPage | None:
    """Return the payments for an arrangement to one of its two sides. To anybody else there are none."""
    latest = latest_invoice(session, arrangement_id=arrangement_id, viewer=viewer)
    invoice = invoice_page(session, invoice_id=latest, viewer=viewer) if latest else None
    if invoice is None:
        return None
    payments = session.scalars(
        select(Payment).where(Payment.invoice_id == invoice.id).order_by(Payment.paid_on, Payment.recorded_at)
    ).all()
    paid = sum((payment.amount for payment in payments), ZERO)
    return PaymentsPage(
        invoice=invoice,
        payments=tuple(PaymentLine(it.amount, it.route, it.paid_on) for it in payments),
        paid=paid,
        owed=rules.owed(invoiced=invoice.asked, paid=paid),
    )
