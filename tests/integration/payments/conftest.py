"""What tests of payments may ask for: a Stripe that is pretended, and the gateway that speaks to it."""

import pytest

from marketplace.payments.gateways.stripe import StripeGateway
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
