"""How far the cards of a pool's members have come. For the services and jobs of pools: no viewer, nothing is shown."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kit.money import ZERO, Money
from marketplace.payments.models import Charge
from marketplace.payments.queries.owing import Owing, owing
from marketplace.payments.rules import ChargeStatus
from marketplace.payments.rules.charging import LEAST_BY_CARD, MOST_ATTEMPTS, TROUBLE
from marketplace.purchasing.models import Invoice
from marketplace.purchasing.rules import ArrangementId, InvoiceId
from marketplace.purchasing.rules.nouns import InvoiceKind


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How far an arrangement that is to be paid by card has come.

    `to_charge` are the invoices nothing has been tried for yet, or for which it was Stripe that had trouble. One that
    was refused waits for the person.
    """

    paid: Money
    owed: Money
    under_way: Money
    to_charge: tuple[InvoiceId, ...]
    refused: tuple[InvoiceId, ...]

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left that a card could pay, and nothing is on its way."""
        return not self.to_charge and not self.refused and not self.under_way.pence


NOTHING_ASKED = Standing(paid=ZERO, owed=ZERO, under_way=ZERO, to_charge=(), refused=())


def standings(session: Session, *, arrangement_ids: Collection[ArrangementId]) -> dict[ArrangementId, Standing]:
    """Return how far each of these arrangements has come. One without an invoice owes nothing."""
    rows = session.execute(
        select(Invoice.arrangement_id, Invoice.id)
        .where(Invoice.arrangement_id.in_(arrangement_ids), Invoice.kind == InvoiceKind.INVOICE)
        .order_by(Invoice.number)
    ).all()
    found = dict.fromkeys(arrangement_ids, NOTHING_ASKED)
    for arrangement_id, invoice_id in rows:
        owed = owing(session, invoice_id=invoice_id)
        if owed is not None:
            found[arrangement_id] = _with(session, found[arrangement_id], owed)
    return found


def _with(session: Session, so_far: Standing, owed: Owing) -> Standing:
    to_charge: tuple[InvoiceId, ...] = ()
    refused: tuple[InvoiceId, ...] = ()
    # No card pays less than that. The two sides settle it as they like.
    if not owed.under_way.pence and owed.owed >= LEAST_BY_CARD:
        if _was_refused(session, owed.invoice_id):
            refused = (owed.invoice_id,)
        else:
            to_charge = (owed.invoice_id,)
    return Standing(
        paid=so_far.paid + owed.paid,
        owed=so_far.owed + owed.owed,
        under_way=so_far.under_way + owed.under_way,
        to_charge=so_far.to_charge + to_charge,
        refused=so_far.refused + refused,
    )


def _was_refused(session: Session, invoice_id: InvoiceId) -> bool:
    """Test whether the last try with a saved card failed for good. A page of Stripe's that was left says nothing."""
    tries = session.execute(
        select(Charge.status, Charge.decline_code).where(Charge.invoice_id == invoice_id).order_by(Charge.attempt)
    ).all()
    told = [one for one in tries if one.status is not ChargeStatus.EXPIRED]
    if not told or told[-1].status is ChargeStatus.SUCCEEDED:
        # It may have been paid and given back since.
        return bool(told)
    return told[-1].decline_code != TROUBLE or len(told) >= MOST_ATTEMPTS


def invoices_of(session: Session, *, arrangement_id: ArrangementId) -> tuple[InvoiceId, ...]:
    """Return the invoices of an arrangement, credit notes left out, the earliest first."""
    found = select(Invoice.id).where(Invoice.arrangement_id == arrangement_id, Invoice.kind == InvoiceKind.INVOICE)
    return tuple(session.scalars(found.order_by(Invoice.number)))
