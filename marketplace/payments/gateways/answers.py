"""What Stripe said, as plain frozen values. No object of its library goes any further than this room."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.kit.errors import DomainError

# Stripe keeps a key for 24 hours at least. Within this time the same key can only ever move money once.
KEYS_LAST = timedelta(hours=23)


class StripeUnreachableError(DomainError):
    """
    We do not know whether it happened: no answer came, or none that settles it.

    Ask again under the same key. If `is_repeated`, that will never settle it, since Stripe keeps this answer for the
    key, or another that is not for us: find out by `find_charge` or `find_refund`, and if there is none, try under a
    new key.
    """

    def __init__(self, sentence: str, *, is_repeated: bool = False) -> None:
        super().__init__(sentence)
        self.is_repeated = is_repeated


class StripeRefusedError(DomainError):
    """Stripe will not do it, and nothing happened. `code` says why in its words, for the log and for who decides."""

    def __init__(self, sentence: str, *, code: str, param: str = "", request_id: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.param = param
        self.request_id = request_id


class ForgedEventError(DomainError):
    """A webhook that Stripe did not sign, or signed too long ago, or that is no event."""


class ChargeStatus(enum.StrEnum):
    """How far a charge has come. Only `SUCCEEDED` moved money; `PROCESSING` may still."""

    SUCCEEDED = "succeeded"
    PROCESSING = "processing"
    NEEDS_PERSON = "needs_person"
    OPEN = "open"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class RefundStatus(enum.StrEnum):
    """How far a refund has come. A pending one may still fail."""

    SUCCEEDED = "succeeded"
    PENDING = "pending"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SetupStatus(enum.StrEnum):
    """How far somebody has come on the page that saves a card."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class AccountState:
    """What a provider's own account at Stripe may do, and what Stripe still asks of them."""

    account_id: str
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    due: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HostedPage:
    """A page of Stripe's for somebody to go to. Offer it as a link: our headers let no form lead away from the site."""

    session_id: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """As much of a saved card as its owner needs to know it by."""

    payment_method_id: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True, slots=True)
class CardSetup:
    """What came of a page that saves a card. The card is there once the status is complete."""

    session_id: str
    status: SetupStatus
    card: Card | None


@dataclass(frozen=True, slots=True)
class ChargeState:
    """What came of a charge. `says` is a sentence for who pays, and empty unless they can do something."""

    status: ChargeStatus
    payment_intent_id: str | None
    amount_pence: int
    fee_pence: int
    refunded_pence: int
    decline_code: str | None
    says: str


@dataclass(frozen=True, slots=True)
class RefundState:
    """What came of a refund."""

    status: RefundStatus
    refund_id: str
    payment_intent_id: str | None
    amount_pence: int
    failure_code: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """
    That something happened at Stripe. It says where to look, not what is true: ask for the thing itself.

    `ref` is what we called the charge, refund or setup ourselves.
    """

    event_id: str
    type: str
    account_id: str | None
    object_id: str
    payment_intent_id: str | None
    ref: str | None
    created: datetime
