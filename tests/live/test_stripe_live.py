"""Is what the pretended Stripe does what Stripe does? Run by hand: docs/operating/stripe.md says how."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.payments.gateways.answers import (
    ChargeStatus,
    RefundStatus,
    SetupStatus,
    StripeRefusedError,
    StripeUnreachableError,
)
from tests.live.conftest import WEBHOOK_SECRET
from tests.stripe_fake.webhooks import signature_of

URLS = {"success_url": "https://example.org/done", "cancel_url": "https://example.org/cancelled"}


def a_minute_ago():
    return datetime.now(UTC) - timedelta(minutes=1)


def test_a_provider_opens_an_account_and_is_asked_about_themselves(gateway, key):
    account_id = gateway.open_account(key=key, name="Anna’s Garden Help", email="anna@example.org")
    assert gateway.open_account(key=key, name="Anna’s Garden Help", email="anna@example.org") == account_id
    state = gateway.account(account_id)
    assert not state.charges_enabled
    assert state.due
    link = gateway.account_link(
        account_id, return_url="https://example.org/r", refresh_url="https://example.org/f", key=f"{key}:link"
    )
    assert link.startswith("http")
    with pytest.raises(StripeRefusedError):
        gateway.begin_hosted_charge(
            account_id=account_id,
            amount_pence=2400,
            fee_pence=0,
            charge_ref="r",
            description="Gardening",
            key=f"{key}:too soon",
            **URLS,
        )


def test_a_page_saves_cards(gateway, customer, key):
    page = gateway.begin_card_setup(customer, key=f"{key}:setup", setup_ref="live-test", **URLS)
    assert page.url.startswith("http")
    assert page.expires_at > datetime.now(UTC)
    setup = gateway.card_setup(page.session_id)
    assert (setup.status, setup.card) == (SetupStatus.OPEN, None)


def test_a_card_is_charged_once_for_each_key_found_and_refunded(gateway, account, charge, key):
    assert gateway.account(account).charges_enabled
    paid = charge("pm_card_visa")
    assert (paid.status, paid.amount_pence, paid.fee_pence) == (ChargeStatus.SUCCEEDED, 2400, 24)
    assert charge("pm_card_visa") == paid
    with pytest.raises(StripeUnreachableError) as unknown:
        charge("pm_card_visa", amount_pence=9900)
    assert unknown.value.is_repeated
    assert gateway.charge(paid.payment_intent_id, account) == paid
    assert gateway.find_charge(f"{key}:charge", account, since=a_minute_ago()) == paid

    def refund(pence):
        return gateway.refund(
            account_id=account,
            payment_intent_id=paid.payment_intent_id,
            amount_pence=pence,
            had_fee=True,
            refund_ref=f"{key}:{pence}",
            key=f"{key}:refund:{pence}",
        )

    part = refund(1000)
    assert part.status in {RefundStatus.SUCCEEDED, RefundStatus.PENDING}
    assert gateway.charge(paid.payment_intent_id, account).refunded_pence == 1000
    with pytest.raises(StripeRefusedError):
        refund(1401)
    refund(1400)
    with pytest.raises(StripeRefusedError) as refusal:
        refund(1)
    assert refusal.value.code == "charge_already_refunded"
    given = {"account_id": account, "payment_intent_id": paid.payment_intent_id}
    assert gateway.find_refund(f"{key}:1000", **given).refund_id == part.refund_id
    assert gateway.refund_state(part.refund_id, account).amount_pence == 1000


def test_a_charge_without_a_fee_is_refunded_without_one(gateway, account, charge, key):
    paid = charge("pm_card_visa", fee_pence=0)
    given = gateway.refund(
        account_id=account,
        payment_intent_id=paid.payment_intent_id,
        amount_pence=2400,
        had_fee=False,
        refund_ref=key,
        key=f"{key}:refund",
    )
    assert given.amount_pence == 2400


def test_a_refusal_is_repeated_under_its_key(charge):
    first = charge("pm_card_chargeCustomerFail")
    assert first.status is ChargeStatus.FAILED
    assert first.decline_code
    assert first.says
    assert charge("pm_card_chargeCustomerFail") == first
    assert charge("pm_card_chargeCustomerFail", again=1).payment_intent_id != first.payment_intent_id


def test_a_bank_asks_who_pays(charge):
    assert charge("pm_card_authenticationRequired").status is ChargeStatus.NEEDS_PERSON


def test_too_little_is_refused(charge):
    with pytest.raises(StripeRefusedError) as refusal:
        charge("pm_card_visa", amount_pence=29, fee_pence=0)
    assert refusal.value.code == "amount_too_small"


def test_a_card_that_was_taken_away_is_never_charged_again(gateway, client, customer, charge, key):
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    gateway.forget_card(method, key=f"{key}:forget")
    with pytest.raises(StripeRefusedError):
        charge("pm_card_mastercard", payment_method_id=method)


def test_a_page_charges_until_it_is_closed(gateway, account, key):
    page = gateway.begin_hosted_charge(
        account_id=account,
        amount_pence=2400,
        fee_pence=24,
        charge_ref=key,
        description="Gardening, two hours",
        key=f"{key}:hosted",
        **URLS,
    )
    state = gateway.hosted_charge(page.session_id, account)
    assert (state.status, state.amount_pence) == (ChargeStatus.OPEN, 2400)
    closed = gateway.expire_hosted_charge(page.session_id, account, key=f"{key}:close")
    assert closed.status is ChargeStatus.EXPIRED
    with pytest.raises(StripeRefusedError):
        gateway.expire_hosted_charge(page.session_id, account, key=f"{key}:close again")


def test_a_hold_lasts_days_and_not_weeks(client, account):
    held = client.v1.payment_intents.create(
        {
            "amount": 2400,
            "currency": "gbp",
            "payment_method": "pm_card_visa",
            "allowed_payment_method_types": ["card"],
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "capture_method": "manual",
            "confirm": True,
            "off_session": True,
            "expand": ["latest_charge"],
        },
        {"stripe_account": account},
    )
    until = held.latest_charge.payment_method_details.card.capture_before
    client.v1.payment_intents.cancel(held.id, {}, {"stripe_account": account})
    assert timedelta(seconds=until - held.created) <= timedelta(days=7)


def test_events_have_the_shape_that_we_read(gateway, client, account, charge, key):
    """Not by webhook, which would need an address that Stripe can reach; we sign what it lists, as it would."""
    paid = charge("pm_card_visa")
    for _ in range(20):
        listed = client.v1.events.list({"limit": 20}, {"stripe_account": account}).data
        said = [event.to_dict() for event in listed if event.type == "payment_intent.succeeded"]
        found = [event for event in said if event["data"]["object"]["id"] == paid.payment_intent_id]
        if found:
            break
        time.sleep(1)
    body = json.dumps({"account": account, **found[0]}).encode()
    now = datetime.now(UTC)
    event = gateway.read_event(body, signature_of(body, WEBHOOK_SECRET, int(now.timestamp())), now=now)
    assert (event.type, event.account_id, event.ref) == ("payment_intent.succeeded", account, f"{key}:charge")
    assert event.object_id == event.payment_intent_id == paid.payment_intent_id
