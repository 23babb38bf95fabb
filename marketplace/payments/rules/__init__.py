"""What is true of payments. Pure: no database, no web, no clock."""

from marketplace.payments.rules.payments import (
    CardSetupId,
    ChargeId,
    ChargeStatus,
    ChargeWay,
    EventStatus,
    PaymentId,
    PaymentKey,
    RefundId,
    RefundStatus,
    Route,
    SavedCardId,
    SetupStatus,
    day_is_sound,
    fits,
)

__all__ = [
    "CardSetupId",
    "ChargeId",
    "ChargeStatus",
    "ChargeWay",
    "EventStatus",
    "PaymentId",
    "PaymentKey",
    "RefundId",
    "RefundStatus",
    "Route",
    "SavedCardId",
    "SetupStatus",
    "day_is_sound",
    "fits",
]
