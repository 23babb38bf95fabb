"""What we store about payments, charges, refunds and what Stripe tells us."""

from marketplace.payments.models.cards import BankDetails, CardSetup, Charge, SavedCard, StripeAccount, StripeCustomer
from marketplace.payments.models.events import ProviderEvent, RefusedEvent
from marketplace.payments.models.payments import Payment, Refund

__all__ = [
    "BankDetails",
    "CardSetup",
    "Charge",
    "Payment",
    "ProviderEvent",
    "Refund",
    "RefusedEvent",
    "SavedCard",
    "StripeAccount",
    "StripeCustomer",
]
