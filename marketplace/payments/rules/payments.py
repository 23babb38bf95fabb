"""What is true of payments. Pure: no database, no web, no clock."""

import enum
import uuid
from datetime import date
from typing import NewType

from marketplace.kit.money import ZERO, Money

PaymentId = NewType("PaymentId", uuid.UUID)
PaymentKey = NewType("PaymentKey", uuid.UUID)


class Route(enum.StrEnum):
    """How money came. Councils' prepaid cards and money that somebody else holds are as good as any [001, 003]."""

    BANK_TRANSFER = "bank_transfer"
    PREPAID_CARD = "prepaid_card"
    BUDGET_HOLDER = "budget_holder"
    CASH = "cash"


def owed(*, invoiced: Money, paid: Money) -> Money:
    """Return what is still to pay, never less than nothing."""
    return max(invoiced - paid, ZERO)


def fits(*, amount: Money, invoiced: Money, paid: Money) -> bool:
    """Test whether a payment is something, and no more than is owed."""
    return ZERO < amount <= owed(invoiced=invoiced, paid=paid)


def day_is_sound(*, paid_on: date, invoiced_on: date, today: date) -> bool:
    """Test whether a day of payment is not to come, and not a year or more before the invoice: a slip of the pen."""
    return paid_on <= today and (invoiced_on - paid_on).days < 366  # noqa: PLR2004
