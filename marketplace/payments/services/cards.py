"""Saving a card, and taking it away. The number never comes near us: Stripe's page takes it."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.kit import audit
from marketplace.kit.errors import NotFoundError
from marketplace.kit.sentences import worded
from marketplace.payments.gateways.answers import CardSetup as SetupState
from marketplace.payments.gateways.answers import HostedPage
from marketplace.payments.gateways.answers import SetupStatus as StripeSays
from marketplace.payments.models import CardSetup, SavedCard, StripeCustomer
from marketplace.payments.rules import CardSetupId, SavedCardId, SetupStatus
from marketplace.payments.rules.charging import wait_before_check


class SetupNotFoundError(NotFoundError):
    """Nobody began to save a card so, or somebody else did."""


class CardNotFoundError(NotFoundError):
    """There is no such card, or it is somebody else's."""


def begin_card_setup(session: Session, *, by: PersonId, back_to: str, now: datetime) -> CardSetupId:
    """Begin to save a card. `back_to` is the page of this site to go on to afterwards."""
    accounts.take_turns(session, person_id=by)
    if session.get(StripeCustomer, by) is None:
        session.add(StripeCustomer(person_id=by, begun_at=now))
    setup = CardSetup(
        id=CardSetupId(uuid.uuid4()),
        person_id=by,
        status=SetupStatus.BEGUN,
        back_to=back_to[:300],
        begun_at=now,
        check_at=now + wait_before_check(0),
    )
    session.add(setup)
    session.flush()
    return setup.id


def note_customer(session: Session, *, person_id: PersonId, customer_id: str) -> None:
    """Keep what Stripe calls somebody who saves cards."""
    customer = session.get_one(StripeCustomer, person_id, with_for_update=True, populate_existing=True)
    customer.customer_id = customer.customer_id or customer_id


def note_setup_page(session: Session, *, setup_id: CardSetupId, page: HostedPage, now: datetime) -> None:
    """Keep where the page is on which somebody saves a card."""
    setup = _locked(session, setup_id)
    if setup.status is SetupStatus.BEGUN:
        setup.session_id, setup.page_url = page.session_id, page.url
        setup.check_at = now + wait_before_check(setup.checks)


def put_off_setup(session: Session, *, setup_id: CardSetupId, now: datetime) -> None:
    """Ask Stripe again later what came of it."""
    setup = _locked(session, setup_id)
    setup.checks += 1
    setup.check_at = now + wait_before_check(setup.checks)


def settle_setup(session: Session, *, setup_id: CardSetupId, state: SetupState, now: datetime) -> bool:
    """Write down what Stripe says came of saving a card; return whether that was news. Safe to say twice."""
    setup = _locked(session, setup_id)
    if setup.status is not SetupStatus.BEGUN:
        return False
    if state.status is StripeSays.EXPIRED:
        setup.status, setup.settled_at, setup.check_at = SetupStatus.EXPIRED, now, None
        return True
    if state.status is StripeSays.OPEN or state.card is None:
        setup.checks += 1
        setup.check_at = now + wait_before_check(setup.checks)
        return False
    setup.status, setup.settled_at, setup.check_at = SetupStatus.DONE, now, None
    card = SavedCard(
        id=SavedCardId(uuid.uuid4()),
        person_id=setup.person_id,
        payment_method_id=state.card.payment_method_id,
        brand=state.card.brand[:40],
        last4=state.card.last4[-4:],
        expires_month=state.card.exp_month,
        expires_year=state.card.exp_year,
        saved_at=now,
    )
    session.add(card)
    audit.record(session, by=setup.person_id, did="saved a card", to_kind="saved_card", to_id=card.id, now=now)
    accounts.write_to_person(
        session,
        person_id=setup.person_id,
        subject="You saved a card",
        body=worded(
            "You saved a card that ends in {last4}.\n\n"
            "It is charged when a provider sends an invoice for something you agreed to pay by card: the "
            "amount of that "
            "invoice, and nothing else. We write to you each time. To stop it, take the card away: sign in "
            "and open your "
            "cards from your account page.\n\n"
            "If that was not you, take the card away, choose a new password, and write to us.",
            last4=card.last4,
        ),
        now=now,
    )
    return True


def remove_card(session: Session, *, card_id: SavedCardId, by: PersonId, now: datetime) -> None:
    """
    Take a card away: from this moment it is charged no more. Stripe is told afterwards. Again, nothing happens.

    :raises CardNotFoundError: if there is no such card, or it is somebody else's.
    """
    card = session.scalars(
        select(SavedCard).where(SavedCard.id == card_id, SavedCard.person_id == by).with_for_update()
    ).one_or_none()
    if card is None:
        raise CardNotFoundError("We could not find that card.")
    if card.removed_at is None:
        card.removed_at = now
        audit.record(session, by=by, did="took a card away", to_kind="saved_card", to_id=card.id, now=now)


def remove_all_cards(session: Session, *, person_id: PersonId, now: datetime) -> None:
    """Take every card of somebody away, because they leave."""
    cards = select(SavedCard.id).where(SavedCard.person_id == person_id, SavedCard.removed_at.is_(None))
    for card_id in session.scalars(cards.order_by(SavedCard.id)).all():
        remove_card(session, card_id=card_id, by=person_id, now=now)


def note_forgotten(session: Session, *, card_id: SavedCardId, now: datetime) -> None:
    """Keep that Stripe has forgotten a card too."""
    session.get_one(SavedCard, card_id, with_for_update=True).forgotten_at = now


def _locked(session: Session, setup_id: CardSetupId) -> CardSetup:
    setup = session.get(CardSetup, setup_id, with_for_update=True, populate_existing=True)
    if setup is None:
        raise SetupNotFoundError("We could not find that.")
    return setup
