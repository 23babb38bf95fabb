"""
What a pool does with the arrangements of its members while it is not certain yet that it goes ahead.

Until then they wait: neither side can do anything about them, and the provider does not see them. Every function may be
called twice: the second time there is nothing left to do. They write to nobody: the pool does.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.models import Arrangement, ArrangementTerms, Invoice, InvoiceSeries
from marketplace.purchasing.queries.invoices import credited_so_far, lines_due
from marketplace.purchasing.queries.owed import invoiced
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus, InvoiceId, total_price
from marketplace.purchasing.rules.nouns import InvoiceKind, PayBy, TermsStatus
from marketplace.purchasing.services.answering import answer_terms, locked_arrangement
from marketplace.purchasing.services.counting import count_asked_and_agreed, count_price
from marketplace.purchasing.services.hours import close_account, follow_terms
from marketplace.purchasing.services.invoicing import add_credit_note, add_invoice
from marketplace.purchasing.services.promised import release_what_is_not_owed


def lock_arrangements(
    session: Session, *, arrangement_ids: Iterable[ArrangementId], organisation_id: OrganisationId | None
) -> None:
    """
    Take hold of several arrangements, and of the numbers of their provider's invoices, before any money moves.

    Always in this order, and before any budget, as everybody does who holds more than one of these.
    """
    wanted = select(Arrangement.id).where(Arrangement.id.in_(set(arrangement_ids))).order_by(Arrangement.id)
    session.execute(wanted.with_for_update()).all()
    if organisation_id is None:
        return
    series = select(InvoiceSeries.organisation_id).where(InvoiceSeries.organisation_id == organisation_id)
    session.execute(series.with_for_update()).all()


def invoice_for_pool(session: Session, *, arrangement_id: ArrangementId, now: datetime) -> InvoiceId | None:
    """Ask for all that is due and on no invoice yet. None if that is nothing."""
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    lines = lines_due(session, it, today=day_of(now))
    if not lines:
        return None
    invoice = add_invoice(session, it, lines=lines, now=now)
    audit.record(session, by=None, did="invoiced by pool", to_kind="arrangement", to_id=it.id, now=now)
    return invoice.id


def reprice_for_pool(
    session: Session, *, arrangement_id: ArrangementId, quantity: int, unit_price: Money, now: datetime
) -> None:
    """
    Write down what a member gets and pays now that the pool has been worked out again, as another version of the terms.

    What was invoiced beyond that is credited. What is more is on the next invoice.
    """
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    if (it.quantity, it.unit_price) == (quantity, unit_price) or it.status is not ArrangementStatus.ACCEPTED:
        return
    it.quantity, it.unit_price = quantity, unit_price
    it.total = total_price(unit_price=unit_price, quantity=quantity, weeks=it.weeks)
    last = session.scalar(
        select(func.max(ArrangementTerms.version)).where(ArrangementTerms.arrangement_id == arrangement_id)
    )
    it.version = (last or it.version) + 1
    session.add(
        ArrangementTerms(
            id=uuid.uuid4(),
            arrangement_id=it.id,
            version=it.version,
            what=it.what,
            quantity=it.quantity,
            weeks=it.weeks,
            unit_price=it.unit_price,
            total=it.total,
            notice_hours=it.notice_hours,
            travel_per_mile=it.travel_per_mile,
            who=it.who,
            starts_on=it.starts_on,
            status=TermsStatus.AGREED,
            proposed_by=it.person_id,
            proposed_at=now,
            answered_by=it.person_id,
            answered_at=now,
        )
    )
    session.flush()
    follow_terms(session, it, by=it.person_id, now=now)
    if not it.waits_for_pool:
        count_price(session, it, now=now)
    _credit(session, it, amount=invoiced(session, it) - it.total, reason="Cheaper, as the pool came out", now=now)
    audit.record(session, by=None, did="repriced by pool", to_kind="arrangement", to_id=it.id, now=now)


def change_way_to_pay(session: Session, *, arrangement_id: ArrangementId, pay_by: PayBy, now: datetime) -> None:
    """Let a member pay in another way."""
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    it.pay_by = pay_by
    audit.record(session, by=it.person_id, did="changed how to pay", to_kind="arrangement", to_id=it.id, now=now)


def confirm_for_pool(session: Session, *, arrangement_id: ArrangementId, starts_on: date, now: datetime) -> None:
    """
    Let an arrangement wait no longer: its pool goes ahead, and begins on this day.

    What was set aside beyond what it costs is free again.
    """
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    if not it.waits_for_pool or it.status is not ArrangementStatus.ACCEPTED:
        return
    it.waits_for_pool = False
    if starts_on != it.starts_on:
        it.starts_on = starts_on
        agreed = session.scalars(
            select(ArrangementTerms).where(
                ArrangementTerms.arrangement_id == it.id, ArrangementTerms.version == it.version
            )
        ).one()
        agreed.starts_on = starts_on
    session.flush()
    release_what_is_not_owed(session, it, by=None, now=now)
    count_asked_and_agreed(session, it, now=now)
    audit.record(session, by=None, did="confirmed by pool", to_kind="arrangement", to_id=it.id, now=now)


def cancel_for_pool(session: Session, *, arrangement_id: ArrangementId, reason: str, now: datetime) -> None:
    """
    Undo an arrangement that waits for its pool: everything is credited, and no money stays set aside.

    What was paid is given back by whoever calls this, through payments.
    """
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    if not it.waits_for_pool or it.status is not ArrangementStatus.ACCEPTED:
        return
    _credit(session, it, amount=invoiced(session, it), reason=reason, now=now)
    it.status, it.ended_at, it.ended_by, it.owed_at_end = ArrangementStatus.CANCELLED, now, it.person_id, ZERO
    session.flush()
    answer_terms(session, it, status=TermsStatus.WITHDRAWN, by=it.person_id, now=now)
    close_account(session, it, by=it.person_id, now=now)
    release_what_is_not_owed(session, it, by=it.person_id, now=now)
    audit.record(session, by=None, did="cancelled by pool", to_kind="arrangement", to_id=it.id, now=now)


def _credit(session: Session, it: Arrangement, *, amount: Money, reason: str, now: datetime) -> None:
    """Take so much off what was invoiced, off the newest invoice first."""
    invoices = session.scalars(
        select(Invoice)
        .where(Invoice.arrangement_id == it.id, Invoice.kind == InvoiceKind.INVOICE)
        .order_by(Invoice.number.desc())
    ).all()
    for invoice in invoices:
        off = min(amount, invoice.amount - credited_so_far(session, invoice_id=invoice.id))
        if off > ZERO:
            add_credit_note(session, it, invoice_id=invoice.id, amount=off, reason=reason, now=now)
            amount -= off
