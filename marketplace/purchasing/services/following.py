"""What visits do to the money that budgets set aside for their arrangement. Where no budget pays, nothing happens."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.budgets.queries.paying import set_aside
from marketplace.budgets.rules import Purpose, TransferId
from marketplace.budgets.services import promising
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.queries.needed import needed


def follow_need(
    session: Session, it: Arrangement, visit: Visit, *, before: Money, by: PersonId, now: datetime
) -> Money:
    """
    Set more aside, or let some go, as one visit has changed what is needed since `before`.

    Return what no budget could set aside for it: the person is told, and pays it themselves unless they add money.
    """
    purpose = Purpose(it.id)
    behind = set_aside(session, purpose=purpose)
    wanted = needed(session, it, today=day_of(now))
    gap = wanted - behind.promised - behind.spent
    key = TransferId(uuid.uuid5(visit.id, f"{visit.status} {now.isoformat()}"))
    if wanted <= before:
        spare = min(before - wanted, -gap)
        promising.release(session, purpose=purpose, amount=max(spare, ZERO), key=key, now=now, by=by)
        return ZERO
    short = max(min(wanted - before, gap), ZERO)
    try:
        promising.promise_more(session, purpose=purpose, amount=short, key=key, now=now, by=by)
    except promising.NotEnoughLeftError:
        return short
    return ZERO
