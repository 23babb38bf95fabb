"""What a monitor must know of the database before it sends people here. Each question takes moments."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.kit.sentences import worded
from marketplace.web.queries import turns
from marketplace.web.queries.looking import head_of
from marketplace.web.rules.turns import is_silent

# The newest offers: an index that is not written any more is seen here first. The whole of it takes longer to compare.
_NOT_FOUND = text(
    "SELECT count(*) FROM (SELECT id FROM offer WHERE status = 'live' ORDER BY updated_at DESC LIMIT 20) AS newest "
    "WHERE NOT EXISTS (SELECT 1 FROM search_document WHERE search_document.id = newest.id)"
)


def of_tables(session: Session, *, wanted: str) -> list[str]:
    """Say what is wrong with the tables, if anything: those of an older version will not do, newer ones will."""
    there = head_of(session)
    if there is None or there < wanted:
        return [worded("The tables are at {there}, and this version needs {wanted}.", there=there, wanted=wanted)]
    return []


def of_index(session: Session) -> list[str]:
    """Say whether the newest offers can be found."""
    return ["The newest offers are not in the index."] if session.scalar(_NOT_FOUND) else []


def of_jobs(session: Session, *, now: datetime) -> list[str]:
    """Say whether a worker runs. Before the first ever did, nothing waits for one."""
    newest = turns.last_begun(session)
    return (
        [worded("No worker has run a job since {newest:%H:%M} UTC.", newest=newest)]
        if newest and is_silent(newest, now=now)
        else []
    )
