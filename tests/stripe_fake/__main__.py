"""Run the pretended Stripe by hand: `python -m tests.stripe_fake --port 8401`."""

import argparse

from tests.stripe_fake import SECRET_KEY, WEBHOOK_SECRET, StripeFake

parser = argparse.ArgumentParser(prog="python -m tests.stripe_fake", description="A pretended Stripe, for tests.")
parser.add_argument("--port", type=int, default=8401)
parser.add_argument("--webhooks", default="", help="where every event is sent, for instance http://127.0.0.1:8000/…")
given = parser.parse_args()

fake = StripeFake(given.port)
fake.webhooks.url, fake.webhooks.is_prompt = given.webhooks, bool(given.webhooks)
print(f"STRIPE_API_BASE={fake.url} STRIPE_SECRET_KEY={SECRET_KEY} STRIPE_WEBHOOK_SECRET={WEBHOOK_SECRET}", flush=True)  # noqa: T201
try:
    fake.serve()
except KeyboardInterrupt:
    print("Stopped.")  # noqa: T201
