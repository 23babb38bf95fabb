"""Stories that wait to be read: moderators are reminded, and whoever runs the site hears of what is late."""

from datetime import datetime

from marketplace.brokerage.services.stories import remind_of_stories
from marketplace.kit.addresses import page_address
from marketplace.kit.db import transaction


def remind_readers(now: datetime) -> int:
    """Remind moderators of stories that are due; return of how many. Safe to run twice."""
    with transaction() as session:
        return remind_of_stories(session, address=page_address("brokerage.stories_to_read"), now=now)
