"""What can happen to payments. One public function per thing a person can do."""

from marketplace.payments.services.payments import (
    InvoiceNotFoundError,
    KeySpentError,
    NotTheProviderError,
    WrongAmountError,
    WrongDayError,
    record_payment,
)

__all__ = [
    "InvoiceNotFoundError",
    "KeySpentError",
    "NotTheProviderError",
    "WrongAmountError",
    "WrongDayError",
    "record_payment",
]
