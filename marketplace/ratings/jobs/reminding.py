"""What waits for somebody to judge it: they are reminded, and whoever runs the site hears of what is late."""

from datetime import datetime

from marketplace.kit.addresses import page_address
from marketplace.kit.db import transaction
from marketplace.ratings.services import reminding, reporting

_PAGES = {
    reminding.SCREENINGS: "ratings.queue",
    reminding.APPEALS: "ratings.appeals",
    reminding.OBJECTIONS: "ratings.objections",
    reminding.FLAGS: "ratings.flags",
}


def remind_judges(now: datetime) -> int:
    """
    Take up what was reported, and remind moderators and the panel of what is due; return of how many things.

    Safe to run twice.
    """
    with transaction() as session:
        reporting.take_up_reports(session, now=now)
    told = 0
    for queue, page in _PAGES.items():
        with transaction() as session:
            told += reminding.remind(session, queue, address=page_address(page), now=now)
    return told
