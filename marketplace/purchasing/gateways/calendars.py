"""Visits as a calendar that other programs read (iCalendar, RFC 5545)."""

from collections.abc import Callable, Sequence
from datetime import UTC, timedelta

from icalendar import Calendar, Event

from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.visits import VisitInCalendar, begins


def write_calendar(
    visits: Sequence[VisitInCalendar], *, site: str, host: str, page: Callable[[ArrangementId], str]
) -> bytes:
    """Return visits as a calendar. A visit without a time is a whole day. `page` leads to what only its sides see."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{site}//Visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Visits: {site}")
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
    for visit in visits:
        calendar.add_component(_event(visit, host=host, page=page))
    text: bytes = calendar.to_ical()
    return text


def _event(visit: VisitInCalendar, *, host: str, page: Callable[[ArrangementId], str]) -> Event:
    event = Event()
    event.add("uid", f"{visit.id}@{host}")
    event.add("dtstamp", visit.changed_at)
    event.add("last-modified", visit.changed_at)
    event.add("summary", visit.summary)
    event.add("status", "CANCELLED" if visit.is_called_off else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("url", page(visit.arrangement_id))
    if visit.starts_at is None:
        event.add("dtstart", visit.held_on)
    else:
        first = begins(held_on=visit.held_on, starts_at=visit.starts_at).astimezone(UTC)
        event.add("dtstart", first)
        event.add("dtend", first + timedelta(minutes=visit.minutes))
    return event
