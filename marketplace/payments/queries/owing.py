"""What is owed for an invoice. For services and jobs, which act for whoever asked: no viewer, and nothing is shown."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import CategorySlug, ProviderId
from marketplace.kit.model import Pence
from marketplace.kit.money import ZERO, Money
from marketplace.payments.models import Charge, Payment
from marketplace.payments.rules import ChargeStatus
from marketplace.purchasing.models import Arrangement, Invoice
from marketplace.purchasing.queries.invoices import credited_so_far
from marketplace.purchasing.rules import ArrangementId, InvoiceId, invoice_reference
from marketplace.purchasing.rules.nouns import InvoiceKind, PayBy

_NOTHING = literal(ZERO, Pence())
UNDER_WAY = (ChargeStatus.BEGUN, ChargeStatus.ASKED)


@dataclass(frozen=True, slots=True)
class Owing:
    """An invoice, and how much of it is still to pay."""

    invoice_id: InvoiceId
    arrangement_id: ArrangementId
    person_id: PersonId
    organisation_id: OrganisationId
    provider_id: ProviderId
    provider_name: str
    category: CategorySlug
    number: str
    title: str
    pay_by: PayBy
    asked: Money
    # What has been paid and not given back.
    paid: Money
    # What a card is being charged for at this moment.
    under_way: Money
    # Its pool is not certain yet: that pool writes to people about it, and pays back what came to nothing.
    waits_for_pool: bool

    @property
    def owed(self) -> Money:
        """What is still to pay."""
        return max(self.asked - self.paid, ZERO)

    @property
    def free_to_pay(self) -> Money:
        """What may be paid now: what is owed, less what a card is being charged for."""
        return max(self.owed - self.under_way, ZERO)


def owing(session: Session, *, invoice_id: InvoiceId) -> Owing | None:
    """Return what is owed for an invoice, or None if there is no such invoice. Credit notes are none."""
    row = session.execute(
        select(Invoice, Arrangement, Provider.name)
        .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .where(Invoice.id == invoice_id, Invoice.kind == InvoiceKind.INVOICE)
    ).one_or_none()
    if row is None:
        return None
    invoice: Invoice = row[0]
    it: Arrangement = row[1]
    return Owing(
        invoice_id=invoice.id,
        arrangement_id=it.id,
        person_id=it.person_id,
        organisation_id=it.organisation_id,
        provider_id=it.provider_id,
        provider_name=row[2],
        category=it.category,
        number=invoice_reference(invoice.number),
        title=it.title,
        pay_by=it.pay_by,
        asked=invoice.amount - credited_so_far(session, invoice_id=invoice.id),
        paid=paid_so_far(session, invoice_id=invoice.id),
        under_way=_under_way(session, invoice_id=invoice.id),
        waits_for_pool=it.waits_for_pool,
    )


def paid_so_far(session: Session, *, invoice_id: InvoiceId) -> Money:
    """Return what has been paid of an invoice and not given back."""
    paid, refunded = session.execute(
        select(func.sum(Payment.amount), func.sum(Payment.refunded)).where(Payment.invoice_id == invoice_id)
    ).one()
    return (paid or ZERO) - (refunded or ZERO)


def paid_of_invoice() -> ColumnElement[Money]:
    """Return a column beside an invoice: what has been paid of it and not given back."""
    paid = select(func.coalesce(func.sum(Payment.amount - Payment.refunded), _NOTHING, type_=Pence()))
    return paid.where(Payment.invoice_id == Invoice.id).scalar_subquery()


def credited_of_invoice() -> ColumnElement[Money]:
    """Return a column beside an invoice: what credit notes have taken off it."""
    note = aliased(Invoice)
    credited = select(func.coalesce(func.sum(note.amount), _NOTHING, type_=Pence()))
    return credited.where(note.credits_id == Invoice.id).scalar_subquery()


def _under_way(session: Session, *, invoice_id: InvoiceId) -> Money:
    open_ones = select(func.sum(Charge.amount)).where(Charge.invoice_id == invoice_id, Charge.status.in_(UNDER_WAY))
    return session.scalar(open_ones) or ZERO
