"""Giving back what members paid for a pool that came to nothing, or came out cheaper. By itself, and all of it."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit
from marketplace.kit.money import ZERO, Money
from marketplace.payments.models import Payment, Refund
from marketplace.payments.queries.for_pools import invoices_of
from marketplace.payments.queries.owing import owing
from marketplace.payments.rules import RefundId, RefundStatus, Route
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.services import locked_arrangement

_REASON = "The pool was worked out again"


def repay_for_pool(session: Session, *, arrangement_id: ArrangementId, now: datetime) -> Money:
    """
    Begin to give back all that cards paid beyond what the invoices of an arrangement still ask for; return how much.

    The invoices are credited already. Safe at any time: what is on its way back is not given back twice, and what the
    bank would not take is left to the provider, who was told.
    """
    locked_arrangement(session, arrangement_id=arrangement_id)
    begun = ZERO
    for invoice_id in invoices_of(session, arrangement_id=arrangement_id):
        owed = owing(session, invoice_id=invoice_id)
        over = owed.paid - owed.asked if owed else ZERO
        for payment in _payments(session, invoice_id):
            part = min(over, payment.amount - payment.refunded)
            if owed is not None and part > ZERO:
                _begin(session, payment, amount=part, by=owed.person_id, now=now)
                over, begun = over - part, begun + part
    return begun


def _payments(session: Session, invoice_id: uuid.UUID) -> list[Payment]:
    refused = select(Refund.id).where(Refund.payment_id == Payment.id, Refund.status == RefundStatus.FAILED)
    return list(
        session.scalars(
            select(Payment)
            .where(Payment.invoice_id == invoice_id, Payment.route == Route.CARD, ~refused.exists())
            .order_by(Payment.recorded_at.desc(), Payment.id)
            .execution_options(populate_existing=True)
        )
    )


def _begin(session: Session, payment: Payment, *, amount: Money, by: PersonId, now: datetime) -> None:
    payment.refunded += amount
    session.add(
        Refund(
            id=RefundId(uuid.uuid4()),
            payment_id=payment.id,
            amount=amount,
            reason=_REASON,
            status=RefundStatus.BEGUN,
            begun_by=by,
            begun_at=now,
            # Whoever looks next asks Stripe.
            check_at=now,
        )
    )
    session.flush()
    audit.record(session, by=None, did="began a refund", to_kind="payment", to_id=payment.id, now=now)
