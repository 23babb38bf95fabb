"""Looking whether reviews look arranged."""

import logging
from datetime import datetime

from marketplace.kit.db import db, transaction
from marketplace.ratings.queries import flags
from marketplace.ratings.services.flagging import look_at
from marketplace.ratings.views.flags import flag_address

log = logging.getLogger(__name__)


def look_for_flags(now: datetime) -> int:
    """Look at what was said of providers, one after another; return how many flags were raised. Safe to run twice."""
    raised = 0
    for provider_id in flags.providers_to_look_at(db.session, now=now):
        try:
            with transaction() as session:
                raised += look_at(session, provider_id=provider_id, address=flag_address, now=now)
        except Exception:
            # One provider that cannot be looked at does not keep the others.
            log.exception("the reviews of provider %s could not be looked at", provider_id)
    return raised
