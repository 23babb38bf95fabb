"""How far has a feed been read? What was interrupted goes on after the last page that is done."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.catalogue.gateways import Origin
from marketplace.catalogue.models import FeedRun
from marketplace.catalogue.services.universal import add_source


@dataclass(frozen=True, slots=True)
class Reading:
    """One walk through a feed: when it began, and how many of its pages are done."""

    begun_at: datetime
    pages_done: int


def begin_reading(session: Session, *, origin: Origin, url: str, from_start: bool, now: datetime) -> Reading:
    """
    Begin to read a feed, or go on where an interrupted reading stopped.

    It goes on only at the same address, and not when asked to begin again.
    """
    add_source(
        session,
        key=origin.key,
        publisher=origin.publisher,
        licence=origin.licence,
        licence_url=origin.licence_url,
        url=origin.url,
    )
    run = session.get(FeedRun, origin.key, with_for_update=True)
    if run is None:
        run = FeedRun(source=origin.key, url=url, begun_at=now, pages_done=0)
        session.add(run)
    elif run.ended_at is not None or from_start or run.url != url:
        run.url, run.begun_at, run.pages_done, run.ended_at = url, now, 0, None
    session.flush()
    return Reading(begun_at=run.begun_at, pages_done=run.pages_done)


def note_page(session: Session, *, origin: Origin, pages_done: int) -> None:
    """Note that a page is done, with everything on it."""
    session.get_one(FeedRun, origin.key).pages_done = pages_done


def end_reading(session: Session, *, origin: Origin, now: datetime) -> None:
    """Note that the last page is done."""
    session.get_one(FeedRun, origin.key).ended_at = now
