"""What a payment brings about, whichever way it came: it is written down once, and a budget that pays is charged."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.budgets.rules import Purpose, TransferId
from marketplace.budgets.services import promising
from marketplace.kit import audit
from marketplace.kit.errors import NotFoundError
from marketplace.kit.sentences import worded
from marketplace.payments.models import Payment
from marketplace.payments.queries.owing import Owing, owing
from marketplace.payments.services.counting import count_bought
from marketplace.purchasing.rules import InvoiceId
from marketplace.purchasing.services import locked_arrangement


class InvoiceNotFoundError(NotFoundError):
    """There is no invoice, or none this person may know about."""


def locked_owing(session: Session, *, invoice_id: InvoiceId) -> Owing:
    """
    Return what is owed for an invoice, with its arrangement locked until this transaction ends.

    Whatever pays or gives back queues at that lock, so that together they never pass what is owed.

    :raises InvoiceNotFoundError: if there is no such invoice.
    """
    found = owing(session, invoice_id=invoice_id)
    if found is None:
        raise InvoiceNotFoundError("We could not find that invoice.")
    locked_arrangement(session, arrangement_id=found.arrangement_id)
    return owing(session, invoice_id=invoice_id) or found


def add_payment(session: Session, payment: Payment, *, of: Owing, by: PersonId | None, now: datetime) -> None:
    """Write down a payment and charge it to the budgets behind its arrangement, if there are any."""
    session.add(payment)
    session.flush()
    promising.spend(
        session,
        purpose=Purpose(of.arrangement_id),
        amount=payment.amount,
        key=TransferId(payment.id),
        note=worded("Invoice {number}", number=of.number),
        now=now,
        by=by,
    )
    count_bought(session, of, amount=payment.amount, key=TransferId(payment.id), now=now)
    did = "recorded a payment" if by else "was paid by card"
    audit.record(session, by=by, did=did, to_kind="invoice", to_id=of.invoice_id, now=now)
