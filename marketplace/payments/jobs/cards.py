"""Saving cards, and forgetting them: Stripe is asked, and what it says is written down."""

from datetime import datetime

from flask import current_app

from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, stop_reading, transaction
from marketplace.payments.gateways.answers import (
    KEYS_LAST,
    CardSetup,
    HostedPage,
    SetupStatus,
    StripeRefusedError,
    StripeUnreachableError,
)
from marketplace.payments.gateways.stripe import StripeGateway
from marketplace.payments.jobs.stripe import each, stripe
from marketplace.payments.queries import unfinished
from marketplace.payments.queries.unfinished import UnfinishedSetup
from marketplace.payments.rules import CardSetupId, SavedCardId
from marketplace.payments.services import cards


def finish_setups(now: datetime, *, at_once: bool = False) -> int:
    """Ask Stripe about every card that somebody is about to save; return of how many something came."""
    if stripe() is None:
        return 0
    due = unfinished.setups_to_finish(db.session, now=None if at_once else now)
    return each(due, lambda setup_id: ask_about_setup(setup_id, now=now), what="card setup")


def ask_about_setup(setup_id: CardSetupId, *, now: datetime) -> bool:
    """Take the saving of a card one step further; return whether that settled it. Safe any number of times."""
    gateway, it = stripe(), unfinished.unfinished_setup(db.session, setup_id=setup_id)
    stop_reading()
    if gateway is None or it is None:
        return False
    try:
        said = _ask(gateway, it, now=now)
    except StripeUnreachableError:
        with transaction() as session:
            cards.put_off_setup(session, setup_id=setup_id, now=now)
        return False
    except StripeRefusedError as refusal:
        current_app.logger.warning("Stripe refused card setup %s: %s %s", it.id, refusal.code, refusal.request_id)
        said = CardSetup(session_id="", status=SetupStatus.EXPIRED, card=None)
    if isinstance(said, HostedPage):
        with transaction() as session:
            cards.note_setup_page(session, setup_id=setup_id, page=said, now=now)
        return False
    with transaction() as session:
        return cards.settle_setup(session, setup_id=setup_id, state=said, now=now)


def forget_cards(now: datetime) -> int:
    """Let Stripe forget every card that somebody took away; return how many."""
    if stripe() is None:
        return 0
    waiting = unfinished.cards_to_forget(db.session)
    return each(waiting, lambda card: forget_card(*card, now=now), what="the forgetting of card")


def forget_card(card_id: SavedCardId, payment_method_id: str, *, now: datetime) -> bool:
    """Let Stripe forget a card; return whether it has. If it does not answer, it is told again later."""
    gateway = stripe()
    stop_reading()
    if gateway is None:
        return False
    try:
        gateway.forget_card(payment_method_id, key=f"{card_id}:forget")
    except StripeUnreachableError:
        return False
    except StripeRefusedError as refusal:
        # It is forgotten already, or Stripe knows no such card: either way it can be charged no more.
        current_app.logger.warning("Stripe would not forget card %s: %s", card_id, refusal.code)
    with transaction() as session:
        cards.note_forgotten(session, card_id=card_id, now=now)
    return True


def _ask(gateway: StripeGateway, it: UnfinishedSetup, *, now: datetime) -> CardSetup | HostedPage:
    if it.session_id is not None:
        return gateway.card_setup(it.session_id)
    if now >= it.begun_at + KEYS_LAST:
        # Nobody ever saw its page, so nothing can have come of it.
        return CardSetup(session_id="", status=SetupStatus.EXPIRED, card=None)
    page = page_address("payments.setup", {"setup_id": it.id})
    return gateway.begin_card_setup(
        it.customer_id or _open_customer(gateway, it),
        key=str(it.id),
        setup_ref=str(it.id),
        success_url=f"{page}?back=1",
        cancel_url=page_address("payments.cards"),
    )


def _open_customer(gateway: StripeGateway, it: UnfinishedSetup) -> str:
    customer_id = gateway.open_customer(key=f"{it.person_id}:customer", person_ref=str(it.person_id))
    with transaction() as session:
        cards.note_customer(session, person_id=it.person_id, customer_id=customer_id)
    return customer_id
