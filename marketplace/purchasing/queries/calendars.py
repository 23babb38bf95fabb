"""Questions about calendar feeds. Whoever knows the secret address is shown what it says, and no more."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person, RoleGrant
from marketplace.accounts.rules import PersonId, Viewer, token_hash
from marketplace.catalogue.models import Provider
from marketplace.kit.days import day_of
from marketplace.kit.sentences import one_word
from marketplace.purchasing.models import Arrangement, CalendarFeed, Visit
from marketplace.purchasing.queries.visits import visit_line
from marketplace.purchasing.rules import Side
from marketplace.purchasing.rules.nouns import VisitId, VisitStatus
from marketplace.purchasing.rules.visits import VisitInCalendar

_SINCE = timedelta(days=31)
_MOST = 1_000


def feed_made_at(session: Session, *, viewer: Viewer) -> datetime | None:
    """Return when the viewer's calendar address was made, or None if there is none."""
    return session.scalar(select(CalendarFeed.made_at).where(CalendarFeed.person_id == viewer.person_id))


def visits_of_feed(session: Session, *, token: str, names: bool, now: datetime) -> tuple[VisitInCalendar, ...] | None:
    """
    Return the visits behind a secret address: of its person, and of the organisations they speak for. None: no such.

    Without `names` each is just a visit: whoever sees the calendar learns neither from whom nor what for.
    """
    person_id = session.scalar(select(CalendarFeed.person_id).where(CalendarFeed.token_hash == token_hash(token)))
    if person_id is None:
        return None
    theirs = select(RoleGrant.organisation_id).where(
        RoleGrant.person_id == person_id, RoleGrant.organisation_id.is_not(None)
    )
    rows = session.execute(
        select(Visit, Arrangement.person_id, Arrangement.title, Provider.name.label("provider"), Person.name)
        .join(Arrangement, Arrangement.id == Visit.arrangement_id)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .join(Person, Person.id == Arrangement.person_id)
        .where(
            or_(Arrangement.person_id == person_id, Arrangement.organisation_id.in_(theirs)),
            Visit.held_on >= day_of(now - _SINCE),
        )
        .order_by(Visit.held_on, Visit.starts_at, Visit.id)
        .limit(_MOST)
    )
    return tuple(
        _in_calendar(visit, summary=f"{title}, {with_whom}" if names else one_word("Visit"))
        for visit, title, with_whom in _once_each(rows, person_id)
    )


def in_calendar(session: Session, *, visit_id: VisitId, viewer: Viewer, now: datetime) -> VisitInCalendar | None:
    """Return one visit as a calendar has it, with names, to whoever is shown it. To anybody else there is none."""
    line = visit_line(session, visit_id=visit_id, viewer=viewer, now=now)
    if line is None:
        return None
    with_whom = line.provider_name if line.side is Side.PERSON else line.person_name
    return VisitInCalendar(
        id=line.id,
        arrangement_id=line.arrangement_id,
        held_on=line.held_on,
        starts_at=line.starts_at,
        minutes=line.minutes,
        is_called_off=line.status is VisitStatus.CANCELLED,
        changed_at=now,
        summary=f"{line.title}, {with_whom}",
    )


def _once_each(rows: Iterable[Any], person_id: PersonId) -> Iterator[tuple[Visit, str, str]]:
    """Return visits, with what for and with whom. One to a whole pool counts once for its provider."""
    pools = set()
    for row in rows:
        visit: Visit = row.Visit
        if row.person_id == person_id:
            yield visit, row.title, row.provider
        elif visit.shared_key is None:
            yield visit, row.title, row.name
        elif visit.shared_key not in pools and visit.status is not VisitStatus.CANCELLED:
            pools.add(visit.shared_key)
            yield visit, row.title, "a pool"


def _in_calendar(visit: Visit, *, summary: str) -> VisitInCalendar:
    moments = (visit.planned_at, visit.claimed_at, visit.confirmed_at, visit.ended_at)
    return VisitInCalendar(
        id=visit.id,
        arrangement_id=visit.arrangement_id,
        held_on=visit.held_on,
        starts_at=visit.starts_at,
        minutes=visit.minutes,
        is_called_off=visit.status is VisitStatus.CANCELLED,
        changed_at=max(moment for moment in moments if moment),
        summary=summary,
    )
