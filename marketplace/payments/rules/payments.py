"""What is true of payments. Pure: no database, no web, no clock."""

import enum
import uuid
from datetime import date
from typing import NewType

from marketplace.kit.money import ZERO, Money

PaymentId = NewType("PaymentId", uuid.UUID)
PaymentKey = NewType("PaymentKey", uuid.UUID)

SavedCardId = NewType("SavedCardId", uuid.UUID)
CardSetupId = NewType("CardSetupId", uuid.UUID)
ChargeId = NewType("ChargeId", uuid.UUID)
RefundId = NewType("RefundId", uuid.UUID)


class Route(enum.StrEnum):
    """How money came. Councils' prepaid cards and money that somebody else holds are as good as any [001, 003]."""

    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    PREPAID_CARD = "prepaid_card"
    BUDGET_HOLDER = "budget_holder"
    CASH = "cash"


class SetupStatus(enum.StrEnum):
    """How far the saving of a card has come."""

    BEGUN = "begun"
    DONE = "done"
    EXPIRED = "expired"


class ChargeWay(enum.StrEnum):
    """How a card is charged: by Stripe's page while the person is there, or by a saved card while they are not."""

    HOSTED = "hosted"
    SAVED_CARD = "saved_card"


class ChargeStatus(enum.StrEnum):
    """How far a charge has come. The first two are open: Stripe knows more than we do."""

    BEGUN = "begun"
    ASKED = "asked"
    SUCCEEDED = "succeeded"
    NEEDS_PERSON = "needs_person"
    FAILED = "failed"
    EXPIRED = "expired"


class RefundStatus(enum.StrEnum):
    """How far a refund has come. `begun`: written down, and Stripe knows more than we do."""

    BEGUN = "begun"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class EventStatus(enum.StrEnum):
    """What became of something Stripe told us. It is stored raw before it is believed."""

    RECEIVED = "received"
    DONE = "done"
    IGNORED = "ignored"


def fits(*, amount: Money, most: Money) -> bool:
    """Test whether a payment is something, and no more than is still to pay."""
    return ZERO < amount <= most


def day_is_sound(*, paid_on: date, invoiced_on: date, today: date) -> bool:
    """Test whether a day of payment is not to come, and not a year or more before the invoice: a slip of the pen."""
    return paid_on <= today and (invoiced_on - paid_on).days < 366  # noqa: PLR2004
