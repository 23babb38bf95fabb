"""Do payments keep what they promise? Every promise is one question in SQL, and names each row that breaks it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from marketplace.budgets.models import Entry, Promise, Transfer
from marketplace.budgets.rules import Account
from marketplace.kit.model import Pence
from marketplace.kit.money import ZERO, Money
from marketplace.payments.models import CardSetup, Charge, Payment, ProviderEvent, Refund
from marketplace.payments.queries.owing import UNDER_WAY
from marketplace.payments.rules import ChargeStatus, EventStatus, RefundStatus, Route, SetupStatus
from marketplace.purchasing.models import Invoice
from marketplace.purchasing.rules import InvoiceId
from marketplace.purchasing.rules.nouns import InvoiceKind

_NOTHING = literal(ZERO, Pence())
LATE = timedelta(days=2)
"""After this long everything that was begun should have been finished. Pages of Stripe's stay open for one day."""


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """One row that breaks a promise of payments."""

    promise: str
    row_id: uuid.UUID | str


def broken_promises(session: Session) -> tuple[BrokenPromise, ...]:
    """Return every row that breaks a promise of payments, by name. An empty answer is clean books."""
    return tuple(
        BrokenPromise(promise=promise, row_id=row_id)
        for promise, broken in _promises()
        for row_id in session.scalars(broken)
    )


def left_waiting(session: Session, *, now: datetime) -> tuple[BrokenPromise, ...]:
    """Return what was begun long ago and is not finished: something keeps us from Stripe, or Stripe from us."""
    questions: tuple[tuple[str, Select[Any]], ...] = (
        ("a charge is settled in two days", select(Charge.id).where(_is_open(), Charge.begun_at < now - LATE)),
        (
            "a refund is asked for in two days",
            select(Refund.id).where(
                Refund.status == RefundStatus.BEGUN, Refund.stripe_id.is_(None), Refund.begun_at < now - LATE
            ),
        ),
        (
            "a card is saved or not in two days",
            select(CardSetup.id).where(CardSetup.status == SetupStatus.BEGUN, CardSetup.begun_at < now - LATE),
        ),
        (
            "an event is settled in two days",
            select(ProviderEvent.event_id).where(
                ProviderEvent.status == EventStatus.RECEIVED, ProviderEvent.received_at < now - LATE
            ),
        ),
    )
    return tuple(BrokenPromise(words, row_id) for words, late in questions for row_id in session.scalars(late))


def _promises() -> Iterator[tuple[str, Select[Any]]]:
    yield from _of_invoices()
    yield from _of_charges()
    yield from _of_refunds()
    yield from _of_budgets()


def _of_invoices() -> Iterator[tuple[str, Select[Any]]]:
    yield (
        "nobody has paid more than an invoice asks for",
        select(Invoice.id).where(_sum_of(Payment.amount - Payment.refunded, Payment.invoice_id) > Invoice.amount),
    )
    credit_notes = select(Invoice.id).where(Invoice.kind == InvoiceKind.CREDIT_NOTE)
    yield "credit notes are not paid", select(Payment.id).where(Payment.invoice_id.in_(credit_notes))


def _of_charges() -> Iterator[tuple[str, Select[Any]]]:
    paid = select(Payment.id).where(Payment.charge_id == Charge.id)
    yield (
        "a charge that succeeded is a payment",
        select(Charge.id).where(Charge.status == ChargeStatus.SUCCEEDED, ~paid.exists()),
    )
    yield (
        "a payment by card is a charge that succeeded, of the same amount for the same invoice",
        select(Payment.id)
        .join(Charge, Charge.id == Payment.charge_id)
        .where(
            or_(
                Charge.status != ChargeStatus.SUCCEEDED,
                Charge.amount != Payment.amount,
                Charge.invoice_id != Payment.invoice_id,
                Payment.route != Route.CARD,
            )
        ),
    )
    other = aliased(Charge)
    same = select(other.id).where(
        other.invoice_id == Charge.invoice_id, other.id != Charge.id, other.status.in_(UNDER_WAY)
    )
    yield "a card is charged once at a time for an invoice", select(Charge.id).where(_is_open(), same.exists())


def _of_refunds() -> Iterator[tuple[str, Select[Any]]]:
    given = select(func.coalesce(func.sum(Refund.amount), _NOTHING)).where(
        Refund.payment_id == Payment.id, Refund.status != RefundStatus.FAILED
    )
    yield (
        "what is given back of a payment is the sum of its refunds",
        select(Payment.id).where(Payment.refunded != given.scalar_subquery()),
    )
    yield "no more is given back than was paid", select(Payment.id).where(Payment.refunded > Payment.amount)


def _of_budgets() -> Iterator[tuple[str, Select[Any]]]:
    charged = select(Transfer.id).where(Transfer.id == Payment.id)
    # Money that was still promised when the payment came. A budget that had none left bears nothing of it.
    promised = (
        select(Promise.id)
        .join(Invoice, Invoice.arrangement_id == Promise.purpose)
        .join(Entry, Entry.promise_id == Promise.id)
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .where(
            Invoice.id == Payment.invoice_id,
            Entry.account == Account.PROMISED,
            Transfer.made_at <= Payment.recorded_at,
        )
        .correlate(Payment)
        .group_by(Promise.id)
        .having(func.sum(Entry.amount) > _NOTHING)
    )
    yield (
        "a payment is charged to the budget that promised it",
        select(Payment.id).where(promised.exists(), ~charged.exists()),
    )
    yield "a budget bears no more than was paid", _borne_beyond_payments()
    returned = select(Transfer.id).where(Transfer.id == Refund.id)
    yield (
        "a refund goes back to the budget that paid",
        select(Refund.id)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(
            Refund.status == RefundStatus.SUCCEEDED,
            select(Transfer.id).where(Transfer.id == Payment.id).exists(),
            ~returned.exists(),
        ),
    )
    yield (
        "a refund that failed was not kept from the budget",
        select(Refund.id).where(Refund.status == RefundStatus.FAILED, Refund.stripe_id.is_(None), returned.exists()),
    )


def _borne_beyond_payments() -> Select[Any]:
    of_arrangement = Invoice.arrangement_id == Promise.purpose
    paid = (
        select(func.coalesce(func.sum(Payment.amount), _NOTHING))
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(of_arrangement)
        .correlate(Promise)
        .scalar_subquery()
    )
    given_back = (
        select(func.coalesce(func.sum(Refund.amount), _NOTHING))
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(of_arrangement, Refund.status == RefundStatus.SUCCEEDED)
        .correlate(Promise)
        .scalar_subquery()
    )
    return (
        select(Promise.purpose).group_by(Promise.purpose).having(func.sum(Promise.spent) > func.max(paid - given_back))
    )


def _sum_of(amount: ColumnElement[Money], invoice_id: InstrumentedAttribute[InvoiceId]) -> ColumnElement[Money]:
    total = select(func.coalesce(func.sum(amount), _NOTHING)).where(invoice_id == Invoice.id)
    return total.correlate(Invoice).scalar_subquery()


def _is_open() -> ColumnElement[bool]:
    return Charge.status.in_(UNDER_WAY)
