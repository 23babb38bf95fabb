"""Questions about payments. Answers are plain frozen data, ready to show."""

from marketplace.payments.queries.payments import (
    PaymentLine,
    PaymentsPage,
    paid_so_far,
    payments_page,
)

__all__ = [
    "PaymentLine",
    "PaymentsPage",
    "paid_so_far",
    "payments_page",
]
