"""
Charging cards, and finishing what a crash left: Stripe is asked, and what it says is written down.

A charge is written down before Stripe hears of it, so whatever happens between is found again and asked again under
the charge's own key. Stripe keeps keys for a day; after that we look through its own list first.
"""

from datetime import datetime, timedelta

from flask import current_app

from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, stop_reading, transaction
from marketplace.payments.gateways.answers import (
    KEYS_LAST,
    ChargeState,
    HostedPage,
    StripeRefusedError,
    StripeUnreachableError,
)
from marketplace.payments.gateways.stripe import StripeGateway
from marketplace.payments.jobs.stripe import each, invoice_address, pence_per_pound, stripe
from marketplace.payments.queries import unfinished
from marketplace.payments.queries.unfinished import UnfinishedCharge
from marketplace.payments.rules import ChargeId, ChargeWay
from marketplace.payments.rules.charging import REQUESTS_SETTLE_IN, TROUBLE
from marketplace.payments.services import charging, reminding
from marketplace.purchasing.rules import InvoiceId

# Clocks differ, and a charge is made after it was begun.
_CLOCKS_DIFFER = timedelta(hours=1)


def charge_invoices(now: datetime) -> int:
    """Charge saved cards for every invoice that is to be paid by card, each by itself; return how many succeeded."""
    if stripe() is None:
        return 0

    due = unfinished.invoices_to_charge(db.session)
    return each(due, lambda invoice_id: charge_invoice(invoice_id, now=now), what="the charge for invoice")


def charge_invoice(invoice_id: InvoiceId, *, now: datetime) -> bool:
    """Charge the card that somebody saved for one invoice, if that can be; return whether it is settled."""
    if stripe() is None:
        return False
    with transaction() as session:
        charge_id = charging.begin_card_charge(
            session, invoice_id=invoice_id, pence_per_pound=pence_per_pound(), now=now
        )
    return charge_id is not None and ask_about(charge_id, now=now)


def finish_charges(now: datetime, *, at_once: bool = False) -> int:
    """Ask Stripe about every charge whose time has come, or about all with `at_once`; return how many were settled."""
    if stripe() is None:
        return 0
    due = unfinished.charges_to_finish(db.session, now=None if at_once else now)
    return each(due, lambda charge_id: ask_about(charge_id, now=now), what="charge")


def remind_of_failures(now: datetime) -> int:
    """Write again about cards that could not be charged; return how many letters were written."""

    def remind(charge_id: ChargeId) -> bool:
        with transaction() as session:
            return reminding.remind_of_failure(session, charge_id=charge_id, link=invoice_address, now=now)

    return each(unfinished.charges_to_remind_of(db.session, now=now), remind, what="the reminder of charge")


def ask_about(charge_id: ChargeId, *, now: datetime) -> bool:
    """
    Take a charge one step further: ask Stripe to do it, or what came of it. Return whether that settled it.

    Safe at any time and any number of times. If Stripe does not answer, it is asked again later.
    """
    gateway, it = stripe(), unfinished.unfinished_charge(db.session, charge_id=charge_id)
    stop_reading()
    if gateway is None or it is None:
        return False
    try:
        said = _ask(gateway, it, now=now)
    except StripeUnreachableError:
        with transaction() as session:
            charging.put_off(session, charge_id=charge_id, now=now)
        return False
    except StripeRefusedError as refusal:
        current_app.logger.warning("Stripe refused charge %s: %s %s", charge_id, refusal.code, refusal.request_id)
        return _give_up(charge_id, code=refusal.code, says=str(refusal), now=now)
    if said is None:
        return _give_up(charge_id, code=TROUBLE, says="The company that takes cards had trouble.", now=now)
    if isinstance(said, HostedPage):
        with transaction() as session:
            charging.note_page(session, charge_id=charge_id, page=said, now=now)
        return False
    with transaction() as session:
        return charging.settle_charge(session, charge_id=charge_id, state=said, link=invoice_address, now=now)


def close_page(invoice_id: InvoiceId, *, now: datetime) -> None:
    """Close the page of Stripe's on which somebody could still pay an invoice, or learn that they did."""
    gateway, charge_id = stripe(), unfinished.open_page_of(db.session, invoice_id=invoice_id)
    it = unfinished.unfinished_charge(db.session, charge_id=charge_id) if charge_id else None
    stop_reading()
    if gateway is None or it is None or it.session_id is None:
        return
    try:
        said = gateway.expire_hosted_charge(it.session_id, it.account_id, key=f"{it.id}:close")
    except StripeRefusedError:
        # It is paid or closed already.
        ask_about(it.id, now=now)
    except StripeUnreachableError:
        return
    else:
        with transaction() as session:
            charging.settle_charge(session, charge_id=it.id, state=said, link=invoice_address, now=now)


def _ask(gateway: StripeGateway, it: UnfinishedCharge, *, now: datetime) -> ChargeState | HostedPage | None:
    """Return what Stripe says of a charge: what came of it, or where its page is. None: nothing came, and will not."""
    if it.session_id is not None:
        return gateway.hosted_charge(it.session_id, it.account_id)
    if it.payment_intent_id is not None:
        return gateway.charge(it.payment_intent_id, it.account_id)
    if now >= it.begun_at + KEYS_LAST:
        return _found(gateway, it)
    try:
        return _charge(gateway, it)
    except StripeUnreachableError as unknown:
        # Stripe would only repeat its own error under this key. Once nothing can be on its way any more, its list says.
        if unknown.is_repeated and now >= it.begun_at + REQUESTS_SETTLE_IN:
            return _found(gateway, it)
        raise


def _charge(gateway: StripeGateway, it: UnfinishedCharge) -> ChargeState | HostedPage:
    if it.way is ChargeWay.SAVED_CARD:
        return gateway.charge_card(
            account_id=it.account_id,
            customer_id=it.customer_id,
            payment_method_id=it.payment_method_id,
            amount_pence=it.amount.pence,
            fee_pence=it.fee.pence,
            charge_ref=str(it.id),
            description=it.description,
            key=str(it.id),
        )
    page = page_address("payments.charge", {"charge_id": it.id})
    return gateway.begin_hosted_charge(
        account_id=it.account_id,
        amount_pence=it.amount.pence,
        fee_pence=it.fee.pence,
        charge_ref=str(it.id),
        description=it.description,
        success_url=f"{page}?back=1",
        cancel_url=invoice_address(it.invoice_id),
        key=str(it.id),
    )


def _found(gateway: StripeGateway, it: UnfinishedCharge) -> ChargeState | None:
    return gateway.find_charge(str(it.id), it.account_id, since=it.begun_at - _CLOCKS_DIFFER)


def _give_up(charge_id: ChargeId, *, code: str, says: str, now: datetime) -> bool:
    with transaction() as session:
        charging.refuse_charge(session, charge_id=charge_id, code=code, says=says, link=invoice_address, now=now)
    return True
