"""The nouns of pooling: ids, and what a pool, its people and their pledges can be. Words only, no rules."""

import enum
import uuid
from typing import NewType

PoolId = NewType("PoolId", uuid.UUID)
MemberId = NewType("MemberId", uuid.UUID)
PledgeId = NewType("PledgeId", uuid.UUID)
MessageId = NewType("MessageId", uuid.UUID)
DocumentId = NewType("DocumentId", uuid.UUID)
TurnId = NewType("TurnId", uuid.UUID)
ProposalId = NewType("ProposalId", uuid.UUID)
AgreementId = NewType("AgreementId", uuid.UUID)
CriterionId = NewType("CriterionId", uuid.UUID)
AnswerId = NewType("AnswerId", uuid.UUID)
SharedVisitId = NewType("SharedVisitId", uuid.UUID)
MeasureId = NewType("MeasureId", uuid.UUID)
InterestSlug = NewType("InterestSlug", str)


class PoolStatus(enum.StrEnum):
    """
    Where a pool has got to [ANCHORS C3].

    Draft: people find each other, nothing is pledged. Open: people pledge. Tipping: enough have, and each way to pay
    is made ready. Repairing: some are not ready, and have seven days. Reconsent: it costs more than somebody was told,
    so everybody is asked. Confirmed: it goes ahead. Running: what was bought goes on. Every pool ends in one of the
    last three.
    """

    DRAFT = "draft"
    OPEN = "open"
    TIPPING = "tipping"
    REPAIRING = "repairing"
    RECONSENT = "reconsent"
    CONFIRMED = "confirmed"
    RUNNING = "running"
    ENDED = "ended"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class PoolOrigin(enum.StrEnum):
    """What people came together around: something they like, something that is offered, or something that is not."""

    INTEREST = "interest"
    OFFER = "offer"
    WISH = "wish"


class Counts(enum.StrEnum):
    """What the steps of a price ladder count: the people in the pool, or how much they take together."""

    PEOPLE = "people"
    QUANTITY = "quantity"


class MemberRole(enum.StrEnum):
    """A champion keeps a pool going; a facilitator helps from outside, as somebody of a user-led organisation [000]."""

    MEMBER = "member"
    CHAMPION = "champion"
    FACILITATOR = "facilitator"


class PledgePart(enum.StrEnum):
    """
    What has become of a pledge.

    Waiting: the pool is open. Included: it is one of those the pool tipped with. Left out: the price is more than they
    would pay, or there was no room; they wait until the pool is confirmed, since it may be their turn yet. Released: it
    binds nobody any more. Kept: the pool is confirmed, and there is an arrangement.
    """

    WAITING = "waiting"
    INCLUDED = "included"
    LEFT_OUT = "left_out"
    RELEASED = "released"
    KEPT = "kept"


class EndReason(enum.StrEnum):
    """Why a pool ended, for learning. A pool is allowed to fail [000]."""

    DONE = "done"
    TOO_FEW = "too_few"
    INTEREST_DWINDLED = "interest_dwindled"
    COSTS_TOO_MUCH = "costs_too_much"
    PROVIDER_GONE = "provider_gone"
    PAYMENT_FAILED = "payment_failed"
    FOUND_ANOTHER_WAY = "found_another_way"
    DID_NOT_WORK = "did_not_work"
    OTHER = "other"


class Step(enum.StrEnum):
    """The seven steps of getting ready [000, RUILS]."""

    FIND_PEOPLE = "find_people"
    PURPOSE = "purpose"
    WHAT_MATTERS = "what_matters"
    SUPPORT = "support"
    OUTCOMES = "outcomes"
    WHO_DOES_WHAT = "who_does_what"
    MONEY = "money"


class ProposalWay(enum.StrEnum):
    """How a pool decides: until nobody objects, or by secret ballot."""

    CONSENT = "consent"
    BALLOT = "ballot"


class Voice(enum.StrEnum):
    """What somebody says to a proposal that is decided by consent."""

    CONSENT = "consent"
    STAND_ASIDE = "stand_aside"
    OBJECT = "object"


class Presence(enum.StrEnum):
    """Whether a member was at a shared visit, and if not, whether they had said so in time."""

    PRESENT = "present"
    AWAY_TOLD = "away_told"
    AWAY_UNTOLD = "away_untold"


class SharedVisitStatus(enum.StrEnum):
    """How far a visit to the whole pool has come. Each member confirms their own share."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Measure(enum.StrEnum):
    """What a pool may look at before and after [000, evaluation]. Own: in its own words."""

    QUALITY_OF_LIFE = "quality_of_life"
    SELF_CARE = "self_care"
    GP_VISITS = "gp_visits"
    EMERGENCY_VISITS = "emergency_visits"
    JOINED_UP = "joined_up"
    OWN = "own"
