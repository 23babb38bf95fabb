"""Does a card pay an invoice exactly once, and is everybody told?"""

import uuid

import pytest

from marketplace.kit.db import transaction
from marketplace.kit.money import Money
from marketplace.payments.jobs import charging as jobs
from marketplace.payments.rules import ChargeStatus, PaymentKey, Route
from marketplace.payments.services import charging
from marketplace.payments.services import payments as services
from marketplace.payments.services.paying import InvoiceNotFoundError
from marketplace.purchasing.models import Dispute
from marketplace.purchasing.rules import Side
from tests.integration.payments.shop import OWED
from tests.races import all_at_once

INTENTS = "/v1/payment_intents"
SESSIONS = "/v1/checkout/sessions"


def begin_page(shop, invoice_id, by=None):
    with shop.app.app_context():
        with transaction() as session:
            charge_id = charging.begin_hosted_charge(
                session, invoice_id=invoice_id, by=by or shop.person, pence_per_pound=0, now=shop.now
            )
        jobs.ask_about(charge_id, now=shop.now)
    return charge_id


def test_an_invoice_is_charged_to_the_saved_card_and_the_budget_bears_it(shop):
    shop.save_card()
    shop.issue()
    assert shop.charge_invoices() == 1
    (charge,) = shop.charges()
    assert (charge.status, charge.amount, charge.fee) == (ChargeStatus.SUCCEEDED, Money(OWED), Money(65))
    assert shop.moved() == (OWED, 1)
    assert shop.spent() == OWED
    assert "Paid: £43.50 to Boring Help" in shop.letters(to=shop.person)
    assert shop.charge_invoices() == 0
    assert shop.moved() == (OWED, 1)
    assert shop.is_clean()


def test_nobody_is_charged_who_saved_no_card_or_took_it_away(shop):
    shop.issue()
    assert shop.charge_invoices() == 0
    assert not shop.charges()


def test_nothing_is_charged_while_a_dispute_is_open(shop):
    shop.save_card()
    shop.issue()
    with shop.app.app_context(), transaction() as session:
        session.add(
            Dispute(
                id=uuid.uuid4(),
                arrangement_id=shop.arrangement_id,
                opened_by=shop.person.person_id,
                side=Side.PERSON,
                words="Nobody came.",
                opened_at=shop.now,
            )
        )
    assert shop.charge_invoices() == 0


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "too_many", "locked", "nonsense"])
def test_a_charge_without_an_answer_is_finished_later_and_made_once(shop, kind):
    shop.save_card()
    shop.issue()
    shop.fake.fail(kind, INTENTS)
    assert shop.charge_invoices() == 0
    assert shop.charges()[0].status is ChargeStatus.BEGUN
    # Its time has not come, and nobody begins another.
    assert shop.charge_invoices(seconds=1) == 0
    assert shop.finish(minutes=1) == 1
    assert shop.moved() == (OWED, 1)
    assert len(shop.payments()) == 1
    assert shop.is_clean()


@pytest.mark.parametrize(("kind", "attempts"), [("error_before", 2), ("error_after", 1)])
def test_trouble_at_stripe_is_looked_into_before_another_attempt(shop, kind, attempts):
    shop.save_card()
    shop.issue()
    shop.fake.fail(kind, INTENTS)
    shop.charge_invoices()
    shop.finish(minutes=1)  # Stripe repeats its error
    shop.finish(minutes=5)  # by now its list is sure
    shop.charge_invoices(minutes=6)
    assert [it.status for it in shop.charges()][-1] is ChargeStatus.SUCCEEDED
    assert len(shop.charges()) == attempts
    assert shop.moved() == (OWED, 1)
    assert "We could not charge your card: £43.50 to Boring Help" not in shop.letters(to=shop.person)
    assert shop.is_clean()


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_after_a_day_the_list_says_what_the_key_no_longer_does(shop, kind):
    shop.save_card()
    shop.issue()
    shop.fake.fail(kind, INTENTS)
    shop.charge_invoices()
    shop.fake.advance(25 * 3600)
    shop.finish(hours=25)
    shop.charge_invoices(hours=25)
    assert shop.moved() == (OWED, 1)
    assert len(shop.payments()) == 1
    assert shop.is_clean()


@pytest.mark.parametrize(
    ("card", "status"),
    [
        ("pm_card_authenticationRequired", ChargeStatus.NEEDS_PERSON),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", ChargeStatus.FAILED),
        ("pm_card_visa_chargeDeclinedLostCard", ChargeStatus.FAILED),
    ],
)
def test_a_card_that_fails_is_told_every_two_days_for_a_week_and_then_to_the_provider(shop, card, status):
    shop.save_card(card)
    shop.issue()
    shop.charge_invoices()
    assert shop.charges()[0].status is status
    failure, told = "We could not charge your card: £43.50 to Boring Help", "Not paid by card: invoice "
    for hour in range(0, 24 * 10, 6):
        with shop.app.app_context():
            jobs.remind_of_failures(shop.later(hours=hour))
            jobs.charge_invoices(shop.later(hours=hour))
    assert shop.letters(to=shop.person).count(failure) == 4
    assert sum(it.startswith(told) for it in shop.letters(to=shop.speaker)) == 1
    assert len(shop.charges()) == 1
    assert shop.moved() == (0, 0)


def test_another_card_pays_what_the_saved_one_could_not(shop):
    shop.save_card("pm_card_authenticationRequired")
    invoice_id = shop.issue()
    shop.charge_invoices()
    begin_page(shop, invoice_id)
    page = shop.charges()[1]
    assert (page.status, page.attempt) == (ChargeStatus.ASKED, 2)
    assert page.page_url.startswith(shop.fake.url)
    assert shop.fake.use_card(page.session_id, "pm_card_mastercard") == ""
    assert shop.finish() == 1
    assert shop.moved() == (OWED, 1)
    with shop.app.app_context():
        assert jobs.remind_of_failures(shop.later(days=3)) == 0
    assert shop.is_clean()


def test_a_page_is_gone_back_to_and_runs_out(shop):
    invoice_id = shop.issue()
    first = begin_page(shop, invoice_id)
    assert begin_page(shop, invoice_id) == first
    assert shop.finish() == 0
    shop.fake.advance(25 * 3600)
    assert shop.finish(hours=25) == 1
    assert shop.charges()[0].status is ChargeStatus.EXPIRED
    assert begin_page(shop, invoice_id) != first


def test_an_open_page_is_closed_before_a_payment_is_written_down(shop):
    invoice_id = shop.issue()
    begin_page(shop, invoice_id)

    def record():
        with transaction() as session:
            services.record_payment(
                session, invoice_id=invoice_id, by=shop.speaker, amount=Money(OWED), route=Route.BANK_TRANSFER,
                paid_on=shop.now.date(), key=PaymentKey(invoice_id), now=shop.now,
            )  # fmt: skip

    with shop.app.app_context():
        with pytest.raises(services.WrongAmountError, match="A card is being charged"):
            record()
        jobs.close_page(invoice_id, now=shop.now)
        record()
    assert shop.fake.use_card(shop.charges()[0].session_id) == "This page is closed."
    assert shop.is_clean()


def test_somebody_else_does_not_pay_and_a_second_payment_is_refused(shop):
    invoice_id = shop.issue()
    with pytest.raises(InvoiceNotFoundError):
        begin_page(shop, invoice_id, by=shop.speaker)
    begin_page(shop, invoice_id)
    shop.fake.use_card(shop.charges()[0].session_id)
    shop.finish()
    with pytest.raises(charging.NothingToPayError, match="paid already"):
        begin_page(shop, invoice_id)


def test_a_provider_whom_stripe_stopped_takes_no_cards(shop):
    invoice_id = shop.issue()
    shop.fake.stop_account(shop.account())
    shop.reconcile(seconds=1)
    assert "You cannot take cards at the moment" in shop.letters(to=shop.speaker)
    with pytest.raises(charging.NoCardsTakenError):
        begin_page(shop, invoice_id)


def test_many_at_once_charge_a_card_once(shop):
    shop.save_card()
    shop.issue()
    outcomes = all_at_once(shop.app, [lambda: jobs.charge_invoices(shop.now)] * 8)
    shop.finish(minutes=1)
    assert sum(outcomes) <= 1
    assert len(shop.charges()) == 1
    assert shop.moved() == (OWED, 1)
    assert shop.is_clean()
