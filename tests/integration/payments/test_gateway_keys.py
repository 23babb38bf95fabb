"""Does money move once, whatever breaks between us and Stripe?"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.payments.gateways.answers import (
    KEYS_LAST,
    ChargeStatus,
    StripeRefusedError,
    StripeUnreachableError,
)
from marketplace.payments.gateways.stripe import StripeGateway

pytestmark = pytest.mark.once

INTENTS, METHODS, REFUNDS, SESSIONS = (
    f"/v1/{name}" for name in ("payment_intents", "payment_methods", "refunds", "checkout/sessions")
)
NOT_DONE = ["drop_before", "too_many", "locked"]
DONE = ["drop_after", "nonsense"]


@pytest.fixture
def since():
    return datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def moved(stripe_fake, provider):
    """Return a function that says how often and how much the provider was paid."""

    def count():
        books = stripe_fake.books()[provider]
        return sum(line["times"] for line in books["by_ref"].values()), books["charged"] - books["refunded"]

    return count


# ---------------------------------------------------------------- no answer


@pytest.mark.parametrize("kind", NOT_DONE + DONE)
@pytest.mark.parametrize("path", [METHODS, INTENTS])
def test_a_charge_that_was_not_answered_is_asked_again_under_its_key(stripe_fake, save_card, charge, moved, kind, path):
    card = save_card()
    stripe_fake.fail(kind, path)
    with pytest.raises(StripeUnreachableError) as unknown:
        charge(card)
    assert not unknown.value.is_repeated
    is_done = kind in DONE and path == INTENTS
    assert moved() == ((1, 2400) if is_done else (0, 0))
    assert charge(card).status is ChargeStatus.SUCCEEDED
    assert charge(card).status is ChargeStatus.SUCCEEDED
    assert moved() == (1, 2400)
    assert [r["replayed"] for r in stripe_fake.requests if r["path"] == INTENTS][-1]


def test_a_charge_that_stripe_choked_on_is_looked_for_before_a_new_key(
    gateway, stripe_fake, provider, save_card, charge, moved, since
):
    card = save_card()
    stripe_fake.fail("error_before", INTENTS)
    for _ in range(2):  # its error is repeated under the key, for good
        with pytest.raises(StripeUnreachableError) as unknown:
            charge(card)
        assert unknown.value.is_repeated
    assert gateway.find_charge("charge-1", provider, since=since) is None
    assert charge(card, key="charge-1:2").status is ChargeStatus.SUCCEEDED

    stripe_fake.fail("error_after", INTENTS)
    with pytest.raises(StripeUnreachableError) as unknown:
        charge(card, key="charge-2:1", charge_ref="charge-2")
    assert unknown.value.is_repeated
    assert gateway.find_charge("charge-2", provider, since=since).status is ChargeStatus.SUCCEEDED
    assert moved() == (2, 4800)


def test_an_answer_that_takes_too_long_is_asked_for_again(stripe_fake, provider, save_card, charge, customer, moved):
    hasty = StripeGateway(stripe_fake.secret_key, stripe_fake.webhook_secret, stripe_fake.url, client_timeout=0.3)
    given = {
        "account_id": provider,
        "customer_id": customer,
        "payment_method_id": save_card(),
        "amount_pence": 2400,
        "fee_pence": 24,
        "charge_ref": "charge-1",
        "description": "Gardening",
        "key": "charge-1:1",
    }
    stalled = stripe_fake.fail("stall_before", INTENTS)
    for _ in range(2):  # the second is told that the first is still under way
        with pytest.raises(StripeUnreachableError):
            hasty.charge_card(**given)
    assert stalled.met.is_set()
    assert [r["status"] for r in stripe_fake.requests if r["path"] == INTENTS] == [None, 409]
    assert moved() == (0, 0)
    stripe_fake.let_go()
    until = time.monotonic() + 10
    while True:
        try:
            assert hasty.charge_card(**given).status is ChargeStatus.SUCCEEDED
            break
        except StripeUnreachableError:
            assert time.monotonic() < until
            time.sleep(0.02)
    assert moved() == (1, 2400)


def test_a_site_that_cannot_be_reached_says_so(stripe_fake):
    away = StripeGateway("sk_test", "whsec", "http://127.0.0.1:1", client_timeout=1)
    with pytest.raises(StripeUnreachableError) as unknown:
        away.account("acct_1")
    assert str(unknown.value).endswith(".")


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_whatever_else_was_not_answered_is_done_once(gateway, stripe_fake, provider, save_card, charge, hosted, kind):
    paid, card = charge(save_card()), save_card()
    page = hosted(key="to close")

    def refund():
        return gateway.refund(
            account_id=provider,
            payment_intent_id=paid.payment_intent_id,
            amount_pence=100,
            had_fee=True,
            refund_ref="r",
            key="refund",
        )

    doings = {
        "/v1/accounts": lambda: gateway.open_account(key="new", name="Ben", email="ben@example.org"),
        "/v1/account_links": lambda: gateway.account_link(
            provider, return_url="http://x/r", refresh_url="http://x/f", key="link"
        ),
        "/v1/customers": lambda: gateway.open_customer(key="new person", person_ref="person-2"),
        SESSIONS: lambda: hosted(key="hosted"),
        f"{SESSIONS}/.*/expire": lambda: gateway.expire_hosted_charge(page.session_id, provider, key="close"),
        f"{METHODS}/.*/detach": lambda: gateway.forget_card(card, key="forget"),
        REFUNDS: refund,
    }
    for path, doing in doings.items():
        stripe_fake.fail(kind, path)
        before = len(stripe_fake.world.objects)
        with pytest.raises(StripeUnreachableError):
            doing()
        assert doing() == doing()
        assert len(stripe_fake.world.objects) - before == (0 if path.endswith(("/expire", "/detach")) else 1), path
    assert stripe_fake.books()[provider]["refunded"] == 100


def test_looking_is_no_worse_for_a_connection_that_broke(gateway, stripe_fake, provider, save_card, charge):
    paid = charge(save_card())
    stripe_fake.fail("drop_before", f"{INTENTS}/.*", method="GET")
    with pytest.raises(StripeUnreachableError):
        gateway.charge(paid.payment_intent_id, provider)
    assert gateway.charge(paid.payment_intent_id, provider) == paid


# ---------------------------------------------------------------- the same key


def test_many_at_once_under_one_key_charge_once(save_card, charge, moved):
    card = save_card()

    def one(_):
        try:
            return charge(card).status
        except StripeUnreachableError:
            return None  # another is under way

    with ThreadPoolExecutor(20) as threads:
        statuses = set(threads.map(one, range(20)))
    assert statuses <= {ChargeStatus.SUCCEEDED, None}
    assert moved() == (1, 2400)


def test_a_refusal_is_repeated_under_its_key_and_a_new_try_needs_a_new_one(stripe_fake, save_card, charge, moved):
    card = save_card("pm_card_visa_chargeDeclinedInsufficientFunds")
    first = charge(card)
    assert charge(card) == first
    assert stripe_fake.requests[-1]["replayed"]
    again = charge(card, key="charge-1:2")
    assert again.payment_intent_id != first.payment_intent_id
    assert again.decline_code == "insufficient_funds"
    assert moved() == (0, 0)


def test_a_key_never_stands_for_something_else(gateway, provider, save_card, charge, moved, since):
    """It was used before, and may have moved money: that is no refusal, and has to be looked for."""
    card = save_card()
    paid = charge(card)
    with pytest.raises(StripeUnreachableError) as unknown:
        charge(card, amount_pence=9900)
    assert unknown.value.is_repeated
    assert gateway.find_charge("charge-1", provider, since=since) == paid
    given = {"account_id": provider, "payment_intent_id": paid.payment_intent_id, "had_fee": True, "refund_ref": "r"}
    gateway.refund(**given, amount_pence=100, key="refund")
    with pytest.raises(StripeUnreachableError) as unknown:
        gateway.refund(**given, amount_pence=200, key="refund")
    assert unknown.value.is_repeated
    assert moved() == (1, 2300)


def test_a_key_holds_for_as_long_as_we_count_on_it_and_no_longer(
    gateway, stripe_fake, provider, save_card, charge, moved, since
):
    card = save_card()
    charge(card)
    stripe_fake.advance(KEYS_LAST.total_seconds())
    charge(card)
    assert moved() == (1, 2400)
    stripe_fake.advance(7200)
    # From here on only looking is safe: the same key would charge again.
    assert gateway.find_charge("charge-1", provider, since=since).status is ChargeStatus.SUCCEEDED
    charge(card)
    assert moved() == (2, 4800)


def test_every_key_is_ours(gateway, stripe_fake, provider, save_card, charge, hosted):
    paid = charge(save_card())
    gateway.expire_hosted_charge(hosted().session_id, provider, key="close")
    gateway.account_link(provider, return_url="http://x/r", refresh_url="http://x/f", key="link")
    gateway.refund(
        account_id=provider,
        payment_intent_id=paid.payment_intent_id,
        amount_pence=1,
        had_fee=True,
        refund_ref="r",
        key="refund",
    )
    gateway.forget_card(save_card(), key="forget")
    keys = {request["key"] for request in stripe_fake.requests if request["method"] == "POST"}
    assert keys == {
        "provider",
        "customer",
        "setup-0",
        "setup-1",
        "charge-1:1",
        "charge-1:1:clone",
        "hosted-1:1",
        "close",
        "link",
        "refund",
        "forget",
    }


def test_a_wrong_secret_settles_nothing_and_is_never_shown(stripe_fake, caplog):
    """Charges that were begun under the right one go on waiting, and are not taken for refused."""
    stranger = StripeGateway("sk_test_of_somebody_else", "whsec", stripe_fake.url)
    with caplog.at_level("INFO"), pytest.raises(StripeUnreachableError) as unknown:
        stranger.open_account(key="k", name="Anna", email="anna@example.org")
    assert not unknown.value.is_repeated
    assert "AuthenticationError" in caplog.text
    assert "sk_test" not in str(unknown.value) + caplog.text
    assert "anna@example.org" not in caplog.text


def test_what_stripe_says_in_words_is_not_kept(gateway):
    """Its sentences repeat what was sent: an address that does not please it, for instance."""
    with pytest.raises(StripeRefusedError) as refusal:
        gateway.account("acct_secret")
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__
    assert "acct_secret" not in str(refusal.value)
