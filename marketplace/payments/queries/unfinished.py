"""What is begun and not finished, of all people? For jobs, which ask Stripe about it: no viewer, nothing is shown."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import addressee
from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.kit.money import Money
from marketplace.kit.sentences import worded
from marketplace.payments.models import (
    CardSetup,
    Charge,
    Payment,
    ProviderEvent,
    Refund,
    SavedCard,
    StripeAccount,
    StripeCustomer,
)
from marketplace.payments.queries.owing import UNDER_WAY, credited_of_invoice, paid_of_invoice
from marketplace.payments.rules import (
    CardSetupId,
    ChargeId,
    ChargeStatus,
    ChargeWay,
    EventStatus,
    PaymentId,
    RefundId,
    RefundStatus,
    Route,
    SavedCardId,
    SetupStatus,
)
from marketplace.payments.rules.charging import MOST_ATTEMPTS, TROUBLE
from marketplace.purchasing.models import Arrangement, Dispute, Invoice
from marketplace.purchasing.rules import InvoiceId, invoice_reference
from marketplace.purchasing.rules.nouns import InvoiceKind, PayBy

_AT_ONCE = 200
"""How many of a kind a job takes up in one go."""


@dataclass(frozen=True, slots=True)
class UnfinishedCharge:
    """All that Stripe must be told to charge a card, or asked to find out what came of it."""

    id: ChargeId
    invoice_id: InvoiceId
    account_id: str
    customer_id: str
    payment_method_id: str
    amount: Money
    fee: Money
    way: ChargeWay
    description: str
    session_id: str | None
    payment_intent_id: str | None
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class UnfinishedRefund:
    """All that Stripe must be told to give money back, or asked to find out what came of it."""

    id: RefundId
    account_id: str
    payment_intent_id: str
    stripe_id: str | None
    amount: Money
    had_fee: bool
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class UnfinishedSetup:
    """A card that somebody is about to save."""

    id: CardSetupId
    person_id: PersonId
    customer_id: str | None
    session_id: str | None
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class UnfinishedAccount:
    """A provider's account at Stripe, which may not be open yet."""

    organisation_id: OrganisationId
    account_id: str | None
    name: str
    email: str


def unfinished_charge(session: Session, *, charge_id: ChargeId) -> UnfinishedCharge | None:
    """Return a charge that is under way, or None if it is settled."""
    row = session.execute(
        select(Charge, Invoice.number, SavedCard.payment_method_id, StripeCustomer.customer_id)
        .join(Invoice, Invoice.id == Charge.invoice_id)
        .outerjoin(SavedCard, SavedCard.id == Charge.saved_card_id)
        .outerjoin(StripeCustomer, StripeCustomer.person_id == Charge.person_id)
        .where(Charge.id == charge_id, Charge.status.in_(UNDER_WAY))
    ).one_or_none()
    if row is None:
        return None
    it: Charge = row[0]
    return UnfinishedCharge(
        id=it.id,
        invoice_id=it.invoice_id,
        account_id=it.account_id,
        customer_id=row[3] or "",
        payment_method_id=row[2] or "",
        amount=it.amount,
        fee=it.fee,
        way=it.way,
        description=worded("Invoice {invoice_reference}", invoice_reference=invoice_reference(row[1])),
        session_id=it.session_id,
        payment_intent_id=it.payment_intent_id,
        begun_at=it.begun_at,
    )


def charges_to_finish(session: Session, *, now: datetime | None) -> tuple[ChargeId, ...]:
    """Return the charges about which Stripe is to be asked, the longest waiting first; all open ones without a time."""
    found = select(Charge.id).where(Charge.status.in_(UNDER_WAY), _is_due(Charge.check_at, now))
    return tuple(session.scalars(found.order_by(Charge.check_at, Charge.id).limit(_AT_ONCE)))


def charges_to_remind_of(session: Session, *, now: datetime) -> tuple[ChargeId, ...]:
    """Return the charges that failed and about which somebody is written to again."""
    due = select(Charge.id).where(Charge.remind_at <= now).order_by(Charge.remind_at, Charge.id)
    return tuple(session.scalars(due.limit(_AT_ONCE)))


def invoices_to_charge(session: Session) -> tuple[InvoiceId, ...]:
    """
    Return the invoices to be charged to a saved card by themselves: not paid, and nobody's card was tried yet.

    Where it was Stripe that had trouble, it is tried again a few times.
    """
    charges = select(Charge.id).where(Charge.invoice_id == Invoice.id)
    in_the_way = charges.where(Charge.decline_code != TROUBLE, Charge.status != ChargeStatus.EXPIRED)
    tried = select(func.count(Charge.id)).where(Charge.invoice_id == Invoice.id).scalar_subquery()
    card = select(SavedCard.id).where(SavedCard.person_id == Arrangement.person_id, SavedCard.removed_at.is_(None))
    disputed = select(Dispute.id).where(Dispute.arrangement_id == Arrangement.id, Dispute.closed_at.is_(None))
    found = (
        select(Invoice.id)
        .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
        .join(StripeAccount, StripeAccount.organisation_id == Invoice.organisation_id)
        .where(
            Invoice.kind == InvoiceKind.INVOICE,
            Arrangement.pay_by == PayBy.CARD,
            # Of a pool that is not certain yet the pool says when.
            Arrangement.waits_for_pool.is_(False),
            StripeAccount.charges_enabled.is_(True),
            card.exists(),
            ~in_the_way.exists(),
            ~disputed.exists(),
            tried < MOST_ATTEMPTS,
            paid_of_invoice() + credited_of_invoice() < Invoice.amount,
        )
        .order_by(Invoice.issued_at, Invoice.id)
        .limit(_AT_ONCE)
    )
    return tuple(session.scalars(found))


def open_page_of(session: Session, *, invoice_id: InvoiceId) -> ChargeId | None:
    """Return the charge of an invoice for which a page of Stripe's is open, if there is one."""
    return session.scalars(
        select(Charge.id).where(
            Charge.invoice_id == invoice_id, Charge.status.in_(UNDER_WAY), Charge.way == ChargeWay.HOSTED
        )
    ).one_or_none()


def unfinished_refund(session: Session, *, refund_id: RefundId) -> UnfinishedRefund | None:
    """Return a refund through Stripe of which we do not know yet what came, or None if we do."""
    row = session.execute(
        select(Refund, Charge)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Charge, Charge.id == Payment.charge_id)
        .where(Refund.id == refund_id, or_(Refund.status == RefundStatus.BEGUN, Refund.stripe_id.is_not(None)))
    ).one_or_none()
    if row is None:
        return None
    it: Refund = row[0]
    charge: Charge = row[1]
    return UnfinishedRefund(
        id=it.id,
        account_id=charge.account_id,
        payment_intent_id=charge.payment_intent_id or "",
        stripe_id=it.stripe_id,
        amount=it.amount,
        had_fee=bool(charge.fee.pence),
        begun_at=it.begun_at,
    )


def refunds_to_finish(session: Session, *, now: datetime | None) -> tuple[RefundId, ...]:
    """Return the refunds about which Stripe is to be asked."""
    found = select(Refund.id).where(Refund.status == RefundStatus.BEGUN, _is_due(Refund.check_at, now))
    return tuple(session.scalars(found.order_by(Refund.begun_at, Refund.id).limit(_AT_ONCE)))


def refund_known_as(session: Session, *, stripe_id: str) -> RefundId | None:
    """Return which refund of ours Stripe calls so."""
    return session.scalars(select(Refund.id).where(Refund.stripe_id == stripe_id)).one_or_none()


def card_payment_of(session: Session, *, payment_intent_id: str, account_id: str) -> PaymentId | None:
    """Return which payment came by what Stripe calls so."""
    return session.scalars(
        select(Payment.id)
        .join(Charge, Charge.id == Payment.charge_id)
        .where(
            Charge.payment_intent_id == payment_intent_id,
            Charge.account_id == account_id,
            Payment.route == Route.CARD,
            Charge.status == ChargeStatus.SUCCEEDED,
        )
    ).one_or_none()


def unfinished_setup(session: Session, *, setup_id: CardSetupId) -> UnfinishedSetup | None:
    """Return a card that somebody is about to save, or None if that is settled."""
    row = session.execute(
        select(CardSetup.id, CardSetup.person_id, StripeCustomer.customer_id, CardSetup.session_id, CardSetup.begun_at)
        .join(StripeCustomer, StripeCustomer.person_id == CardSetup.person_id)
        .where(CardSetup.id == setup_id, CardSetup.status == SetupStatus.BEGUN)
    ).one_or_none()
    return UnfinishedSetup(*row) if row else None


def setups_to_finish(session: Session, *, now: datetime | None) -> tuple[CardSetupId, ...]:
    """Return the cards about to be saved about which Stripe is to be asked."""
    found = select(CardSetup.id).where(CardSetup.status == SetupStatus.BEGUN, _is_due(CardSetup.check_at, now))
    return tuple(session.scalars(found.order_by(CardSetup.begun_at, CardSetup.id).limit(_AT_ONCE)))


def cards_to_forget(session: Session) -> tuple[tuple[SavedCardId, str], ...]:
    """Return the cards that were taken away and that Stripe still knows, with what it calls them."""
    found = select(SavedCard.id, SavedCard.payment_method_id).where(
        SavedCard.removed_at.is_not(None), SavedCard.forgotten_at.is_(None)
    )
    return tuple(
        (row.id, row.payment_method_id) for row in session.execute(found.order_by(SavedCard.id).limit(_AT_ONCE))
    )


def unfinished_account(session: Session, *, organisation_id: OrganisationId) -> UnfinishedAccount | None:
    """Return a provider's account at Stripe, with what Stripe must be told to open it."""
    row = session.execute(
        select(StripeAccount, Organisation.name)
        .join(Organisation, Organisation.id == StripeAccount.organisation_id)
        .where(StripeAccount.organisation_id == organisation_id)
    ).one_or_none()
    if row is None:
        return None
    it: StripeAccount = row[0]
    email = addressee(session, person_id=it.begun_by).email
    return UnfinishedAccount(it.organisation_id, it.account_id, row[1], email)


def accounts_to_look_at(session: Session, *, not_since: datetime) -> tuple[OrganisationId, ...]:
    """Return whose accounts at Stripe nobody has looked at since then."""
    found = select(StripeAccount.organisation_id).where(
        or_(StripeAccount.checked_at.is_(None), StripeAccount.checked_at < not_since)
    )
    return tuple(session.scalars(found.order_by(StripeAccount.organisation_id).limit(_AT_ONCE)))


def owner_of_account(session: Session, *, account_id: str) -> OrganisationId | None:
    """Return whose account Stripe calls so."""
    return session.scalars(
        select(StripeAccount.organisation_id).where(StripeAccount.account_id == account_id)
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """Something Stripe told us, of which nothing has come yet."""

    event_id: str
    type: str
    account_id: str | None
    object_id: str
    ref: str


def waiting_event(session: Session, *, event_id: str) -> WaitingEvent | None:
    """Return an event of which nothing has come yet, or None if something has."""
    it = session.get(ProviderEvent, event_id)
    if it is None or it.status is not EventStatus.RECEIVED:
        return None
    return WaitingEvent(it.event_id, it.type, it.account_id, it.object_id, it.ref)


def events_to_settle(session: Session) -> tuple[str, ...]:
    """Return the events of which nothing has come yet, those tried least first."""
    found = select(ProviderEvent.event_id).where(ProviderEvent.status == EventStatus.RECEIVED)
    order = (ProviderEvent.tries, ProviderEvent.received_at, ProviderEvent.event_id)
    return tuple(session.scalars(found.order_by(*order).limit(_AT_ONCE)))


def _is_due(column: InstrumentedAttribute[datetime | None], now: datetime | None) -> ColumnElement[bool]:
    """Hold for what is to be asked about by now, or for everything if no moment is given."""
    return or_(column.is_(None), column <= now) if now else true()
