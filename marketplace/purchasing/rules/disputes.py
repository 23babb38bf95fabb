"""What is true of disputes: who may do what to one, and by when an answer is due."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.kit.days import working_days_after
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded
from marketplace.purchasing.rules.arrangements import ArrangementStatus, Side
from marketplace.purchasing.rules.nouns import DisputeOutcome

ANSWER_WORKING_DAYS = 5
DECIDE_WORKING_DAYS = 10
REMIND_EVERY = timedelta(days=1)
"""Moderators are reminded of what is late once a day."""

MAY_BE_DISPUTED = frozenset({ArrangementStatus.ACCEPTED, ArrangementStatus.DONE, ArrangementStatus.CANCELLED})
DECIDED = (DisputeOutcome.UPHELD, DisputeOutcome.PARTLY_UPHELD, DisputeOutcome.NOT_UPHELD)
"""What a moderator may decide. The rest the two sides end between themselves."""


class DisputeAct(enum.StrEnum):
    """What one side can do to a dispute."""

    ANSWER = "answer"
    SETTLE = "settle"
    REFER = "refer"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a dispute has come."""

    opened_by: Side
    opened_at: datetime
    is_answered: bool
    referred_at: datetime | None
    is_closed: bool

    @property
    def answer_due_at(self) -> datetime:
        """By when the other side should have answered."""
        return working_days_after(self.opened_at, ANSWER_WORKING_DAYS)

    @property
    def decision_due_at(self) -> datetime | None:
        """By when a moderator should have decided, if one was asked to."""
        return working_days_after(self.referred_at, DECIDE_WORKING_DAYS) if self.referred_at else None


def acts_on_dispute(standing: Standing, *, side: Side, now: datetime) -> tuple[DisputeAct, ...]:
    """Return what one side may do to a dispute now."""
    if standing.is_closed:
        return ()
    if side is standing.opened_by:
        own = [DisputeAct.SETTLE]
        # Nobody waits for an answer for ever: once it is late, a moderator can be asked without one.
        if standing.referred_at is None and (standing.is_answered or now >= standing.answer_due_at):
            own.append(DisputeAct.REFER)
        return (*own, DisputeAct.WITHDRAW)
    theirs = () if standing.is_answered else (DisputeAct.ANSWER,)
    may_refer = standing.referred_at is None and standing.is_answered
    return (*theirs, *((DisputeAct.REFER,) if may_refer else ()))


def refund_problem(*, outcome: DisputeOutcome, refund: Money | None, opened_by: Side, invoiced: Money) -> str | None:
    """Return why a moderator cannot say that so much should be given back, as a sentence, or None if they can."""
    if refund is None or refund == ZERO:
        return None
    if outcome is DisputeOutcome.NOT_UPHELD or opened_by is Side.PROVIDER:
        return "Nothing is given back then. Leave this empty."
    if not ZERO < refund <= invoiced:
        return (
            worded("Enter at most {invoiced}, which is what was invoiced.", invoiced=invoiced)
            if invoiced
            else "Nothing was invoiced for this."
        )
    return None
