"""What happens to the index because days go by: prices begin, checks run out, room gets too old to go by."""

from datetime import datetime

from marketplace.catalogue.services import offers_that_turned, refresh_documents
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction

_TOGETHER = 100


def refresh_search(now: datetime) -> int:
    """Let offers be found as they are today, some at a time; return how many changed. Safe to run twice."""
    today, changed = day_of(now), 0
    turned = offers_that_turned(db.session, today=today)
    for start in range(0, len(turned), _TOGETHER):
        with transaction() as session:
            changed += refresh_documents(session, turned[start : start + _TOGETHER], today=today)
    return changed
