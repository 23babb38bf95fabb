"""What do the objects of Stripe’s library say? They are no dicts, and end here."""

from datetime import UTC, datetime

import stripe
from stripe.checkout import Session

from marketplace.payments.gateways.answers import (
    AccountState,
    Card,
    CardSetup,
    ChargeState,
    ChargeStatus,
    Event,
    HostedPage,
    RefundState,
    RefundStatus,
    SetupStatus,
)
from marketplace.payments.gateways.declines import sentence_for

REFS = ("charge_ref", "refund_ref", "setup_ref")

NEEDS_PERSON = frozenset({"authentication_required", "authentication_not_handled"})
_CHARGES = {
    "succeeded": ChargeStatus.SUCCEEDED,
    "processing": ChargeStatus.PROCESSING,
    "requires_capture": ChargeStatus.PROCESSING,
    "requires_action": ChargeStatus.NEEDS_PERSON,
    "requires_confirmation": ChargeStatus.OPEN,
    "requires_payment_method": ChargeStatus.OPEN,
    "canceled": ChargeStatus.CANCELLED,
}
_REFUNDS = {
    "succeeded": RefundStatus.SUCCEEDED,
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.CANCELLED,
}


def account_state(account: stripe.Account) -> AccountState:
    """Return what an account may do."""
    # What is past due stands among what is due now as well.
    due = account.requirements.currently_due if account.requirements else None
    return AccountState(
        account_id=account.id,
        charges_enabled=bool(account.charges_enabled),
        payouts_enabled=bool(account.payouts_enabled),
        details_submitted=bool(account.details_submitted),
        due=tuple(due or ()),
    )


def hosted_page(session: Session) -> HostedPage:
    """Return the page that a Checkout session is."""
    return HostedPage(session_id=session.id, url=session.url or "", expires_at=moment(session.expires_at))


def card_setup(session: Session) -> CardSetup:
    """Return what came of a session that saves a card. Its setup intent and payment method must be expanded."""
    intent = session.setup_intent
    method = intent.payment_method if isinstance(intent, stripe.SetupIntent) and intent.status == "succeeded" else None
    return CardSetup(
        session_id=session.id,
        status=SetupStatus(session.status or "open"),
        card=_card(method) if isinstance(method, stripe.PaymentMethod) else None,
    )


def _card(method: stripe.PaymentMethod) -> Card | None:
    card = method.card
    if card is None:
        return None
    return Card(
        payment_method_id=method.id,
        brand=card.brand,
        last4=card.last4 or "",
        exp_month=card.exp_month,
        exp_year=card.exp_year,
    )


def charge_state(intent: stripe.PaymentIntent) -> ChargeState:
    """Return what came of a payment intent. Its latest charge must be expanded to know what was refunded."""
    error = intent.last_payment_error
    code = _code_of(error) if error else None
    status = _CHARGES.get(intent.status, ChargeStatus.PROCESSING)
    if status is ChargeStatus.OPEN and code:
        status = ChargeStatus.NEEDS_PERSON if code in NEEDS_PERSON else ChargeStatus.FAILED
    charge = intent.latest_charge
    is_settled = status in {ChargeStatus.SUCCEEDED, ChargeStatus.PROCESSING, ChargeStatus.CANCELLED}
    if status is ChargeStatus.NEEDS_PERSON and not code:
        code = "authentication_required"
    return ChargeState(
        status=status,
        payment_intent_id=intent.id,
        amount_pence=intent.amount,
        fee_pence=intent.application_fee_amount or 0,
        refunded_pence=charge.amount_refunded if isinstance(charge, stripe.Charge) else 0,
        decline_code=None if is_settled else code,
        says=sentence_for(code) if code and not is_settled else "",
    )


def refused_charge(error: stripe.CardError, *, amount_pence: int, fee_pence: int) -> ChargeState:
    """Return what came of a charge that the bank refused. The refusal carries the intent, if there came to be one."""
    said = error.error
    intent = getattr(said, "payment_intent", None)
    if isinstance(intent, stripe.PaymentIntent):
        return charge_state(intent)
    code = (_code_of(said) if said else error.code) or "card_declined"
    return ChargeState(
        status=ChargeStatus.FAILED,
        payment_intent_id=None,
        amount_pence=amount_pence,
        fee_pence=fee_pence,
        refunded_pence=0,
        decline_code=code,
        says=sentence_for(code),
    )


def hosted_charge_state(session: Session) -> ChargeState:
    """Return what came of a session that charges. While it is open another card may be tried, whatever was refused."""
    intent = session.payment_intent
    found = charge_state(intent) if isinstance(intent, stripe.PaymentIntent) else None
    if found and found.status in {ChargeStatus.SUCCEEDED, ChargeStatus.PROCESSING}:
        return found
    status = {"open": ChargeStatus.OPEN, "expired": ChargeStatus.EXPIRED}.get(session.status or "")
    return ChargeState(
        # A session can be complete a moment before its intent says so.
        status=status or ChargeStatus.PROCESSING,
        payment_intent_id=found.payment_intent_id if found else None,
        amount_pence=session.amount_total or 0,
        fee_pence=found.fee_pence if found else 0,
        refunded_pence=0,
        decline_code=found.decline_code if found else None,
        says=found.says if found else "",
    )


def refund_state(refund: stripe.Refund) -> RefundState:
    """Return what came of a refund."""
    intent = refund.payment_intent
    return RefundState(
        status=_REFUNDS.get(refund.status or "", RefundStatus.PENDING),
        refund_id=refund.id,
        payment_intent_id=intent.id if isinstance(intent, stripe.PaymentIntent) else intent,
        amount_pence=refund.amount,
        failure_code=getattr(refund, "failure_reason", None),
    )


def event(signed: stripe.Event) -> Event:
    """Return where an event says to look."""
    said = signed.to_dict()
    thing = said["data"]["object"]
    metadata = thing.get("metadata") or {}
    intent = thing.get("payment_intent")
    if thing.get("object") == "payment_intent":
        intent = thing.get("id")
    return Event(
        event_id=said["id"],
        type=said["type"],
        account_id=said.get("account"),
        object_id=thing.get("id") or "",
        payment_intent_id=intent if isinstance(intent, str) else None,
        ref=next((metadata[name] for name in REFS if metadata.get(name)), None),
        created=moment(said["created"]),
    )


def moment(seconds: int) -> datetime:
    """Return a moment as we write moments."""
    return datetime.fromtimestamp(seconds, UTC)


def _code_of(error: stripe.StripeObject) -> str | None:
    # Not every error has every field, and asking for one that is not there raises.
    code = getattr(error, "code", None)
    declined = getattr(error, "decline_code", None)
    return str(declined) if code == "card_declined" and declined else (str(code) if code else None)
