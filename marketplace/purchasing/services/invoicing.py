"""Sending an invoice for an arrangement."""

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.kit import audit
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO
from marketplace.purchasing import rules
from marketplace.purchasing.models import Invoice, InvoiceSeries
from marketplace.purchasing.queries import provider_name
from marketplace.purchasing.rules import InvoiceId, Side
from marketplace.purchasing.services.answering import (
    WHERE_IT_STANDS,
    ArrangementMovedOnError,
    NotYourSideError,
    locked_arrangement,
    side_of,
)
from marketplace.purchasing.services.letters import Address, write_to_person


class NothingToInvoiceError(DomainError):
    """It is free."""


class AlreadyInvoicedError(DomainError):
    """The invoice for this arrangement has been sent."""


def issue_invoice(
    session: Session, *, arrangement_id: rules.ArrangementId, by: PersonId, link: Address, now: datetime
) -> InvoiceId:
    """
    Send the person a numbered invoice for the whole of an arrangement, for the provider.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises NotYourSideError: if `by` is the person who asked.
    :raises NothingToInvoiceError: if it is free.
    :raises ArrangementMovedOnError: if it has not been accepted, or was ended.
    :raises AlreadyInvoicedError: if its invoice has been sent.
    """
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    if side_of(session, it, by=by) is not Side.PROVIDER:
        raise NotYourSideError("Only the provider can send an invoice.")
    if it.total == ZERO:
        raise NothingToInvoiceError("This is free, so there is nothing to send an invoice for.")
    if not rules.may_be_invoiced(status=it.status, total=it.total):
        raise ArrangementMovedOnError(f"{WHERE_IT_STANDS[it.status]} So there is nothing to send an invoice for.")
    # The arrangement is locked, so nobody else can be sending its invoice at this moment.
    if session.scalar(select(Invoice.id).where(Invoice.arrangement_id == it.id)) is not None:
        raise AlreadyInvoicedError("You have sent the invoice for this already.")
    invoice = Invoice(
        id=InvoiceId(uuid.uuid4()),
        arrangement_id=it.id,
        organisation_id=it.organisation_id,
        number=_next_number(session, it.organisation_id),
        amount=it.total,
        issued_at=now,
    )
    session.add(invoice)
    session.flush()
    audit.record(session, by=by, did="sent an invoice", to_kind="arrangement", to_id=it.id, now=now)
    name = provider_name(session, provider_id=it.provider_id)
    write_to_person(
        session,
        it,
        subject=f"Invoice {rules.invoice_reference(invoice.number)} from {name}",
        body=f"{name} asks you to pay {it.total} for this:\n\n{it.title}\n\n"
        f"What happens next: you pay them directly, in the way the two of you agreed. You can see and print the "
        f"invoice from this page:\n{link(it.id)}",
        now=now,
    )
    return invoice.id


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
