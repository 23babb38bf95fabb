"""Providers' own accounts at Stripe: opened, and looked at again."""

import uuid
from datetime import datetime, timedelta

from flask import current_app

from marketplace.accounts.rules import OrganisationId
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, stop_reading, transaction
from marketplace.payments.gateways.answers import StripeRefusedError, StripeUnreachableError
from marketplace.payments.jobs.stripe import each, stripe
from marketplace.payments.queries import unfinished
from marketplace.payments.services import providers

LOOK_EVERY = timedelta(hours=6)


def look_at_accounts(now: datetime, *, at_once: bool = False) -> int:
    """Ask Stripe how providers' accounts stand, those that nobody looked at for hours; return how many were read."""
    if stripe() is None:
        return 0
    due = unfinished.accounts_to_look_at(db.session, not_since=now if at_once else now - LOOK_EVERY)
    return each(due, lambda organisation_id: look_at_account(organisation_id, now=now), what="the account of")


def look_at_account(organisation_id: OrganisationId, *, now: datetime) -> bool:
    """Ask Stripe how a provider's account stands, and open it if it is not; return whether Stripe answered."""
    gateway, it = stripe(), unfinished.unfinished_account(db.session, organisation_id=organisation_id)
    stop_reading()
    if gateway is None or it is None:
        return False
    try:
        account_id = it.account_id
        if account_id is None:
            account_id = gateway.open_account(key=f"{organisation_id}:account", name=it.name, email=it.email)
            with transaction() as session:
                providers.note_account(session, organisation_id=organisation_id, account_id=account_id)
        state = gateway.account(account_id)
    except StripeUnreachableError:
        return False
    except StripeRefusedError as refusal:
        current_app.logger.warning("Stripe refused account of %s: %s", organisation_id, refusal.code)
        return False
    link = page_address("payments.for_my_organisation")
    with transaction() as session:
        providers.note_account_state(session, organisation_id=organisation_id, state=state, link=link, now=now)
    return True


def onboarding_page(organisation_id: OrganisationId, *, now: datetime) -> str | None:
    """Return the page of Stripe's where a provider says who they are, or None if Stripe does not answer now."""
    look_at_account(organisation_id, now=now)
    gateway, it = stripe(), unfinished.unfinished_account(db.session, organisation_id=organisation_id)
    stop_reading()
    if gateway is None or it is None or it.account_id is None:
        return None
    back = page_address("payments.for_my_organisation")
    try:
        # Such a page opens once, so each has a key of its own: there is nothing to do twice.
        return gateway.account_link(it.account_id, return_url=f"{back}?back=1", refresh_url=back, key=str(uuid.uuid4()))
    except (StripeUnreachableError, StripeRefusedError):
        return None
