"""Questions about hours accounts."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from marketplace.purchasing.models import Arrangement, HoursEntry, Visit
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.hours import HoursAccount
from marketplace.purchasing.rules.nouns import ArrangementKind, HoursReason, VisitId, VisitStatus

_WAITS = (VisitStatus.CLAIMED, VisitStatus.QUERIED)
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class HoursMove:
    """One movement on an hours account, as both sides see it, and what was left after it."""

    made_at: datetime
    reason: HoursReason
    minutes: int
    held_on: date | None
    left: int


def account_of(session: Session, it: Arrangement, *, besides: VisitId | None = None) -> HoursAccount:
    """Return what came onto the hours account of an arrangement and went off it. `besides`: but for this visit."""
    sums = {
        reason: minutes
        for reason, minutes in session.execute(
            select(HoursEntry.reason, func.sum(HoursEntry.minutes))
            .where(HoursEntry.arrangement_id == it.id)
            .group_by(HoursEntry.reason)
        )
    }
    is_package = it.kind is ArrangementKind.PACKAGE and HoursReason.BOUGHT in sums
    draws = true() if is_package else Visit.from_bank.is_(True)
    waiting = select(func.sum(Visit.minutes)).where(Visit.arrangement_id == it.id, Visit.status.in_(_WAITS), draws)
    if besides is not None:
        waiting = waiting.where(Visit.id != besides)
    return HoursAccount(
        # Given back are those of fewer packages agreed later.
        bought=sums.get(HoursReason.BOUGHT, 0) + sums.get(HoursReason.GIVEN_BACK, 0),
        banked=sums.get(HoursReason.BANKED, 0),
        used=-sums.get(HoursReason.USED, 0),
        released=-sums.get(HoursReason.RELEASED, 0),
        waiting=session.scalar(waiting) or 0,
        left=sum(sums.values()),
    )


def hours_moves(session: Session, *, arrangement_id: ArrangementId) -> tuple[HoursMove, ...]:
    """Return every movement on an hours account, the newest first. The caller has asked who may see it."""
    left = func.sum(HoursEntry.minutes).over(order_by=(HoursEntry.made_at, HoursEntry.id))
    rows = session.execute(
        select(HoursEntry, Visit.held_on, left.label("left"))
        .outerjoin(Visit, Visit.id == HoursEntry.visit_id)
        .where(HoursEntry.arrangement_id == arrangement_id)
        .order_by(HoursEntry.made_at.desc(), HoursEntry.id.desc())
        .limit(_MOST_SHOWN)
    )
    return tuple(
        HoursMove(
            made_at=row.HoursEntry.made_at,
            reason=row.HoursEntry.reason,
            minutes=row.HoursEntry.minutes,
            held_on=row.held_on,
            left=row.left,
        )
        for row in rows
    )
