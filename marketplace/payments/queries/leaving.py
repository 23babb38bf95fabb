"""What money is still on its way, or owed, that must arrive before somebody's account ends?"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.queries.leaving import StillOpen
from marketplace.accounts.rules import Viewer
from marketplace.payments.models import Charge, Payment, Refund
from marketplace.payments.queries.owing import UNDER_WAY
from marketplace.payments.rules import RefundStatus
from marketplace.purchasing.models import Arrangement, Invoice
from marketplace.purchasing.rules.nouns import InvoiceKind

_MOST_SHOWN = 50


def money_on_its_way(session: Session, *, viewer: Viewer) -> tuple[StillOpen, ...]:
    """Return the viewer's invoices that are not paid in full, and the charges and refunds that are not settled."""
    credit = aliased(Invoice)
    credited = select(func.coalesce(func.sum(credit.amount), 0)).where(credit.credits_id == Invoice.id)
    paid = select(func.coalesce(func.sum(Payment.amount - Payment.refunded), 0)).where(Payment.invoice_id == Invoice.id)
    owed = session.execute(
        select(Invoice.id, Arrangement.title)
        .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
        .where(
            Arrangement.person_id == viewer.person_id,
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.amount > func.abs(credited.scalar_subquery()) + paid.scalar_subquery(),
        )
        .order_by(Invoice.issued_at, Invoice.id)
        .limit(_MOST_SHOWN)
    ).all()
    charged = session.execute(
        select(Charge.invoice_id, Arrangement.title)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
        .where(Charge.person_id == viewer.person_id, Charge.status.in_(UNDER_WAY))
        .order_by(Charge.begun_at, Charge.id)
    ).all()
    given_back = session.execute(
        select(Invoice.id, Arrangement.title)
        .join(Payment, Payment.invoice_id == Invoice.id)
        .join(Refund, Refund.payment_id == Payment.id)
        .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
        .where(Arrangement.person_id == viewer.person_id, Refund.status == RefundStatus.BEGUN)
        .order_by(Refund.begun_at, Refund.id)
    ).all()
    return tuple(
        StillOpen(kind, title, row_id)
        for kind, rows in (("invoice", owed), ("charge", charged), ("refund", given_back))
        for row_id, title in rows
    )
