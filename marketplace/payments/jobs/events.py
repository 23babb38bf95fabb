"""What Stripe told us: an event says where to look, and Stripe says what is true."""

import uuid
from datetime import datetime

from marketplace.kit.db import db, stop_reading, transaction
from marketplace.kit.errors import NotFoundError
from marketplace.payments.gateways.answers import StripeRefusedError, StripeUnreachableError
from marketplace.payments.jobs.cards import ask_about_setup
from marketplace.payments.jobs.charging import ask_about
from marketplace.payments.jobs.providers import look_at_account
from marketplace.payments.jobs.refunds import take_in_refund
from marketplace.payments.jobs.stripe import each, stripe
from marketplace.payments.queries import unfinished
from marketplace.payments.queries.unfinished import WaitingEvent
from marketplace.payments.rules import CardSetupId, ChargeId, EventStatus, RefundId
from marketplace.payments.services import events

_OF_CHARGES = ("payment_intent.", "charge.", "checkout.session.")


def settle_events(now: datetime) -> int:
    """Act on every event of which nothing has come yet; return how many were settled."""
    if stripe() is None:
        return 0
    return each(unfinished.events_to_settle(db.session), lambda event_id: act_on(event_id, now=now), what="event")


def forget_bodies(now: datetime) -> int:
    """Empty events that were settled a month ago; return how many."""
    with transaction() as session:
        return events.forget_bodies(session, now=now)


def act_on(event_id: str, *, now: datetime) -> bool:
    """Act on one event, once; return whether it is settled. If Stripe does not answer, it stays to be tried again."""
    event = unfinished.waiting_event(db.session, event_id=event_id)
    stop_reading()
    if event is None:
        return False
    try:
        status = EventStatus.DONE if _act(event, now=now) else EventStatus.IGNORED
    except NotFoundError:
        # It names something that this site never wrote down: another site shares the account at Stripe.
        status = EventStatus.IGNORED
    except (StripeUnreachableError, StripeRefusedError) as error:
        with transaction() as session:
            events.put_off_event(session, event_id=event_id, problem=str(error))
        return False
    with transaction() as session:
        events.settle_event(session, event_id=event_id, status=status, now=now)
    return True


def _act(event: WaitingEvent, *, now: datetime) -> bool:
    """Ask Stripe about what an event is about. Return whether it was about anything of ours."""
    if event.type.startswith("account."):
        owner = unfinished.owner_of_account(db.session, account_id=event.account_id or event.object_id)
        return owner is not None and look_at_account(owner, now=now)
    ref = _id_of(event.ref)
    if event.type.startswith(("refund.", "charge.refund.")):
        return _is_of_ours(event) and take_in_refund(
            event.object_id, event.account_id or "", ref=RefundId(ref) if ref else None, now=now
        )
    if ref is None:
        return False
    if event.account_id is None:
        return ask_about_setup(CardSetupId(ref), now=now)
    return event.type.startswith(_OF_CHARGES) and ask_about(ChargeId(ref), now=now)


def _is_of_ours(event: WaitingEvent) -> bool:
    return bool(event.account_id and unfinished.owner_of_account(db.session, account_id=event.account_id) is not None)


def _id_of(ref: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(ref)
    except ValueError:
        return None
