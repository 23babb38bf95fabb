"""Is what Stripe tells us stored before it is believed, and has each event one effect, in whatever order it comes?"""

from threading import Thread

import pytest
from werkzeug.serving import make_server

from marketplace.kit.money import Money
from marketplace.payments.jobs.events import forget_bodies
from marketplace.payments.models import ProviderEvent, RefusedEvent
from marketplace.payments.rules import ChargeStatus, EventStatus, RefundStatus
from tests.integration.payments.shop import OWED
from tests.integration.payments.test_charging import begin_page
from tests.integration.payments.test_refunding import refund


@pytest.fixture
def listening(shop):
    """The shop, with its site at an address that the pretended Stripe can reach."""
    server = make_server("127.0.0.1", 0, shop.app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    shop.fake.webhooks.waiting.clear()
    shop.fake.webhooks.url = f"http://127.0.0.1:{server.server_port}/payments/events"
    yield shop
    server.shutdown()
    thread.join()
    server.server_close()


def events(shop):
    return {it.type: it for it in shop.all_of(ProviderEvent)}


def test_paying_on_the_page_is_heard_of_by_webhook_alone(listening):
    shop = listening
    invoice_id = shop.issue()
    begin_page(shop, invoice_id)
    shop.fake.use_card(shop.charges()[0].session_id)
    assert set(shop.fake.webhooks.deliver()) == {204}
    assert shop.charges()[0].status is ChargeStatus.SUCCEEDED
    assert shop.moved() == (OWED, 1)
    assert {it.status for it in shop.all_of(ProviderEvent)} <= {EventStatus.DONE, EventStatus.IGNORED}
    assert shop.is_clean()


@pytest.mark.parametrize("seed", range(5))
def test_events_come_often_and_in_any_order_and_each_has_one_effect(listening, seed):
    shop = listening
    shop.save_card()
    invoice_id = shop.issue()
    shop.charge_invoices()
    refund(shop, 10_00)
    told = len(shop.fake.webhooks.waiting)
    assert set(shop.fake.webhooks.deliver(copies=3, shuffled=seed)) == {204}
    assert len(shop.all_of(ProviderEvent)) == told
    assert {it.deliveries for it in shop.all_of(ProviderEvent)} == {3}
    assert len(shop.payments()) == len(shop.refunds()) == 1
    assert shop.payments()[0].invoice_id == invoice_id
    assert shop.spent() == OWED - 10_00
    assert shop.is_clean()


def test_saving_a_card_and_a_finished_account_are_heard_of(listening):
    shop = listening
    shop.save_card()
    shop.fake.stop_account(shop.account())
    assert set(shop.fake.webhooks.deliver()) == {204}
    assert events(shop)["account.updated"].status is EventStatus.DONE
    assert shop.ask("SELECT charges_enabled FROM stripe_account") == [False]


def test_forged_and_late_events_are_refused_and_counted(listening):
    shop = listening
    invoice_id = shop.issue()
    begin_page(shop, invoice_id)
    shop.fake.use_card(shop.charges()[0].session_id)
    told = len(shop.fake.webhooks.waiting)
    assert set(shop.fake.webhooks.deliver(is_forged=True)) == {400}
    assert set(shop.fake.webhooks.deliver(signed_ago=301)) == {400}
    assert not shop.all_of(ProviderEvent)
    assert {it.reason: it.count for it in shop.all_of(RefusedEvent)} == {
        "not signed by Stripe": told,
        "too old": told,
    }
    assert shop.charges()[0].status is ChargeStatus.ASKED


def test_an_event_is_stored_though_stripe_does_not_answer_and_settled_later(listening):
    shop = listening
    shop.save_card()
    shop.issue()
    shop.charge_invoices()
    shop.fake.webhooks.deliver()
    refund(shop, 10_00)
    shop.fake.fail("drop_before", "/v1/refunds/.*", method="GET", times=20)
    assert set(shop.fake.webhooks.deliver()) == {204}
    assert events(shop)["refund.created"].status is EventStatus.RECEIVED
    shop.fake.let_go()
    assert shop.reconcile()["events"] >= 1
    assert events(shop)["refund.created"].settled_at
    assert shop.refunds()[0].status is RefundStatus.SUCCEEDED


def test_what_a_provider_gives_back_at_stripe_is_heard_of(listening, stripe_client):
    shop = listening
    shop.save_card()
    shop.issue()
    shop.charge_invoices()
    shop.fake.webhooks.deliver()
    (intent,) = shop.ask("SELECT payment_intent_id FROM charge")
    stripe_client.v1.refunds.create({"payment_intent": intent, "amount": 500}, {"stripe_account": shop.account()})
    shop.fake.webhooks.deliver(copies=2)
    assert shop.payments()[0].refunded == Money(500)
    assert shop.is_clean()


def test_what_is_no_event_and_nobodys_is_refused(client, shop):
    # Without a key there is nobody to send events.
    assert client.post("/payments/events", data=b"{}").status_code == 404
    answer = shop.app.test_client().post("/payments/events", data=b"{}", headers={"Stripe-Signature": "t=1,v1=2"})
    assert answer.status_code == 400


def test_bodies_are_emptied_a_month_later(listening):
    shop = listening
    shop.save_card()
    shop.fake.webhooks.deliver()
    with shop.app.app_context():
        assert forget_bodies(shop.later(days=29)) == 0
        assert forget_bodies(shop.later(days=31)) == len(shop.all_of(ProviderEvent))
        assert forget_bodies(shop.later(days=31)) == 0
