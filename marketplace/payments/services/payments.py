"""Writing down money that arrived by itself: by bank transfer, prepaid card, from a budget's holder, in cash."""

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.kit.errors import DomainError, NotAllowedError
from marketplace.kit.money import Money
from marketplace.kit.sentences import worded
from marketplace.kit.uniqueness import repeats
from marketplace.payments import rules
from marketplace.payments.models import Payment
from marketplace.payments.queries.owing import Owing
from marketplace.payments.rules import PaymentId, PaymentKey, Route
from marketplace.payments.services.paying import InvoiceNotFoundError, add_payment, locked_owing
from marketplace.purchasing.queries.invoices import invoice_page
from marketplace.purchasing.rules import InvoiceId, Side


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
    invoice_id: InvoiceId,
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
    invoice = invoice_page(session, invoice_id=invoice_id, viewer=by)
    if invoice is None or by.person_id is None:
        raise InvoiceNotFoundError("We could not find that invoice.")
    if invoice.side is not Side.PROVIDER:
        raise NotTheProviderError("Only the provider can say what has arrived.")
    owed = locked_owing(session, invoice_id=invoice_id)
    known = session.scalars(
        select(Payment.id).where(Payment.key == key, Payment.invoice_id == invoice_id)
    ).one_or_none()
    if known is not None:
        return known
    _check_amount(amount, owed)
    if not rules.day_is_sound(paid_on=paid_on, invoiced_on=invoice.issued_at.date(), today=now.date()):
        raise WrongDayError("Enter the day the money arrived: today or earlier.")
    payment = Payment(
        id=PaymentId(uuid.uuid4()),
        key=key,
        invoice_id=invoice_id,
        amount=amount,
        route=route,
        paid_on=paid_on,
        recorded_by=by.person_id,
        recorded_at=now,
    )
    try:
        add_payment(session, payment, of=owed, by=by.person_id, now=now)
    except IntegrityError as error:
        if not repeats(error, constraint="uq_payment_key", columns=("payment.key",)):
            raise
        raise KeySpentError("This form has been used for another invoice. Open the page again.") from error
    return payment.id


def _check_amount(amount: Money, owed: Owing) -> None:
    if rules.fits(amount=amount, most=owed.free_to_pay):
        return
    if owed.under_way.pence and rules.fits(amount=amount, most=owed.owed):
        raise WrongAmountError(
            worded(
                "A card is being charged for {under_way} of this at the moment. Look again in a few minutes, before "
                "you write down more.",
                under_way=owed.under_way,
            )
        )
    raise WrongAmountError(
        worded(
            "Enter an amount from one penny to the {free_to_pay} that is still to pay.", free_to_pay=owed.free_to_pay
        )
    )
