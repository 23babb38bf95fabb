"""Giving money back through Stripe: it is asked, and what it says is written down."""

from datetime import datetime

from flask import current_app

from marketplace.kit.db import db, stop_reading, transaction
from marketplace.payments.gateways.answers import KEYS_LAST, RefundState, StripeRefusedError, StripeUnreachableError
from marketplace.payments.gateways.stripe import StripeGateway
from marketplace.payments.jobs.stripe import each, invoice_address, stripe
from marketplace.payments.queries import unfinished
from marketplace.payments.queries.unfinished import UnfinishedRefund
from marketplace.payments.rules import PaymentId, RefundId
from marketplace.payments.rules.charging import REQUESTS_SETTLE_IN
from marketplace.payments.services import refunding


def finish_refunds(now: datetime, *, at_once: bool = False) -> int:
    """Ask Stripe about every refund whose time has come; return how many were settled."""
    if stripe() is None:
        return 0
    due = unfinished.refunds_to_finish(db.session, now=None if at_once else now)
    return each(due, lambda refund_id: ask_about_refund(refund_id, now=now), what="refund")


def ask_about_refund(refund_id: RefundId, *, now: datetime) -> bool:
    """Take a refund one step further; return whether that settled it. Safe at any time, any number of times."""
    gateway, it = stripe(), unfinished.unfinished_refund(db.session, refund_id=refund_id)
    stop_reading()
    if gateway is None or it is None:
        return False
    try:
        said = _ask(gateway, it, now=now)
    except StripeUnreachableError:
        with transaction() as session:
            refunding.put_off_refund(session, refund_id=refund_id, now=now)
        return False
    except StripeRefusedError as refusal:
        current_app.logger.warning("Stripe refused refund %s: %s %s", refund_id, refusal.code, refusal.request_id)
        said = None
    if said is None:
        with transaction() as session:
            refunding.refuse_refund(session, refund_id=refund_id, link=invoice_address, now=now)
        return True
    with transaction() as session:
        return refunding.settle_refund(session, refund_id=refund_id, state=said, link=invoice_address, now=now)


def take_in_refund(stripe_id: str, account_id: str, *, ref: RefundId | None, now: datetime) -> bool:
    """Learn from Stripe what became of a refund, even one that a provider made there and not here."""
    known = ref or unfinished.refund_known_as(db.session, stripe_id=stripe_id)
    stop_reading()
    gateway = stripe()
    if gateway is None:
        return False
    state = gateway.refund_state(stripe_id, account_id)
    if known is not None:
        with transaction() as session:
            return refunding.settle_refund(session, refund_id=known, state=state, link=invoice_address, now=now)
    payment_id = _payment_of(state, account_id)
    if payment_id is None:
        return False
    with transaction() as session:
        return refunding.note_refund_at_stripe(
            session, payment_id=payment_id, state=state, link=invoice_address, now=now
        )


def _payment_of(state: RefundState, account_id: str) -> PaymentId | None:
    intent = state.payment_intent_id
    return unfinished.card_payment_of(db.session, payment_intent_id=intent, account_id=account_id) if intent else None


def _ask(gateway: StripeGateway, it: UnfinishedRefund, *, now: datetime) -> RefundState | None:
    """Return what Stripe says of a refund. None: nothing came of it, and nothing will."""
    if it.stripe_id is not None:
        return gateway.refund_state(it.stripe_id, it.account_id)
    if now >= it.begun_at + KEYS_LAST:
        return _found(gateway, it)
    try:
        return gateway.refund(
            account_id=it.account_id,
            payment_intent_id=it.payment_intent_id,
            amount_pence=it.amount.pence,
            had_fee=it.had_fee,
            refund_ref=str(it.id),
            key=str(it.id),
        )
    except StripeUnreachableError as unknown:
        if unknown.is_repeated and now >= it.begun_at + REQUESTS_SETTLE_IN:
            return _found(gateway, it)
        raise


def _found(gateway: StripeGateway, it: UnfinishedRefund) -> RefundState | None:
    return gateway.find_refund(str(it.id), account_id=it.account_id, payment_intent_id=it.payment_intent_id)
