"""What can happen to arrangements. One public function per thing a person can do."""

from marketplace.purchasing.services.answering import (
    ArrangementMovedOnError,
    ArrangementNotFoundError,
    NotYourSideError,
    ReasonUnclearError,
    accept_arrangement,
    decline_arrangement,
    locked_arrangement,
    withdraw_arrangement,
)
from marketplace.purchasing.services.asking import (
    AlreadyAskedError,
    AskableOffer,
    NoPriceError,
    OfferNotFoundError,
    OwnOfferError,
    PriceChangedError,
    Request,
    RequestUnclearError,
    ask_for_arrangement,
    offer_to_ask,
    price_request,
)
from marketplace.purchasing.services.ending import NotStartedError, cancel_arrangement, mark_done
from marketplace.purchasing.services.invoicing import AlreadyInvoicedError, NothingToInvoiceError, issue_invoice
from marketplace.purchasing.services.making import InPoolAlreadyError, NobodyToAskError, make_arrangement_for_pool

__all__ = [
    "AlreadyAskedError",
    "AlreadyInvoicedError",
    "ArrangementMovedOnError",
    "ArrangementNotFoundError",
    "AskableOffer",
    "InPoolAlreadyError",
    "NoPriceError",
    "NobodyToAskError",
    "NotStartedError",
    "NotYourSideError",
    "NothingToInvoiceError",
    "OfferNotFoundError",
    "OwnOfferError",
    "PriceChangedError",
    "ReasonUnclearError",
    "Request",
    "RequestUnclearError",
    "accept_arrangement",
    "ask_for_arrangement",
    "cancel_arrangement",
    "decline_arrangement",
    "issue_invoice",
    "locked_arrangement",
    "make_arrangement_for_pool",
    "mark_done",
    "offer_to_ask",
    "price_request",
    "withdraw_arrangement",
]
