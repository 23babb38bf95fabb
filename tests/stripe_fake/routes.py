"""Which addresses does the pretended Stripe answer, by which of the library's definitions, and with what?"""

import re
from dataclasses import dataclass, field

import stripe
import stripe.checkout
import stripe.params
import stripe.params.checkout

from tests.stripe_fake import accounts, charging, checkout, methods, refunds

_P, _C = stripe.params, stripe.params.checkout
_ROUTES = [
    ("POST", "accounts", _P.AccountCreateParams, stripe.Account, accounts.create_account),
    ("GET", "accounts/ID", _P.AccountRetrieveParams, stripe.Account, accounts.show_account),
    ("POST", "account_links", _P.AccountLinkCreateParams, stripe.AccountLink, accounts.create_account_link),
    ("POST", "customers", _P.CustomerCreateParams, stripe.Customer, accounts.create_customer),
    ("GET", "customers/ID", _P.CustomerRetrieveParams, stripe.Customer, accounts.show_customer),
    ("POST", "payment_methods", _P.PaymentMethodCreateParams, stripe.PaymentMethod, methods.clone_method),
    ("GET", "payment_methods/ID", _P.PaymentMethodRetrieveParams, stripe.PaymentMethod, methods.show_method),
    ("POST", "payment_methods/ID/attach", _P.PaymentMethodAttachParams, stripe.PaymentMethod, methods.attach_method),
    ("POST", "payment_methods/ID/detach", _P.PaymentMethodDetachParams, stripe.PaymentMethod, methods.detach_method),
    ("POST", "payment_intents", _P.PaymentIntentCreateParams, stripe.PaymentIntent, charging.create_intent),
    ("GET", "payment_intents", _P.PaymentIntentListParams, stripe.PaymentIntent, charging.list_intents),
    ("GET", "payment_intents/ID", _P.PaymentIntentRetrieveParams, stripe.PaymentIntent, charging.show_intent),
    (
        "POST",
        "payment_intents/ID/capture",
        _P.PaymentIntentCaptureParams,
        stripe.PaymentIntent,
        charging.capture_intent,
    ),
    ("POST", "payment_intents/ID/cancel", _P.PaymentIntentCancelParams, stripe.PaymentIntent, charging.cancel_intent),
    ("GET", "charges/ID", _P.ChargeRetrieveParams, stripe.Charge, charging.show_charge),
    ("POST", "refunds", _P.RefundCreateParams, stripe.Refund, refunds.create_refund),
    ("GET", "refunds", _P.RefundListParams, stripe.Refund, refunds.list_refunds),
    ("GET", "refunds/ID", _P.RefundRetrieveParams, stripe.Refund, refunds.show_refund),
    ("GET", "events", _P.EventListParams, stripe.Event, accounts.list_events),
    ("POST", "checkout/sessions", _C.SessionCreateParams, stripe.checkout.Session, checkout.create_session),
    ("GET", "checkout/sessions", _C.SessionListParams, stripe.checkout.Session, checkout.list_sessions),
    ("GET", "checkout/sessions/ID", _C.SessionRetrieveParams, stripe.checkout.Session, checkout.show_session),
    ("POST", "checkout/sessions/ID/expire", _C.SessionExpireParams, stripe.checkout.Session, checkout.expire_session),
]


@dataclass(frozen=True)
class Route:
    """One thing that can be asked."""

    method: str
    pattern: re.Pattern
    definition: type
    resource: type
    answer: object

    @property
    def is_list(self):
        return self.definition.__name__.endswith("ListParams")


@dataclass
class Request:
    """What was asked, read."""

    account: str
    params: dict
    ids: tuple = ()
    expand: list = field(default_factory=list)


ROUTES = [
    Route(method, re.compile("/v1/" + path.replace("ID", "([^/]+)")), definition, resource, answer)
    for method, path, definition, resource, answer in _ROUTES
]


def route_for(method, path):
    """Return the route and the ids in its address, or nothing."""
    for route in ROUTES:
        found = route.pattern.fullmatch(path)
        if found and route.method == method:
            return route, found.groups()
    return None, ()
