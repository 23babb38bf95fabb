"""What happens to demand figures by itself: a quarter that has closed gets its releases."""

import logging
from datetime import datetime

from marketplace.demand import queries, services
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.gazetteers import gazetteer

log = logging.getLogger(__name__)


def build_releases(now: datetime) -> int:
    """Build every release that is due, each in its own transaction; return how many. Safe to run twice."""
    built = 0
    for code, quarter in queries.unreleased(db.session, today=day_of(now)):
        try:
            council = gazetteer().council(code)
            with transaction() as session:
                services.build_release(session, council=council, quarter=quarter, now=now)
        except services.AlreadyReleasedError:
            # Another worker was quicker. Its release is as good as ours.
            continue
        except Exception:
            # One council's figures that cannot be built do not keep the others waiting.
            log.exception("the figures of %s for %s could not be built", code, quarter.slug)
        else:
            built += 1
    return built
