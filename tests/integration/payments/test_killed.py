"""
Kill -9 at every step of a payment, then start again: has money moved exactly once, and are both books clean?

A process of its own is killed before or after each of its commits, or while Stripe has or has not done what it was
asked. Then another asks Stripe about all that is begun. Nothing of the product knows of this.
"""

import time

import pytest

from marketplace.kit.db import transaction
from marketplace.payments.jobs import charging
from marketplace.payments.rules import ChargeStatus, RefundStatus, SetupStatus
from marketplace.payments.services import cards as card_services
from tests.factories import accounts
from tests.integration.payments.shop import OWED
from tests.killing import killed, opened_till

NOBODY = "00000000-0000-0000-0000-000000000000"
INTENTS, METHODS, SESSIONS, REFUNDS, ACCOUNTS, CUSTOMERS = (
    f"/v1/{name}"
    for name in ("payment_intents", "payment_methods", "checkout/sessions", "refunds", "accounts", "customers")
)


@pytest.fixture(scope="module")
def till():
    """A process that begins others."""
    with opened_till("tests.integration.payments.till") as process:
        yield process


@pytest.fixture
def kill(shop, till):
    """Return a function that runs a step in a process of its own, and kills it where it is told to."""

    def run(step, at, *, subject=NOBODY, by=None):
        killed(
            till, step, at, app=shop.app, fake=shop.fake, now=shop.now,
            about=(subject, by or shop.person.person_id, shop.organisation_id),
            wait_until_done=lambda path: wait_until_done(shop, path),
        )  # fmt: skip

    return run


def wait_until_done(shop, where):
    """Wait until Stripe has done what it was asked, and only its answer is held up."""
    done = {
        INTENTS: "payment_intent",
        METHODS: "payment_method",
        SESSIONS: "checkout.session",
        REFUNDS: "refund",
        ACCOUNTS: "account",
        CUSTOMERS: "customer",
    }[where]
    for _ in range(600):
        if any(it["object"] == done for it in list(shop.fake.world.objects.values())):
            return
        time.sleep(0.1)
    pytest.fail(f"Stripe never made a {done}")


@pytest.fixture
def invoiced(shop):
    """A shop with an invoice that a saved card pays."""
    shop.save_card()
    shop.issue()
    return shop


CHARGE = [
    ("before", 1),  # the intent is not yet written down
    ("after", 1),  # it is, and Stripe has heard nothing
    ("stall_before", METHODS),
    ("stall_after", METHODS),
    ("stall_before", INTENTS),
    ("stall_after", INTENTS),  # money has moved, and nobody knows
    ("before", 2),  # Stripe has answered, and that is not yet written down
    ("after", 2),  # all is done
]


@pytest.mark.parametrize("at", CHARGE, ids=lambda at: f"{at[0]}-{at[1]}")
def test_a_saved_card_is_charged_once_wherever_it_is_killed(invoiced, kill, at):
    shop = invoiced
    kill("charge", at)
    shop.reconcile(minutes=1)
    shop.charge_invoices(minutes=1)
    assert shop.moved() == (OWED, 1)
    assert len(shop.payments()) == len(shop.charges()) == 1
    assert shop.charges()[0].status is ChargeStatus.SUCCEEDED
    assert shop.spent() == OWED
    assert shop.letters(to=shop.person).count("Paid: £43.50 to Boring Help") == 1
    assert shop.is_clean()


@pytest.mark.once
@pytest.mark.parametrize(
    "at", [("after", 1), ("stall_after", INTENTS), ("before", 2)], ids=lambda at: f"{at[0]}-{at[1]}"
)
def test_it_is_charged_once_even_if_nobody_looks_for_a_day(invoiced, kill, at):
    shop = invoiced
    kill("charge", at)
    shop.fake.advance(30 * 3600)
    shop.reconcile(hours=30)
    shop.charge_invoices(hours=30)
    assert shop.moved() == (OWED, 1)
    assert len(shop.payments()) == 1
    assert shop.is_clean()


PAGE = [("before", 1), ("after", 1), ("stall_before", SESSIONS), ("stall_after", SESSIONS), ("before", 2), ("after", 2)]


@pytest.mark.once
@pytest.mark.parametrize("at", PAGE, ids=lambda at: f"{at[0]}-{at[1]}")
def test_the_page_to_pay_on_is_there_again_wherever_it_is_killed(shop, kill, at):
    invoice_id = shop.issue()
    kill("page", at, subject=invoice_id)
    if not shop.charges():
        # Nothing was written down: the person presses the button again.
        kill("page", ("after", 2), subject=invoice_id)
    shop.reconcile(minutes=1)
    (charge,) = shop.charges()
    assert charge.page_url
    assert len([it for it in shop.fake.world.objects.values() if it["object"] == "checkout.session"]) == 1
    assert shop.fake.use_card(charge.session_id) == ""
    shop.reconcile(minutes=2)
    assert shop.moved() == (OWED, 1)
    assert shop.is_clean()


@pytest.mark.parametrize("at", [("before", 1), ("after", 1)], ids=lambda at: f"{at[0]}-{at[1]}")
def test_what_was_paid_on_the_page_is_written_down_once(shop, kill, at):
    invoice_id = shop.issue()
    with shop.app.app_context():
        with transaction() as session:
            charge_id = charging.charging.begin_hosted_charge(
                session, invoice_id=invoice_id, by=shop.person, pence_per_pound=0, now=shop.now
            )
        charging.ask_about(charge_id, now=shop.now)
    shop.fake.use_card(shop.charges()[0].session_id)
    kill("finish", at)
    shop.reconcile(minutes=1)
    assert shop.moved() == (OWED, 1)
    assert len(shop.payments()) == 1
    assert shop.is_clean()


REFUND = [("before", 1), ("after", 1), ("stall_before", REFUNDS), ("stall_after", REFUNDS), ("before", 2), ("after", 2)]


@pytest.mark.parametrize("at", REFUND, ids=lambda at: f"{at[0]}-{at[1]}")
def test_money_goes_back_once_wherever_it_is_killed(invoiced, kill, at):
    shop = invoiced
    shop.charge_invoices()
    kill("refund", at, subject=shop.payment_id(), by=shop.speaker.person_id)
    shop.reconcile(minutes=1)
    began = at != ("before", 1)
    assert shop.moved() == (OWED - (10_00 if began else 0), 1)
    assert shop.spent() == OWED - (10_00 if began else 0)
    assert [it.status for it in shop.refunds()] == [RefundStatus.SUCCEEDED] * began
    assert shop.is_clean()


SAVE = [
    ("stall_before", CUSTOMERS),
    ("stall_after", CUSTOMERS),
    ("before", 1),
    ("after", 1),
    ("stall_before", SESSIONS),
    ("stall_after", SESSIONS),
    ("before", 2),
    ("after", 2),
]


@pytest.mark.once
@pytest.mark.parametrize("at", SAVE, ids=lambda at: f"{at[0]}-{at[1]}")
def test_a_card_is_saved_once_wherever_it_is_killed(shop, kill, at):
    with shop.app.app_context(), transaction() as session:
        setup_id = card_services.begin_card_setup(session, by=shop.person.person_id, back_to="/", now=shop.now)
    kill("save", at, subject=setup_id)
    shop.reconcile(minutes=1)
    (session_id,) = shop.ask("SELECT session_id FROM card_setup")
    shop.fake.use_card(session_id)
    kill("save", ("before", 1), subject=setup_id)
    shop.reconcile(minutes=2)
    assert shop.ask("SELECT status FROM card_setup") == [SetupStatus.DONE]
    assert len(shop.ask("SELECT id FROM saved_card")) == 1
    assert len([it for it in shop.fake.world.objects.values() if it["object"] == "customer"]) == 1


@pytest.mark.once
@pytest.mark.parametrize(
    "at", [("after", 1), ("stall_before", ACCOUNTS), ("stall_after", ACCOUNTS), ("before", 2), ("after", 2)],
    ids=lambda at: f"{at[0]}-{at[1]}",
)  # fmt: skip
def test_a_provider_gets_one_account_wherever_it_is_killed(shop, kill, at):
    before = len([it for it in shop.fake.world.objects.values() if it["object"] == "account"])
    shop.organisation_id, shop.speaker = another_organisation(shop)
    kill("onboard", at, by=shop.speaker)
    shop.reconcile(minutes=1)
    assert len([it for it in shop.fake.world.objects.values() if it["object"] == "account"]) == before + 1
    assert None not in shop.ask("SELECT account_id FROM stripe_account")


def another_organisation(shop):
    with shop.app.app_context(), transaction() as session:
        organisation, speaker = accounts.organisation(session, name="Another")
        return organisation.id, speaker.id
