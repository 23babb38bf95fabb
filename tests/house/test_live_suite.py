"""Would the tests against Stripe itself run, if somebody gave them a key? They are rehearsed on the pretended one."""

import os
import re
import subprocess
import sys

import stripe

from tests.house.codebase import PROJECT
from tests.stripe_fake import StripeFake


def test_what_is_asked_of_stripe_itself_holds_for_the_pretended_one():
    with StripeFake() as fake:
        client = stripe.StripeClient(
            fake.secret_key, base_addresses={"api": fake.url}, http_client=stripe.RequestsClient(timeout=5)
        )
        account = client.v1.accounts.create({"country": "GB"}).id
        fake.finish_onboarding(account)
        settings = {
            "STRIPE_LIVE_TEST_KEY": fake.secret_key,
            "STRIPE_LIVE_TEST_ACCOUNT": account,
            "STRIPE_API_BASE": fake.url,
        }
        command = [sys.executable, "-m", "pytest", "tests/live", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        run = subprocess.run(  # noqa: S603
            command, env=os.environ | settings, cwd=PROJECT, capture_output=True, text=True, check=False
        )
    assert run.returncode == 0, run.stdout
    assert not re.search("skipped|failed", run.stdout)
