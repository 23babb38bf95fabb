"""What does it cost to call a visit off now?"""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.queries.hours import account_of
from marketplace.purchasing.queries.invoices import TermsOfVisits
from marketplace.purchasing.rules import Side
from marketplace.purchasing.rules import visits as rules
from marketplace.purchasing.rules.hours import draws_hours
from marketplace.purchasing.rules.nouns import VisitStatus


def cost_of_calling_off(
    session: Session, it: Arrangement, visit: Visit, *, by: Side, now: datetime
) -> tuple[Money, int]:
    """Return what calling a visit off costs now: money, or minutes of the hours account. For services."""
    terms = TermsOfVisits(session, it).on(visit.held_on)
    if visit.status is not VisitStatus.PLANNED or by is Side.PROVIDER:
        return ZERO, 0
    owed = rules.owed_if_called_off(
        terms, by=by, held_on=visit.held_on, starts_at=visit.starts_at, minutes=visit.minutes,
        is_from_bank=visit.from_bank, now=now,
    )  # fmt: skip
    account = account_of(session, it)
    is_late = rules.is_late(terms, held_on=visit.held_on, starts_at=visit.starts_at, now=now)
    takes = is_late and draws_hours(kind=it.kind, is_from_bank=visit.from_bank, bought=account.bought)
    return owed, min(visit.minutes, max(account.free, 0)) if takes else 0
