"""What can happen to payments. One public function per thing a person can do."""

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.kit import audit
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError
from marketplace.kit.money import Money
from marketplace.kit.uniqueness import repeats
from marketplace.payments import rules
from marketplace.payments.models import Payment
from marketplace.payments.queries import paid_so_far
from marketplace.payments.rules import PaymentId, PaymentKey, Route
from marketplace.purchasing.queries.invoices import invoice_page, latest_invoice
from marketplace.purchasing.rules import ArrangementId, Side
from marketplace.purchasing.services import locked_arrangement


class InvoiceNotFoundError(NotFoundError):
    """There is no invoice, or none this person may know about."""


class NotTheProviderError(NotAllowedError):
    """The one who pays does not say what has arrived."""


class WrongAmountError(DomainError):
    """Nothing, or more than is owed."""


class WrongDayError(DomainError):
    """A day to come, or far before the invoice."""


class KeySpentError(DomainError):
    """The form was used to write down a payment for another invoice."""


def record_payment(
    session: Session,
    *,
    arrangement_id: ArrangementId,
    by: Viewer,
    amount: Money,
    route: Route,
    paid_on: date,
    key: PaymentKey,
    now: datetime,
) -> PaymentId:
    """
    Write down money that arrived for an invoice. Idempotent: the same key records one payment.

    :raises InvoiceNotFoundError: if there is no invoice that this person may see.
    :raises NotTheProviderError: if they are the one who pays.
    :raises WrongAmountError: if the amount is nothing, or more than is owed.
    :raises WrongDayError: if the day is to come, or a year or more before the invoice.
    :raises KeySpentError: if the key was used for another invoice.
    """
    # The arrangement's lock makes two payments queue, so together they never pass what is owed.
    locked_arrangement(session, arrangement_id=arrangement_id)
    latest = latest_invoice(session, arrangement_id=arrangement_id, viewer=by)
    invoice = invoice_page(session, invoice_id=latest, viewer=by) if latest else None
    if invoice is None or by.person_id is None:
        raise InvoiceNotFoundError("We could not find that invoice.")
    if invoice.side is not Side.PROVIDER:
        raise NotTheProviderError("Only the provider can say what has arrived.")
    known = session.scalars(
        select(Payment.id).where(Payment.key == key, Payment.invoice_id == invoice.id)
    ).one_or_none()
    if known is not None:
        return known
    paid = paid_so_far(session, invoice_id=invoice.id)
    if not rules.fits(amount=amount, invoiced=invoice.asked, paid=paid):
        owed = rules.owed(invoiced=invoice.asked, paid=paid)
        raise WrongAmountError(f"Enter an amount from one penny to the {owed} that is still to pay.")
    if not rules.day_is_sound(paid_on=paid_on, invoiced_on=invoice.issued_at.date(), today=now.date()):
        raise WrongDayError("Enter the day the money arrived: today or earlier.")
    payment = Payment(
        id=PaymentId(uuid.uuid4()),
        key=key,
        invoice_id=invoice.id,
        amount=amount,
        route=route,
        paid_on=paid_on,
        recorded_by=by.person_id,
        recorded_at=now,
    )
    session.add(payment)
    try:
        session.flush()
    except IntegrityError as error:
        if not repeats(error, constraint="uq_payment_key", columns=("payment.key",)):
            raise
        raise KeySpentError("This form has been used for another invoice. Open the page again.") from error
    audit.record(session, by=by.person_id, did="recorded a payment", to_kind="invoice", to_id=invoice.id, now=now)
    return payment.id
