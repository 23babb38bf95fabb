"""What is true of payments. Pure: no database, no web, no clock."""

from marketplace.payments.rules.payments import (
    PaymentId,
    PaymentKey,
    Route,
    day_is_sound,
    fits,
    owed,
)

__all__ = [
    "PaymentId",
    "PaymentKey",
    "Route",
    "day_is_sound",
    "fits",
    "owed",
]
