"""
What tests against Stripe itself need: a test key, an account that may charge, and a way out of this machine.

Without a key nothing here is collected, so `script/test` never waits for somebody else's machine, and skips nothing.
"""

import os
import uuid

import pytest
import stripe

from marketplace.payments.gateways.stripe import StripeGateway

KEY = os.environ.get("STRIPE_LIVE_TEST_KEY", "")
ACCOUNT = os.environ.get("STRIPE_LIVE_TEST_ACCOUNT", "")
BASE = os.environ.get("STRIPE_API_BASE", "https://api.stripe.com")
WEBHOOK_SECRET = "whsec_for_these_tests_alone"

collect_ignore_glob = [] if KEY else ["test_*.py"]


def pytest_report_header():
    if not KEY:
        return "Not run: set STRIPE_LIVE_TEST_KEY (docs/operating/stripe.md)."
    return f"Against {BASE}"


@pytest.fixture(autouse=True, scope="session")
def _network_is_closed():
    """Open it, for these tests alone, and only for a key that moves no money."""
    if not KEY.startswith(("sk_test_", "rk_test_")):
        pytest.exit("STRIPE_LIVE_TEST_KEY must be a test key: with any other, these tests would move money.", 3)


@pytest.fixture(scope="session")
def gateway():
    return StripeGateway(KEY, WEBHOOK_SECRET, BASE)


@pytest.fixture(scope="session")
def client():
    """The library as it comes, for what a person would do on a page."""
    return stripe.StripeClient(KEY, base_addresses={"api": BASE}, http_client=stripe.RequestsClient(timeout=30))


@pytest.fixture(scope="session")
def account():
    """A provider's account in test mode that has been through onboarding."""
    if not ACCOUNT:
        pytest.fail("Set STRIPE_LIVE_TEST_ACCOUNT to a connected account that may charge.")
    return ACCOUNT


@pytest.fixture
def key():
    """A key that was never used."""
    return f"live-test:{uuid.uuid4()}"


@pytest.fixture
def customer(gateway, key):
    return gateway.open_customer(key=f"{key}:customer", person_ref="live-test")


@pytest.fixture
def charge(gateway, client, account, customer, key):
    """Return a function that saves a test card and charges it, or charges it again under the same key."""
    saved = {}

    def charging(card, *, again=0, **changes):
        if card not in saved:
            saved[card] = client.v1.payment_methods.attach(card, {"customer": customer}).id
        usual = {
            "account_id": account,
            "customer_id": customer,
            "payment_method_id": saved[card],
            "amount_pence": 2400,
            "fee_pence": 24,
            "charge_ref": f"{key}:charge",
            "description": "Gardening, two hours",
            "key": f"{key}:{card}:{again}",
        }
        return gateway.charge_card(**usual | changes)

    return charging
