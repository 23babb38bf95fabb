"""What tests of payments may ask for: a Stripe that is pretended, and the gateway that speaks to it."""

import itertools

import pytest
import stripe

from marketplace.payments.gateways.stripe import StripeGateway
from tests.integration.payments.shop import opened_shop
from tests.stripe_fake import StripeFake


@pytest.fixture
def stripe_fake():
    """A pretended Stripe of its own, on a port of its own."""
    with StripeFake() as fake:
        yield fake


@pytest.fixture
def gateway(stripe_fake):
    """The gateway, with the real library, speaking to the pretended Stripe."""
    return StripeGateway(stripe_fake.secret_key, stripe_fake.webhook_secret, stripe_fake.url, client_timeout=5)


@pytest.fixture
def stripe_client(stripe_fake):
    """The real library as it comes, for what the gateway does not do."""
    return stripe.StripeClient(
        stripe_fake.secret_key, base_addresses={"api": stripe_fake.url}, http_client=stripe.RequestsClient(timeout=5)
    )


@pytest.fixture
def provider(gateway, stripe_fake):
    """The account of a provider that may charge."""
    account = gateway.open_account(key="provider", name="Anna’s Garden Help", email="anna@example.org")
    stripe_fake.finish_onboarding(account)
    return account


@pytest.fixture
def customer(gateway):
    """Somebody who may save cards."""
    return gateway.open_customer(key="customer", person_ref="person-1")


@pytest.fixture
def save_card(gateway, stripe_fake, customer):
    """Return a function that saves a card as somebody would, and returns its payment method."""
    numbers = itertools.count()

    def save(name="pm_card_visa"):
        page = gateway.begin_card_setup(
            customer,
            key=f"setup-{next(numbers)}",
            setup_ref="setup-1",
            success_url="http://127.0.0.1/done",
            cancel_url="http://127.0.0.1/cancelled",
        )
        assert stripe_fake.use_card(page.session_id, name) == ""
        return gateway.card_setup(page.session_id).card.payment_method_id

    return save


@pytest.fixture
def charge(gateway, provider, customer):
    """Return a function that charges a saved card with nothing said that does not matter."""

    def charging(payment_method_id, **changes):
        usual = {
            "account_id": provider,
            "customer_id": customer,
            "payment_method_id": payment_method_id,
            "amount_pence": 2400,
            "fee_pence": 24,
            "charge_ref": "charge-1",
            "description": "Gardening, two hours",
            "key": "charge-1:1",
        }
        return gateway.charge_card(**usual | changes)

    return charging


@pytest.fixture
def hosted(gateway, provider):
    """Return a function that begins a charge on a hosted page."""

    def begin(**changes):
        usual = {
            "account_id": provider,
            "amount_pence": 2400,
            "fee_pence": 24,
            "charge_ref": "charge-1",
            "description": "Gardening, two hours",
            "success_url": "http://127.0.0.1/done?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://127.0.0.1/cancelled",
            "key": "hosted-1:1",
        }
        return gateway.begin_hosted_charge(**usual | changes)

    return begin


@pytest.fixture
def shop(new_app, stripe_fake):
    """Somebody who buys, a provider who takes cards, and a budget that pays, on a database of their own."""
    with opened_shop(new_app, stripe_fake) as shop:
        yield shop
