"""Questions about payments. Every one takes the viewer; who may see an invoice is purchasing's to say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, Viewer
from marketplace.kit.money import ZERO, Money
from marketplace.payments.models import BankDetails, Charge, Payment, Refund, StripeAccount
from marketplace.payments.queries.owing import UNDER_WAY, credited_of_invoice, paid_of_invoice, paid_so_far
from marketplace.payments.rules import (
    ChargeId,
    ChargeStatus,
    ChargeWay,
    PaymentId,
    RefundStatus,
    Route,
)
from marketplace.payments.rules.banking import shown_sort_code
from marketplace.payments.rules.charging import LEAST_BY_CARD, fee_of
from marketplace.purchasing.models import Arrangement, Invoice
from marketplace.purchasing.queries.invoices import InvoicePage, invoice_page
from marketplace.purchasing.queries.sides import is_between
from marketplace.purchasing.rules import InvoiceId, Side
from marketplace.purchasing.rules.nouns import InvoiceKind


@dataclass(frozen=True, slots=True)
class RefundLine:
    """Money given back of one payment, as both sides see it."""

    amount: Money
    reason: str
    status: RefundStatus
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment, as both sides see it."""

    id: PaymentId
    amount: Money
    refunded: Money
    route: Route
    paid_on: date
    refunds: tuple[RefundLine, ...]

    @property
    def left(self) -> Money:
        """What of it has not been given back."""
        return self.amount - self.refunded

    @property
    def may_be_by_hand(self) -> bool:
        """Whether the provider may say that they gave it back themselves: unless Stripe can still do it."""
        return self.route is not Route.CARD or any(it.status is RefundStatus.FAILED for it in self.refunds)


@dataclass(frozen=True, slots=True)
class Bank:
    """Where a provider is paid by bank transfer."""

    account_name: str
    sort_code: str
    account_number: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """The last time a card was charged for an invoice, or tried."""

    id: ChargeId
    status: ChargeStatus
    way: ChargeWay
    amount: Money
    problem: str


@dataclass(frozen=True, slots=True)
class PaymentsPage:
    """An invoice, every way to pay it, and what has been paid of it."""

    invoice: InvoicePage
    payments: tuple[PaymentLine, ...]
    paid: Money
    bank: Bank | None
    # Whether a card can pay this provider here and now.
    takes_cards: bool
    charge: ChargeLine | None

    @property
    def owed(self) -> Money:
        """What is still to pay."""
        return max(self.invoice.asked - self.paid, ZERO)

    @property
    def paid_over(self) -> Money:
        """What was paid and is to be given back: the invoice asks for less than has been paid."""
        return max(self.paid - self.invoice.asked, ZERO)

    @property
    def is_providers(self) -> bool:
        """Whether the viewer speaks for the provider, who says what has arrived."""
        return self.invoice.side is Side.PROVIDER

    @property
    def may_record(self) -> bool:
        """Whether the viewer may write a payment down: the provider, while something is owed."""
        return self.is_providers and self.owed > ZERO

    @property
    def is_being_charged(self) -> bool:
        """Whether a card is being charged for it, or a page of Stripe's is open to do so."""
        return self.charge is not None and self.charge.status in UNDER_WAY

    @property
    def may_pay_by_card(self) -> bool:
        """Whether the viewer may go on to pay it by card."""
        is_busy = self.is_being_charged and self.charge is not None and self.charge.way is ChargeWay.SAVED_CARD
        return not self.is_providers and self.takes_cards and self.owed >= LEAST_BY_CARD and not is_busy

    def fee(self, pence_per_pound: Decimal) -> Money:
        """Return what of a card's payment of what is owed comes to whoever runs the site."""
        return fee_of(self.owed, pence_per_pound=pence_per_pound)


def payments_page(
    session: Session, *, invoice_id: InvoiceId, viewer: Viewer, cards_are_on: bool
) -> PaymentsPage | None:
    """Return an invoice and its payments to one of its two sides. To anybody else there are none."""
    invoice = invoice_page(session, invoice_id=invoice_id, viewer=viewer)
    if invoice is None or invoice.kind is not InvoiceKind.INVOICE:
        return None
    return PaymentsPage(
        invoice=invoice,
        payments=_payments(session, invoice_id),
        paid=paid_so_far(session, invoice_id=invoice_id),
        bank=bank_of(session, organisation_id=invoice.organisation_id),
        takes_cards=cards_are_on and takes_cards(session, organisation_id=invoice.organisation_id),
        charge=_last_charge(session, invoice_id),
    )


def left_to_pay(session: Session, *, invoice_ids: Collection[InvoiceId], viewer: Viewer) -> dict[InvoiceId, Money]:
    """Return what is still to pay of some invoices, to either of their two sides. Credit notes have nothing to pay."""
    rows = session.execute(
        select(Invoice.id, Invoice.amount, credited_of_invoice().label("credited"), paid_of_invoice().label("paid"))
        .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
        .where(Invoice.id.in_(invoice_ids), Invoice.kind == InvoiceKind.INVOICE, is_between(viewer))
    )
    return {row.id: max(row.amount - row.credited - row.paid, ZERO) for row in rows}


def takes_cards(session: Session, *, organisation_id: OrganisationId) -> bool:
    """Test whether a provider's own account at Stripe may charge cards. Anybody may know that."""
    return bool(
        session.scalar(select(StripeAccount.charges_enabled).where(StripeAccount.organisation_id == organisation_id))
    )


def bank_of(session: Session, *, organisation_id: OrganisationId) -> Bank | None:
    """Return where a provider is paid by bank transfer. For them, and for whoever has an invoice of theirs."""
    it = session.get(BankDetails, organisation_id)
    return Bank(it.account_name, shown_sort_code(it.sort_code), it.account_number, it.changed_at) if it else None


def payment_to_give_back(
    session: Session, *, payment_id: PaymentId, viewer: Viewer
) -> tuple[InvoiceId, PaymentLine] | None:
    """Return a payment, and of which invoice, to those who speak for the provider that got it."""
    invoice_id = session.scalars(
        select(Payment.invoice_id)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(Payment.id == payment_id, Invoice.organisation_id.in_(viewer.organisations))
    ).one_or_none()
    if invoice_id is None:
        return None
    return invoice_id, next(it for it in _payments(session, invoice_id) if it.id == payment_id)


@dataclass(frozen=True, slots=True)
class ChargePage:
    """One charge of a card, as the person who pays sees it."""

    id: ChargeId
    invoice_id: InvoiceId
    status: ChargeStatus
    amount: Money
    page_url: str
    problem: str

    @property
    def is_under_way(self) -> bool:
        """Whether Stripe knows more than we do."""
        return self.status in UNDER_WAY


def charge_page(session: Session, *, charge_id: ChargeId, viewer: Viewer) -> ChargePage | None:
    """Return a charge to the person who pays. To anybody else there is none."""
    it = session.scalars(
        select(Charge).where(Charge.id == charge_id, Charge.person_id == viewer.person_id)
    ).one_or_none()
    return ChargePage(it.id, it.invoice_id, it.status, it.amount, it.page_url, it.problem) if it else None


def _payments(session: Session, invoice_id: InvoiceId) -> tuple[PaymentLine, ...]:
    payments = session.scalars(
        select(Payment)
        .where(Payment.invoice_id == invoice_id)
        .order_by(Payment.paid_on, Payment.recorded_at, Payment.id)
    ).all()
    refunds = session.scalars(
        select(Refund).where(Refund.payment_id.in_([it.id for it in payments])).order_by(Refund.begun_at, Refund.id)
    ).all()
    return tuple(
        PaymentLine(
            id=it.id,
            amount=it.amount,
            refunded=it.refunded,
            route=it.route,
            paid_on=it.paid_on,
            refunds=tuple(
                RefundLine(one.amount, one.reason, one.status, one.begun_at)
                for one in refunds
                if one.payment_id == it.id
            ),
        )
        for it in payments
    )


def _last_charge(session: Session, invoice_id: InvoiceId) -> ChargeLine | None:
    it = session.scalars(
        select(Charge).where(Charge.invoice_id == invoice_id).order_by(Charge.attempt.desc()).limit(1)
    ).one_or_none()
    return ChargeLine(it.id, it.status, it.way, it.amount, it.problem) if it else None
