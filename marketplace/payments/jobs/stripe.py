"""Is there a Stripe to ask, and how is it asked? Never inside a transaction."""

import logging
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

from flask import current_app

from marketplace.kit.addresses import page_address
from marketplace.payments.gateways.stripe import StripeGateway
from marketplace.purchasing.rules import InvoiceId

log = logging.getLogger(__name__)
Thing = TypeVar("Thing")


def stripe() -> StripeGateway | None:
    """Return how Stripe is asked, or None if this site has no key: then cards are offered nowhere."""
    gateway: StripeGateway | None = current_app.extensions["stripe"]
    return gateway


def pence_per_pound() -> Decimal:
    """Return what of each pound paid by card comes to whoever runs this site."""
    fee: Decimal = current_app.config["FEE_PENCE_PER_POUND"]
    return fee


def invoice_address(invoice_id: InvoiceId) -> str:
    """Return the whole address of the page where an invoice is paid, as letters and Stripe give it."""
    return page_address("payments.show", {"invoice_id": invoice_id})


def each(things: Iterable[Thing], do: Callable[[Thing], bool], *, what: str) -> int:
    """Do something with each of several things, one not keeping the others; return with how many it worked."""
    done = 0
    for thing in things:
        try:
            done += do(thing)
        except Exception:
            log.exception("%s %s could not be finished; it will be tried again", what, thing)
    return done
