"""What happens to demand figures by itself: a quarter that has closed gets its release."""

import logging
from datetime import datetime

from marketplace.demand.queries import counting, released
from marketplace.demand.services import releasing
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.gazetteers import gazetteer

log = logging.getLogger(__name__)


def build_releases(now: datetime) -> int:
    """Build every release that is due, oldest first, each in one transaction; return how many. Safe to run twice."""
    have = {line.quarter for line in released.releases(db.session)}
    due = [one for one in counting.quarters_with_facts(db.session) if one.is_closed(day_of(now)) and one not in have]
    built = 0
    for quarter in due:
        try:
            with transaction() as session:
                releasing.build_release(session, councils=gazetteer().councils(), quarter=quarter, now=now)
        except releasing.AlreadyReleasedError:
            # Another worker was quicker. Its release is as good as ours.
            continue
        built += 1
    return built
