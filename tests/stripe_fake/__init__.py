"""
A pretended Stripe, spoken to over HTTP by the real library.

It knows what we use of Stripe, refuses what Stripe would refuse, and lets tests break things on purpose. It was written
from Stripe's documentation and the library's own definitions, and was never compared with the real one.
"""

from tests.stripe_fake.server import SECRET_KEY, WEBHOOK_SECRET, StripeFake

__all__ = ["SECRET_KEY", "WEBHOOK_SECRET", "StripeFake"]
