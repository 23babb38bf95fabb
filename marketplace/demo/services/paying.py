"""Invoices are paid, by every way there is but by card: no card in the town is real. Sometimes a part is given back."""

from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from marketplace.demo.rules.money import WrittenRefund
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.payments.queries.owing import owing
from marketplace.payments.rules import PaymentKey, Route
from marketplace.payments.rules.payments import RefundId
from marketplace.payments.services import payments, refunding
from marketplace.purchasing.rules import InvoiceId
from marketplace.purchasing.rules.nouns import PayBy

_GIVEN_BACK_AFTER = timedelta(days=9)


def expect_payment(
    street: Street,
    offer: str,
    invoice_id: InvoiceId,
    *,
    pay_by: PayBy,
    at: datetime,
    refund: WrittenRefund | None = None,
) -> None:
    """Put on the agenda when the money for an invoice arrives, and when some of it is given back."""
    street.agenda.add(at, partial(_pay, street, offer, invoice_id, Route(pay_by.value), refund))


def _pay(
    street: Street, offer: str, invoice_id: InvoiceId, route: Route, refund: WrittenRefund | None, *, now: datetime
) -> None:
    owed = owing(street.session, invoice_id=invoice_id)
    if owed is None or not owed.free_to_pay.pence:
        return
    payment_id = payments.record_payment(
        street.session,
        invoice_id=invoice_id,
        by=street.viewer(street.speaker(offer)),
        amount=owed.free_to_pay,
        route=route,
        paid_on=day_of(now),
        key=PaymentKey(uuid4()),
        now=now,
    )
    if refund is not None:
        give_back = partial(
            refunding.begin_refund,
            street.session,
            payment_id=payment_id,
            by=street.viewer(street.speaker(offer)),
            amount=Money(refund.pence),
            reason=refund.reason,
            is_by_hand=True,
            refund_id=RefundId(uuid4()),
            address=street.addresses.arrangement,
            link=street.addresses.invoice,
        )
        street.agenda.add(now + _GIVEN_BACK_AFTER, give_back)
