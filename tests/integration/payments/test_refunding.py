"""Does what is given back come back once, never more than was paid, and to the budget that bore it?"""

import uuid

import pytest

from marketplace.kit.db import transaction
from marketplace.kit.money import ZERO, Money
from marketplace.payments.jobs import refunds as jobs
from marketplace.payments.jobs.charging import charge_invoices
from marketplace.payments.models import Payment
from marketplace.payments.queries.owing import owing
from marketplace.payments.rules import PaymentKey, RefundId, RefundStatus, Route
from marketplace.payments.services import payments as services
from marketplace.payments.services import refunding
from tests.integration.payments.shop import OWED
from tests.races import all_at_once

REFUNDS = "/v1/refunds"


@pytest.fixture
def paid(shop):
    """A shop in which an invoice has been paid by card."""
    shop.save_card()
    shop.issue()
    assert shop.charge_invoices() == 1
    return shop


def begin(shop, pence, *, by=None, reason="Nobody came", refund_id=None, is_by_hand=False):
    refund_id = refund_id or RefundId(uuid.uuid4())
    with transaction() as session:
        return refunding.begin_refund(
            session,
            payment_id=shop.payment_id(),
            by=by or shop.speaker,
            amount=Money(pence),
            reason=reason,
            is_by_hand=is_by_hand,
            refund_id=refund_id,
            address=str,
            link=str,
            now=shop.now,
        )


def refund(shop, pence, **how):
    with shop.app.app_context():
        refund_id = begin(shop, pence, **how)
        jobs.ask_about_refund(refund_id, now=shop.now)
    return refund_id


def owed(shop):
    with shop.app.app_context(), transaction() as session:
        return owing(session, invoice_id=shop.payments()[0].invoice_id).owed


def test_a_part_and_then_the_rest_go_back_to_card_and_budget(paid):
    refund(paid, 10_00)
    assert paid.moved()[0] == OWED - 10_00
    assert paid.spent() == OWED - 10_00
    assert owed(paid) == ZERO
    refund(paid, 33_50)
    assert paid.moved()[0] == 0
    assert paid.spent() == 0
    assert paid.fake.books()[paid.account()]["fees_refunded"] == 65
    assert {it.status for it in paid.refunds()} == {RefundStatus.SUCCEEDED}
    assert paid.letters(to=paid.person).count("Boring Help gives you £10.00 back") == 1
    with paid.app.app_context():
        assert charge_invoices(paid.now) == 0
    assert paid.is_clean()


def test_the_same_form_sent_twice_gives_back_once(paid):
    form = RefundId(uuid.uuid4())
    refund(paid, 10_00, refund_id=form)
    refund(paid, 10_00, refund_id=form)
    assert paid.moved()[0] == OWED - 10_00
    assert paid.is_clean()


@pytest.mark.parametrize(("pence", "reason"), [(0, "x"), (-1, "x"), (OWED + 1, "x"), (1, " ")])
def test_more_than_was_paid_nothing_and_no_reason_are_refused(paid, pence, reason):
    with paid.app.app_context(), pytest.raises(refunding.RefundUnclearError):
        begin(paid, pence, reason=reason)
    assert not paid.refunds()


def test_the_one_who_pays_gives_nothing_back(paid):
    with paid.app.app_context(), pytest.raises(refunding.PaymentNotFoundError):
        begin(paid, 1, by=paid.person)


def test_many_refunds_at_once_never_pass_what_was_paid(paid):
    def give(refund_id):
        def run():
            begin(paid, 10_00, refund_id=refund_id)
            return jobs.ask_about_refund(refund_id, now=paid.now)

        return run

    outcomes = all_at_once(paid.app, [give(RefundId(uuid.uuid4())) for _ in range(8)])
    assert sum(isinstance(it, refunding.RefundUnclearError) for it in outcomes) == 4
    paid.reconcile(minutes=1)
    assert paid.moved()[0] == OWED - 40_00
    assert paid.spent() == OWED - 40_00
    assert paid.is_clean()


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "too_many", "nonsense"])
def test_a_refund_without_an_answer_is_finished_later_and_made_once(paid, kind):
    paid.fake.fail(kind, REFUNDS)
    refund(paid, 10_00)
    assert paid.refunds()[0].status is RefundStatus.BEGUN
    assert paid.spent() == OWED
    paid.reconcile(minutes=1)
    assert paid.moved()[0] == OWED - 10_00
    assert paid.is_clean()


@pytest.mark.parametrize(("kind", "back"), [("error_before", 0), ("error_after", 10_00)])
def test_after_trouble_at_stripe_its_list_says_what_came_of_a_refund(paid, kind, back):
    paid.fake.fail(kind, REFUNDS)
    refund(paid, 10_00)
    paid.reconcile(minutes=5)
    assert paid.moved()[0] == OWED - back
    assert paid.spent() == OWED - back
    assert paid.refunds()[0].status is (RefundStatus.SUCCEEDED if back else RefundStatus.FAILED)
    assert paid.is_clean()


def test_after_a_day_the_list_says_it_too(paid):
    paid.fake.fail("drop_after", REFUNDS)
    refund(paid, 10_00)
    paid.fake.advance(25 * 3600)
    paid.reconcile(hours=25)
    assert paid.moved()[0] == OWED - 10_00
    assert paid.is_clean()


def test_a_refund_that_the_bank_sends_back_is_given_by_hand(shop):
    shop.save_card("pm_card_refundFail")
    shop.issue()
    shop.charge_invoices()
    refund_id = refund(shop, OWED)
    assert shop.spent() == 0
    shop.fake.settle(shop.refunds()[0].stripe_id, is_paid=False)
    with shop.app.app_context():
        jobs.ask_about_refund(refund_id, now=shop.now)
    assert shop.refunds()[0].status is RefundStatus.FAILED
    assert shop.payments()[0].refunded == ZERO
    assert shop.spent() == OWED
    assert "Your refund did not work: £43.50" in shop.letters(to=shop.speaker)
    refund(shop, OWED, is_by_hand=True)
    assert shop.spent() == 0
    assert shop.moved()[0] == OWED
    assert shop.is_clean()


def test_a_refund_that_takes_time_is_waited_for(shop):
    shop.save_card("pm_card_pendingRefund")
    shop.issue()
    shop.charge_invoices()
    refund(shop, OWED)
    assert shop.refunds()[0].status is RefundStatus.BEGUN
    assert shop.spent() == OWED
    shop.fake.settle(shop.refunds()[0].stripe_id, is_paid=True)
    shop.reconcile(minutes=5)
    assert shop.spent() == 0
    assert shop.is_clean()


def test_what_came_by_bank_is_given_back_as_the_provider_says(shop):
    invoice_id = shop.issue()
    with shop.app.app_context(), transaction() as session:
        services.record_payment(
            session, invoice_id=invoice_id, by=shop.speaker, amount=Money(OWED), route=Route.BANK_TRANSFER,
            paid_on=shop.now.date(), key=PaymentKey(invoice_id), now=shop.now,
        )  # fmt: skip
    assert shop.spent() == OWED
    refund(shop, 3_50)
    assert shop.spent() == 40_00
    assert not [it for it in shop.fake.requests if it["path"] == REFUNDS]
    assert shop.is_clean()


def test_what_a_provider_gives_back_at_stripe_is_found(paid, stripe_client):
    intent = paid.ask("SELECT payment_intent_id FROM charge")[0]
    made = stripe_client.v1.refunds.create(
        {"payment_intent": intent, "amount": 500}, {"stripe_account": paid.account()}
    )
    with paid.app.app_context():
        assert jobs.take_in_refund(made.id, paid.account(), ref=None, now=paid.now)
        assert not jobs.take_in_refund(made.id, paid.account(), ref=None, now=paid.now)
    assert paid.all_of(Payment)[0].refunded == Money(500)
    assert paid.spent() == OWED - 500
    assert paid.is_clean()
