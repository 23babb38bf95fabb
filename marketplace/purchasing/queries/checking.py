"""Do arrangements, hours, invoices and budgets agree? Every promise is a question that names each row breaking it."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.budgets.models import Budget, FundingStream, Promise
from marketplace.budgets.queries.checking import Broken, named
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.models import (
    Arrangement,
    ArrangementTerms,
    HoursEntry,
    Invoice,
    InvoiceLine,
    InvoiceSeries,
    Visit,
)
from marketplace.purchasing.queries.owed import owed_in_all
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import InvoiceKind, VisitStatus

_NEVER = (ArrangementStatus.DECLINED, ArrangementStatus.WITHDRAWN)
_WAITING = (VisitStatus.CLAIMED, VisitStatus.QUERIED)
_OVER = (ArrangementStatus.CANCELLED, ArrangementStatus.DONE)


def broken_rows(session: Session, *, today: date) -> tuple[Broken, ...]:
    """Return every row of purchasing that breaks a promise, by name. An empty answer is clean books."""
    return named(session, _promises()) + _held_too_long(session, today=today)


@cache
def _promises() -> tuple[tuple[str, str, Select[Any]], ...]:
    """Every promise of purchasing, the kind of row that can break it, and which rows do."""
    # Written once: writing these questions takes several times as long as asking them of small books.
    return (*_of_budgets(), *_of_hours(), *_of_invoices())


def _of_budgets() -> Iterator[tuple[str, str, Select[Any]]]:
    purposes = select(Promise.id).join(Arrangement, Arrangement.id == Promise.purpose)
    yield (
        "a person's budget pays for that person's arrangements",
        "promise",
        purposes.join(FundingStream, FundingStream.id == Promise.stream_id)
        .join(Budget, Budget.id == FundingStream.budget_id)
        .where(Arrangement.person_id != Budget.person_id),
    )
    yield (
        "nothing is promised or spent for what will never be",
        "promise",
        purposes.where(Arrangement.status.in_(_NEVER), or_(Promise.promised != ZERO, Promise.spent != ZERO)),
    )


def _held_too_long(session: Session, *, today: date) -> tuple[Broken, ...]:
    """
    Name the arrangements that are over and for which more is still promised than is owed.

    Not while a visit waits for a yes: it may be put right. What was credited may be a refund still on its way.
    """
    waiting = select(Visit.id).where(Visit.arrangement_id == Arrangement.id, Visit.status.in_(_WAITING))
    held = (
        select(Arrangement, func.sum(Promise.promised), func.sum(Promise.spent))
        .join(Promise, Promise.purpose == Arrangement.id)
        .where(Arrangement.status.in_(_OVER), ~waiting.exists())
        .group_by(Arrangement.id)
        .having(func.sum(Promise.promised) != ZERO)
    )
    return tuple(
        Broken("what is over holds no more than is owed", "arrangement", it.id)
        for it, promised, spent in session.execute(held)
        if promised > max(owed_in_all(session, it, today=today) + _credited(session, it) - spent, ZERO)
    )


def _credited(session: Session, it: Arrangement) -> Money:
    credited = select(func.sum(Invoice.amount)).where(
        Invoice.arrangement_id == it.id, Invoice.kind == InvoiceKind.CREDIT_NOTE
    )
    return session.scalar(credited) or ZERO


def _of_hours() -> Iterator[tuple[str, str, Select[Any]]]:
    counted = (
        select(HoursEntry.arrangement_id, func.sum(HoursEntry.minutes).label("minutes"))
        .group_by(HoursEntry.arrangement_id)
        .subquery()
    )
    minutes = func.coalesce(counted.c.minutes, 0)
    yield (
        "the hours left are the sum of their entries, and never below zero",
        "arrangement",
        select(Arrangement.id)
        .join(counted, counted.c.arrangement_id == Arrangement.id, isouter=True)
        .where(or_(Arrangement.minutes_left != minutes, minutes < 0)),
    )
    yield (
        "an arrangement says what the version of its terms says that holds",
        "arrangement",
        select(Arrangement.id)
        .join(
            ArrangementTerms,
            and_(ArrangementTerms.arrangement_id == Arrangement.id, ArrangementTerms.version == Arrangement.version),
        )
        .where(
            or_(
                ArrangementTerms.total != Arrangement.total,
                ArrangementTerms.unit_price != Arrangement.unit_price,
                ArrangementTerms.quantity != Arrangement.quantity,
                ArrangementTerms.weeks != Arrangement.weeks,
            )
        ),
    )


def _of_invoices() -> Iterator[tuple[str, str, Select[Any]]]:
    lines = (
        select(InvoiceLine.invoice_id, func.sum(InvoiceLine.amount).label("amount"))
        .group_by(InvoiceLine.invoice_id)
        .subquery()
    )
    yield (
        "an invoice is the sum of its lines",
        "invoice",
        select(Invoice.id)
        .join(lines, lines.c.invoice_id == Invoice.id, isouter=True)
        .where(or_(lines.c.amount.is_(None), lines.c.amount != Invoice.amount)),
    )
    numbers = select(Invoice.organisation_id).group_by(Invoice.organisation_id)
    yield (
        "invoices are numbered without gaps",
        "organisation",
        numbers.join(InvoiceSeries, InvoiceSeries.organisation_id == Invoice.organisation_id, isouter=True).having(
            or_(
                func.max(Invoice.number) != func.count(),
                func.coalesce(func.max(InvoiceSeries.last_number), 0) != func.count(),
            )
        ),
    )
    credited = (
        select(Invoice.credits_id, func.sum(Invoice.amount).label("amount"))
        .where(Invoice.kind == InvoiceKind.CREDIT_NOTE)
        .group_by(Invoice.credits_id)
        .subquery()
    )
    yield (
        "no more is taken back than an invoice asked for",
        "invoice",
        select(Invoice.id)
        .join(credited, credited.c.credits_id == Invoice.id)
        .where(credited.c.amount > Invoice.amount),
    )
