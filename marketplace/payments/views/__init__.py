"""Pages about payments: read the request, make one call, choose what to show."""

from marketplace.payments.views import (
    cards,
    charges,
    events,
    payments,
    providers,
    refunds,
)
from marketplace.payments.views.blueprint import bp

__all__ = [
    "bp",
    "cards",
    "charges",
    "events",
    "payments",
    "providers",
    "refunds",
]
