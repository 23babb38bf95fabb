"""The nouns of buying beside arrangements: kinds, visits, hours, baskets, disputes, decision packs."""

import enum
import uuid
from typing import NewType

VisitId = NewType("VisitId", uuid.UUID)
BasketLineId = NewType("BasketLineId", uuid.UUID)
CheckoutId = NewType("CheckoutId", uuid.UUID)
DisputeId = NewType("DisputeId", uuid.UUID)
PackId = NewType("PackId", uuid.UUID)


class ArrangementKind(enum.StrEnum):
    """What sort of thing is arranged. Any may begin with a trial."""

    ONE_OFF = "one_off"
    PACKAGE = "package"
    WEEKLY = "weekly"


class PayBy(enum.StrEnum):
    """How the person means to pay. Councils' prepaid cards and money that somebody else holds are as good as any."""

    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    PREPAID_CARD = "prepaid_card"
    BUDGET_HOLDER = "budget_holder"


class TermsStatus(enum.StrEnum):
    """How far one version of the terms of an arrangement has come. Only agreed ones hold."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class VisitStatus(enum.StrEnum):
    """How far a visit has come: planned, said to be done by the provider, then confirmed or queried by the person."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    QUERIED = "queried"
    CANCELLED = "cancelled"


class HoursReason(enum.StrEnum):
    """Why hours moved on an hours account [000, ECDP; 003, banked hours]."""

    BOUGHT = "bought"
    BANKED = "banked"
    USED = "used"
    GIVEN_BACK = "given_back"
    RELEASED = "released"


class InvoiceKind(enum.StrEnum):
    """An invoice asks for money; a credit note takes back a part of one."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class DisputeOutcome(enum.StrEnum):
    """How a dispute ended."""

    SETTLED = "settled"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    WITHDRAWN = "withdrawn"
