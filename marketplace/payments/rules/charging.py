"""What is true of charging cards: the fee, the least amount, when to ask again, and when to write to whom."""

import enum
from datetime import datetime, timedelta
from decimal import Decimal

from marketplace.kit.money import Money

LEAST_BY_CARD = Money(30)
"""Stripe charges no less."""

REMIND_EVERY = timedelta(hours=48)
TELL_PROVIDER_AFTER = timedelta(days=7)
MOST_ATTEMPTS = 5
"""How often a charge is begun anew by itself when it was Stripe that had trouble, and nobody's card."""

TROUBLE = "trouble_at_stripe"
"""What we call it when Stripe answered with an error of its own and nothing came of the charge."""

_FIRST_CHECK = timedelta(seconds=20)
_LONGEST_WAIT = timedelta(hours=1)

REQUESTS_SETTLE_IN = timedelta(minutes=3)
"""After this long no request of ours can still be on its way to Stripe."""


class Next(enum.StrEnum):
    """What to do about a card that could not be charged."""

    REMIND = "remind"
    TELL_PROVIDER = "tell_provider"


def fee_of(amount: Money, *, pence_per_pound: Decimal) -> Money:
    """Return what of an amount comes to whoever runs the site. Parts of a penny are left to the provider."""
    return Money(int(amount.pence * pence_per_pound / 100))


def wait_before_check(checks: int) -> timedelta:
    """Return how long to wait before Stripe is asked again: longer each time, an hour at most."""
    doublings: int = 1 << min(checks, 20)
    return min(_FIRST_CHECK * doublings, _LONGEST_WAIT)


def after_failure(*, failed_at: datetime, now: datetime) -> Next:
    """Return what to do about a charge that failed then and is still not paid."""
    return Next.TELL_PROVIDER if now >= failed_at + TELL_PROVIDER_AFTER else Next.REMIND


def next_reminder(*, failed_at: datetime, now: datetime) -> datetime:
    """Return when to write again: every 48 hours, and at the end of the seventh day."""
    return min(now + REMIND_EVERY, failed_at + TELL_PROVIDER_AFTER)
