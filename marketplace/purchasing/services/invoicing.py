"""Sending invoices and credit notes: numbered without a gap, one or many for each arrangement."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.budgets.queries.paying import bill_to
from marketplace.budgets.rules import Purpose
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement, Invoice, InvoiceLine, InvoiceSeries
from marketplace.purchasing.queries import provider_name
from marketplace.purchasing.queries.invoices import credited_so_far, lines_due
from marketplace.purchasing.rules import ArrangementStatus, InvoiceId, Side
from marketplace.purchasing.rules.invoicing import PAYMENT_TERM, Line, altogether
from marketplace.purchasing.rules.nouns import InvoiceKind
from marketplace.purchasing.services.answering import (
    WHERE_IT_STANDS,
    ArrangementMovedOnError,
    NotYourSideError,
    locked_arrangement,
    side_of,
)
from marketplace.purchasing.services.letters import Address, write_to_person
from marketplace.purchasing.services.promised import release_what_is_not_owed


class NothingToInvoiceError(DomainError):
    """It is free."""


class AlreadyInvoicedError(DomainError):
    """Everything that is due has been asked for."""


class InvoiceNotFoundError(NotFoundError):
    """There is no such invoice, or the person is neither side of it."""


class CreditUnclearError(WrongAnswerError):
    """A credit note is for a part of an invoice or all of it, and never for more."""


def issue_invoice(
    session: Session,
    *,
    arrangement_id: rules.ArrangementId,
    by: PersonId,
    link: Address,
    now: datetime,
    due_in: timedelta = PAYMENT_TERM,
) -> InvoiceId:
    """
    Send the person a numbered invoice for all that is due and on no invoice yet, for the provider.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises NotYourSideError: if `by` is the person who asked.
    :raises NothingToInvoiceError: if it is free.
    :raises ArrangementMovedOnError: if it has not been accepted, or was ended before anything was due.
    :raises AlreadyInvoicedError: if all that is due is on an invoice.
    """
    # The arrangement is locked, so nobody else can be sending its invoice at this moment.
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    if side_of(session, it, by=by) is not Side.PROVIDER:
        raise NotYourSideError("Only the provider can send an invoice.")
    lines = lines_due(session, it, today=day_of(now))
    if not lines:
        raise _refusal(session, it)
    invoice = add_invoice(session, it, lines=lines, due_in=due_in, now=now)
    audit.record(session, by=by, did="sent an invoice", to_kind="arrangement", to_id=it.id, now=now)
    name = provider_name(session, provider_id=it.provider_id)
    write_to_person(
        session,
        it,
        subject=worded(
            "Invoice {invoice_reference} from {name}",
            invoice_reference=rules.invoice_reference(invoice.number),
            name=name,
        ),
        body=worded(
            "{name} asks you to pay {amount} for this:\n\n{title}\n\n"
            "What happens next: you pay them directly, by {now}, in the way the two of you agreed. "
            "You can see and print the invoice from this page:\n{link}",
            name=name,
            amount=invoice.amount,
            title=it.title,
            now=day(day_of(now) + due_in),
            link=link(it.id),
        ),
        now=now,
    )
    return invoice.id


def issue_credit_note(
    session: Session, *, invoice_id: InvoiceId, by: PersonId, amount: Money, reason: str, link: Address, now: datetime
) -> InvoiceId:
    """
    Take back a part of an invoice or all of it, for the provider: what is owed for it falls by as much.

    Sends no money back: whoever refunds a payment does that, and calls this.

    :raises InvoiceNotFoundError: if there is no such invoice.
    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises NotYourSideError: if `by` is the person who pays.
    :raises CreditUnclearError: if there is no reason, or the amount is nothing or more than is left of the invoice.
    """
    invoice = session.get(Invoice, invoice_id)
    if invoice is None or invoice.kind is not InvoiceKind.INVOICE:
        raise InvoiceNotFoundError("We could not find that invoice.")
    it = locked_arrangement(session, arrangement_id=invoice.arrangement_id)
    if side_of(session, it, by=by) is not Side.PROVIDER:
        raise NotYourSideError("Only the provider can send a credit note.")
    reason = text.tidy_line(reason)[:200]
    if not reason:
        raise CreditUnclearError("Say in a few words what it is for.", field="reason")
    most = invoice.amount - credited_so_far(session, invoice_id=invoice_id)
    if not ZERO < amount <= most:
        raise CreditUnclearError(worded("Enter an amount from one penny to {most}.", most=most), field="amount")
    note = add_credit_note(session, it, invoice_id=invoice_id, amount=amount, reason=reason, now=now)
    if it.status is not ArrangementStatus.ACCEPTED:
        # Of what is over, nothing stays set aside that is no longer owed.
        release_what_is_not_owed(session, it, by=by, now=now)
    audit.record(session, by=by, did="sent a credit note", to_kind="invoice", to_id=invoice_id, now=now)
    name = provider_name(session, provider_id=it.provider_id)
    write_to_person(
        session,
        it,
        subject=worded(
            "Credit note {invoice_reference} from {name}",
            invoice_reference=rules.invoice_reference(note.number),
            name=name,
        ),
        body=worded(
            "{name} takes {amount} off invoice {invoice_reference}:\n\n{title}\n\n"
            "You can see and print the credit note from this page:\n{link}",
            name=name,
            amount=amount,
            invoice_reference=rules.invoice_reference(invoice.number),
            title=it.title,
            link=link(it.id),
        ),
        now=now,
    )
    return note.id


def add_invoice(
    session: Session, it: Arrangement, *, lines: Sequence[Line], now: datetime, due_in: timedelta = PAYMENT_TERM
) -> Invoice:
    """Write an invoice down, addressed to whoever pays. Writes to nobody. The arrangement is locked."""
    invoice = _add(session, it, lines=lines, kind=InvoiceKind.INVOICE, now=now)
    invoice.due_on = day_of(now) + due_in
    holder = bill_to(session, purpose=Purpose(it.id))
    if holder:
        invoice.bill_to_name, invoice.bill_to_email = holder
    session.flush()
    return invoice


def add_credit_note(
    session: Session, it: Arrangement, *, invoice_id: InvoiceId, amount: Money, reason: str, now: datetime
) -> Invoice:
    """Write a credit note down, which takes so much off an invoice. Writes to nobody. The arrangement is locked."""
    line = Line(reason, Decimal(1), "time", amount, amount)
    return _add(session, it, lines=[line], kind=InvoiceKind.CREDIT_NOTE, now=now, credits_id=invoice_id)


def _refusal(session: Session, it: Arrangement) -> DomainError:
    if it.total == ZERO:
        return NothingToInvoiceError("This is free, so there is nothing to send an invoice for.")
    if session.scalar(select(Invoice.id).where(Invoice.arrangement_id == it.id).limit(1)) is not None:
        return AlreadyInvoicedError("Everything that is due is on an invoice already.")
    if not rules.may_be_invoiced(status=it.status, total=it.total):
        return ArrangementMovedOnError(
            worded(
                "{where_it_stands} So there is nothing to send an invoice for.",
                where_it_stands=WHERE_IT_STANDS[it.status],
            )
        )
    return AlreadyInvoicedError("Nothing is due yet. Visits are due once the person has confirmed them.")


def _add(
    session: Session,
    it: Arrangement,
    *,
    lines: Sequence[Line],
    kind: InvoiceKind,
    now: datetime,
    credits_id: InvoiceId | None = None,
) -> Invoice:
    invoice = Invoice(
        id=InvoiceId(uuid.uuid4()),
        arrangement_id=it.id,
        organisation_id=it.organisation_id,
        kind=kind,
        credits_id=credits_id,
        number=_next_number(session, it.organisation_id),
        amount=altogether(lines),
        issued_at=now,
    )
    session.add(invoice)
    session.flush()
    session.add_all(
        InvoiceLine(
            invoice_id=invoice.id,
            position=position,
            what=line.what,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            amount=line.amount,
            visit_id=line.visit_id,
        )
        for position, line in enumerate(lines, start=1)
    )
    session.flush()
    return invoice


def _next_number(session: Session, organisation_id: OrganisationId) -> int:
    """Count up by one. The counter's row stays locked until this transaction ends, and goes back if it fails."""
    count_up = (
        update(InvoiceSeries)
        .where(InvoiceSeries.organisation_id == organisation_id)
        .values(last_number=InvoiceSeries.last_number + 1)
        .returning(InvoiceSeries.last_number)
        .execution_options(synchronize_session=False)
    )
    number = session.scalar(count_up)
    if number is not None:
        return number
    try:
        with session.begin_nested():
            session.add(InvoiceSeries(organisation_id=organisation_id, last_number=1))
    except IntegrityError:
        # Another first invoice of this organisation came between: theirs is number 1.
        return session.scalars(count_up).one()
    return 1
