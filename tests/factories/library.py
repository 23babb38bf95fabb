"""The most boring signpost, and the most boring story."""

import uuid
from datetime import UTC, date, datetime

from marketplace.brokerage.models import Signpost
from marketplace.brokerage.rules.nouns import SignpostKind

WRITTEN = datetime(2026, 5, 1, 9, tzinfo=UTC)


def signpost(session, **differences):
    """Add a signpost to somebody who advises all of England."""
    plain = {
        "council": None,
        "kind": SignpostKind.ADVICE,
        "position": 1,
        "name": "An Advice Line",
        "words": "They advise.",
        "phone": "0300 061 0614",
        "email": "",
        "href": "https://example.org/",
        "checked_on": date(2026, 4, 1),
        "written_at": WRITTEN,
    }
    row = Signpost(id=uuid.uuid4(), **plain | differences)
    session.add(row)
    session.flush()
    return row
