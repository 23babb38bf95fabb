"""What happens to demand by itself: a closed quarter gets its release, its facts go, and organisations hear news."""

import logging
from datetime import datetime

from marketplace.demand.queries import alerts, counting, released
from marketplace.demand.queries.counting import Tell
from marketplace.demand.queries.drafts import draft_release
from marketplace.demand.services import alerting, releasing
from marketplace.demand.views.wanted import letter_words
from marketplace.kit import facts
from marketplace.kit.days import day_of
from marketplace.kit.db import db, stop_reading, transaction
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.quarters import Quarter

log = logging.getLogger(__name__)

PARTS = 64
"""In how many parts the facts of a quarter go: millions at once would keep others waiting."""


def build_releases(now: datetime, tell: Tell = lambda what, share: None) -> int:
    """
    Build every release that is due, oldest first; return how many. Safe to run twice, and to stop at any moment.

    Counting only reads, so others go on meanwhile. What stands is a whole release or none, and facts are there until
    it stands. What was left of them is removed first, by whoever comes next.
    """
    have = {line.quarter for line in released.releases(db.session)}
    kept = counting.quarters_with_facts(db.session)
    for quarter in kept:
        if quarter in have:
            _forget(quarter, tell)
    due = [one for one in kept if one.is_closed(day_of(now)) and one not in have]
    return sum(_build(quarter, now, tell) for quarter in due)


def prepare_next_quarter(now: datetime) -> int:
    """Make ready to count in the quarter that comes; return whether there was anything to do. Safe to run twice."""
    with transaction() as session:
        return facts.prepare(session, quarter=Quarter.of(now).next)


def _build(quarter: Quarter, now: datetime, tell: Tell) -> bool:
    try:
        with transaction() as session:
            releasing.prepare(session, quarter=quarter, now=now)
        draft = draft_release(
            db.session,
            councils=gazetteer().councils(),
            quarter=quarter,
            tell=lambda what, share: tell(f"{quarter.slug}: {what}", share),
        )
        stop_reading()
        with transaction() as session:
            releasing.keep_release(session, draft, now=now)
    except releasing.AlreadyReleasedError:
        # Another worker was quicker. Its release is as good as ours.
        return False
    finally:
        stop_reading()
    _forget(quarter, tell)
    return True


def _forget(quarter: Quarter, tell: Tell) -> None:
    gone = 0
    while True:
        tell(f"{quarter.slug}: Removing what was counted", min(gone / PARTS, 1))
        with transaction() as session:
            if not releasing.forget_facts(session, quarter=quarter, parts=PARTS):
                return
        gone += 1


def tell_what_is_wanted(now: datetime) -> int:
    """Write to every organisation what is newly wanted where it asked; return how many letters. Safe to run twice."""
    sent = 0
    for organisation_id in alerts.organisations_with_alerts(db.session):
        try:
            with transaction() as session:
                sent += alerting.tell_what_is_wanted(
                    session, organisation_id=organisation_id, words=letter_words(), now=now
                )
        except Exception:
            # What is wrong with one organisation's letter does not keep the others from theirs.
            log.exception("an organisation could not be told what is wanted")
    return sent
