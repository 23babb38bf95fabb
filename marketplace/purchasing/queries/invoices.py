"""Questions about invoices and credit notes. Every one takes the viewer: each side sees its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.queries import Addressee, addressees_for
from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.catalogue.models import Provider
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.kit.pages import Slice
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement, Invoice, InvoiceLine, Visit
from marketplace.purchasing.queries.sides import is_between, provided_by
from marketplace.purchasing.queries.terms import agreed_versions, rates_of
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus, InvoiceId, Side
from marketplace.purchasing.rules.invoicing import (
    Agreed,
    InvoiceOnPaper,
    Line,
    VisitDue,
    agreed_line,
    due_as_agreed,
    lines_of_visit,
)
from marketplace.purchasing.rules.nouns import InvoiceKind, PayBy, VisitId, VisitStatus
from marketplace.purchasing.rules.terms import terms_on
from marketplace.purchasing.rules.visits import VisitTerms, price_at

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """One invoice or credit note, in a list."""

    id: InvoiceId
    number: str
    kind: InvoiceKind
    amount: Money
    issued_at: datetime
    due_on: date | None
    # The invoice that a credit note takes a part of back.
    credits_id: InvoiceId | None


@dataclass(frozen=True, slots=True)
class InvoiceInList:
    """One invoice or credit note in a list. `with_whom` is the provider's name, or for the provider the person's."""

    id: InvoiceId
    number: str
    kind: InvoiceKind
    title: str
    with_whom: str
    amount: Money
    issued_at: datetime
    due_on: date | None


@dataclass(frozen=True, slots=True)
class InvoiceList:
    """One page of invoices and credit notes, the newest first."""

    lines: tuple[InvoiceInList, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class InvoicePage(InvoiceOnPaper):
    """One invoice or credit note, with what only a page says of it."""

    id: InvoiceId
    organisation_id: OrganisationId
    person_id: PersonId
    bill_to_email: str
    # Of a credit note: the invoice it takes a part of back.
    credits_id: InvoiceId | None
    pay_by: PayBy
    status: ArrangementStatus
    side: Side
    contacts: tuple[Addressee, ...]


def invoice_page(session: Session, *, invoice_id: InvoiceId, viewer: Viewer) -> InvoicePage | None:
    """Return an invoice or credit note to one of its two sides. To anybody else there is none."""
    row = session.execute(
        select(Invoice, Arrangement, Provider.name.label("provider"), Person.name.label("person"))
        .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .join(Person, Person.id == Arrangement.person_id)
        .where(Invoice.id == invoice_id, is_between(viewer))
    ).one_or_none()
    if row is None:
        return None
    invoice: Invoice = row[0]
    it: Arrangement = row[1]
    number = session.scalar(select(Invoice.number).where(Invoice.id == invoice.credits_id))
    return InvoicePage(
        id=invoice.id,
        arrangement_id=it.id,
        organisation_id=it.organisation_id,
        person_id=it.person_id,
        kind=invoice.kind,
        number=rules.invoice_reference(invoice.number),
        issued_at=invoice.issued_at,
        due_on=invoice.due_on,
        provider_name=row.provider,
        person_name=row.person,
        bill_to_name=invoice.bill_to_name,
        bill_to_email=invoice.bill_to_email,
        title=it.title,
        lines=_lines(session, invoice_id=invoice.id),
        amount=invoice.amount,
        credited=credited_so_far(session, invoice_id=invoice.id),
        credits_id=invoice.credits_id,
        credits_number=rules.invoice_reference(number) if number else "",
        pay_by=it.pay_by,
        status=it.status,
        side=Side.PERSON if it.person_id == viewer.person_id else Side.PROVIDER,
        contacts=addressees_for(session, organisation_id=it.organisation_id),
    )


def invoices_of(session: Session, *, arrangement_id: ArrangementId, viewer: Viewer) -> tuple[InvoiceSummary, ...]:
    """Return the invoices and credit notes of an arrangement to one of its two sides, the oldest first."""
    rows = session.scalars(
        select(Invoice)
        .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
        .where(Invoice.arrangement_id == arrangement_id, is_between(viewer))
        .order_by(Invoice.number)
    )
    return tuple(
        InvoiceSummary(
            id=it.id,
            number=rules.invoice_reference(it.number),
            kind=it.kind,
            amount=it.amount,
            issued_at=it.issued_at,
            due_on=it.due_on,
            credits_id=it.credits_id,
        )
        for it in rows
    )


def invoices_to(session: Session, *, viewer: Viewer, side: Side, page: int = 1) -> InvoiceList:
    """Return the invoices and credit notes that the viewer was sent; or that those they speak for have sent."""
    is_person = side is Side.PERSON
    whose = Arrangement.person_id == viewer.person_id if is_person else provided_by(viewer)
    with_whom = Provider.name if is_person else Person.name
    total = session.scalars(
        select(func.count())
        .select_from(Invoice)
        .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
        .where(whose)
    ).one()
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(Invoice, Arrangement.title, with_whom.label("with_whom"))
        .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .join(Person, Person.id == Arrangement.person_id)
        .where(whose)
        .order_by(Invoice.issued_at.desc(), Invoice.number.desc())
        .offset(part.offset)
        .limit(part.size)
    )
    return InvoiceList(
        lines=tuple(
            InvoiceInList(
                id=row.Invoice.id,
                number=rules.invoice_reference(row.Invoice.number),
                kind=row.Invoice.kind,
                title=row.title,
                with_whom=row.with_whom,
                amount=row.Invoice.amount,
                issued_at=row.Invoice.issued_at,
                due_on=row.Invoice.due_on,
            )
            for row in rows
        ),
        slice=part,
    )


def latest_invoice(session: Session, *, arrangement_id: ArrangementId, viewer: Viewer) -> InvoiceId | None:
    """Return the newest invoice of an arrangement, no credit note, to one of its two sides."""
    found = invoices_of(session, arrangement_id=arrangement_id, viewer=viewer)
    return next((it.id for it in reversed(found) if it.kind is InvoiceKind.INVOICE), None)


def credited_so_far(session: Session, *, invoice_id: InvoiceId) -> Money:
    """Return what credit notes have taken off an invoice."""
    return session.scalar(select(func.sum(Invoice.amount)).where(Invoice.credits_id == invoice_id)) or ZERO


def lines_due(session: Session, it: Arrangement, *, today: date) -> tuple[Line, ...]:
    """Return the lines of the next invoice: all that is due and on none yet. Asks for no viewer: it shows nothing."""
    agreed = Agreed(
        title=it.title,
        kind=it.kind,
        unit=it.unit,
        versions=agreed_versions(session, it),
        status=it.status,
        ended_on=day_of(it.ended_at) if it.ended_at else None,
        owed_at_end=it.owed_at_end,
    )
    invoiced = session.scalar(
        select(func.sum(InvoiceLine.amount))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(Invoice.arrangement_id == it.id, Invoice.kind == InvoiceKind.INVOICE, InvoiceLine.visit_id.is_(None))
    )
    line = agreed_line(agreed, due=due_as_agreed(agreed, today=today), invoiced=invoiced or ZERO)
    return (*([line] if line else []), *_visit_lines(session, it))


def _visit_lines(session: Session, it: Arrangement) -> Iterator[Line]:
    """Visits that are confirmed, or were called off too late, and are on no invoice yet."""
    is_due = or_(
        Visit.status == VisitStatus.CONFIRMED, and_(Visit.status == VisitStatus.CANCELLED, Visit.amount > ZERO)
    )
    is_charged = select(InvoiceLine.visit_id).where(InvoiceLine.visit_id == Visit.id)
    visits = session.scalars(
        select(Visit)
        .where(Visit.arrangement_id == it.id, is_due, ~is_charged.exists())
        .order_by(Visit.held_on, Visit.starts_at, Visit.id)
    ).all()
    if not visits:
        return
    held = TermsOfVisits(session, it)
    for visit in visits:
        terms = held.on(visit.held_on)
        due = VisitDue(
            id=visit.id,
            held_on=visit.held_on,
            minutes=visit.minutes,
            miles=visit.miles,
            rate=visit.rate,
            amount=visit.amount,
            travel=visit.travel,
            is_from_bank=visit.from_bank,
            is_called_off=visit.status is VisitStatus.CANCELLED,
        )
        price = terms.unit_price if visit.from_bank else price_at(terms, visit.rate)
        yield from lines_of_visit(due, unit=it.unit, price=price, per_mile=terms.travel_per_mile or ZERO)


class TermsOfVisits:
    """The terms of one arrangement by which its visits are charged, as they held on any day."""

    def __init__(self, session: Session, it: Arrangement) -> None:
        self._it = it
        self._others = dict(rates_of(session, it))
        self.versions = agreed_versions(session, it)

    @property
    def begins_on(self) -> date:
        """The first day of the first version."""
        return self.versions[0].starts_on

    def on(self, day: date) -> VisitTerms:
        """Return the terms that hold on a day."""
        holds = terms_on(self.versions, day)
        return VisitTerms(
            kind=self._it.kind,
            unit=self._it.unit,
            unit_price=holds.unit_price,
            prices=self._others | {self._it.rate: holds.unit_price},
            travel_per_mile=holds.travel_per_mile,
            notice_hours=holds.notice_hours,
            trial_until=self._it.trial_until,
        )


def _lines(session: Session, *, invoice_id: InvoiceId) -> tuple[Line, ...]:
    rows = session.scalars(
        select(InvoiceLine).where(InvoiceLine.invoice_id == invoice_id).order_by(InvoiceLine.position)
    )
    return tuple(
        Line(
            what=it.what,
            quantity=Decimal(it.quantity),
            unit=it.unit,
            unit_price=it.unit_price,
            amount=it.amount,
            visit_id=VisitId(it.visit_id) if it.visit_id else None,
        )
        for it in rows
    )
