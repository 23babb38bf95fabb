"""What will an arrangement have cost, as far as anybody knows now? For services: nobody is shown it as it is."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.models import Arrangement, HoursEntry, Invoice, Visit
from marketplace.purchasing.queries.invoices import TermsOfVisits
from marketplace.purchasing.queries.owed import owed_in_all
from marketplace.purchasing.queries.terms import agreed_versions
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.invoicing import charged_by_visit
from marketplace.purchasing.rules.nouns import HoursReason, InvoiceKind, VisitStatus
from marketplace.purchasing.rules.terms import cost_in_all
from marketplace.purchasing.rules.visits import money_needed, price_of_time

# What the person has not said yes to yet is not theirs to pay.
_CERTAIN = (VisitStatus.CONFIRMED, VisitStatus.CANCELLED)


def needed(session: Session, it: Arrangement, *, today: date) -> Money:
    """Return what a budget keeps for an arrangement, spent or not."""
    if it.status is not ArrangementStatus.ACCEPTED:
        return owed_in_all(session, it, today=today)
    credited = session.scalar(
        select(func.sum(Invoice.amount)).where(Invoice.arrangement_id == it.id, Invoice.kind == InvoiceKind.CREDIT_NOTE)
    )
    return money_needed(
        total=_agreed(session, it),
        called_off=_called_off(session, it),
        charged=_charged(session, it),
        credited=credited or ZERO,
    )


def _agreed(session: Session, it: Arrangement) -> Money:
    return cost_in_all(it.kind, agreed_versions(session, it))


def _charged(session: Session, it: Arrangement) -> Money:
    """Return what visits cost so far; where they do not cost by themselves, their travel on top of what was agreed."""
    by_visit = charged_by_visit(kind=it.kind, unit=it.unit)
    sums = session.execute(
        select(func.sum(Visit.amount), func.sum(Visit.travel)).where(
            Visit.arrangement_id == it.id, Visit.status.in_(_CERTAIN)
        )
    ).one()
    return ((sums[0] or ZERO) if by_visit else _agreed(session, it)) + (sums[1] or ZERO)


def _called_off(session: Session, it: Arrangement) -> Money:
    """Return what visits would have cost that were called off at no cost, and whose hours were not put by."""
    held = TermsOfVisits(session, it)
    banked = select(HoursEntry.visit_id).where(HoursEntry.visit_id == Visit.id, HoursEntry.reason == HoursReason.BANKED)
    rows = session.execute(
        select(Visit.held_on, Visit.minutes, Visit.rate).where(
            Visit.arrangement_id == it.id,
            Visit.status == VisitStatus.CANCELLED,
            Visit.amount == ZERO,
            Visit.from_bank.is_(False),
            Visit.claimed_at.is_(None),
            ~banked.exists(),
        )
    )
    prices = (price_of_time(held.on(row.held_on), minutes=row.minutes, rate=row.rate) for row in rows)
    return sum(prices, ZERO)
