"""What waits for somebody to judge it: they are reminded, and whoever runs the site hears of what is late."""

from datetime import datetime

from marketplace.kit.addresses import page_address
from marketplace.kit.db import transaction
from marketplace.ratings.services import reminding, reporting


def remind_judges(now: datetime) -> int:
    """
    Take up what was reported, and remind moderators and the panel of what is due; return of how many things.

    Safe to run twice.
    """
    with transaction() as session:
        reporting.take_up_reports(session, now=now)
    with transaction() as session:
        told = reminding.remind_of_screenings(session, address=page_address("ratings.queue"), now=now)
    with transaction() as session:
        told += reminding.remind_of_appeals(session, address=page_address("ratings.appeals"), now=now)
    with transaction() as session:
        told += reminding.remind_of_objections(session, address=page_address("ratings.objections"), now=now)
    with transaction() as session:
        told += reminding.remind_of_flags(session, address=page_address("ratings.flags"), now=now)
    return told
