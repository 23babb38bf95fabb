"""What is owed under an arrangement? For services: nobody is shown it as it is."""

from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.models import Arrangement, Invoice, Visit
from marketplace.purchasing.queries.invoices import lines_due
from marketplace.purchasing.rules.invoicing import altogether, charged_by_visit
from marketplace.purchasing.rules.nouns import InvoiceKind, VisitStatus

_SAID_TO_BE_DONE = (VisitStatus.CLAIMED, VisitStatus.QUERIED)


def owed_in_all(session: Session, it: Arrangement, *, today: date) -> Money:
    """Return what is owed, paid or not: on invoices, due for the next one, and claimed but not confirmed yet."""
    return invoiced(session, it) + altogether(lines_due(session, it, today=today)) + _claimed(session, it)


def invoiced(session: Session, it: Arrangement) -> Money:
    """Return what invoices ask for in all, less credit notes."""
    signed = case((Invoice.kind == InvoiceKind.INVOICE, Invoice.amount), else_=-Invoice.amount)
    return session.scalar(select(func.sum(signed)).where(Invoice.arrangement_id == it.id)) or ZERO


def _claimed(session: Session, it: Arrangement) -> Money:
    if not charged_by_visit(kind=it.kind, unit=it.unit):
        return ZERO
    amounts, travel = session.execute(
        select(func.sum(Visit.amount), func.sum(Visit.travel)).where(
            Visit.arrangement_id == it.id, Visit.status.in_(_SAID_TO_BE_DONE)
        )
    ).one()
    return (amounts or ZERO) + (travel or ZERO)
