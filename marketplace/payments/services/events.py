"""What Stripe tells us: stored as it came before any of it is believed, and settled once."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.kit.days import day_of
from marketplace.payments.gateways.answers import Event
from marketplace.payments.models import ProviderEvent, RefusedEvent
from marketplace.payments.rules import EventStatus

BODIES_LAST = timedelta(days=30)


def take_in(session: Session, *, event: Event, body: bytes, now: datetime) -> bool:
    """Store an event as it came, or count that it came again; return whether anything is to be done about it."""
    known = session.get(ProviderEvent, event.event_id, with_for_update=True, populate_existing=True)
    if known is None:
        new = ProviderEvent(
            event_id=event.event_id,
            type=event.type[:80],
            account_id=event.account_id,
            object_id=event.object_id[:255],
            ref=(event.ref or "")[:255],
            body=body,
            status=EventStatus.RECEIVED,
            received_at=now,
        )
        try:
            with session.begin_nested():
                session.add(new)
        except IntegrityError:
            # The same event came twice at this moment.
            known = session.get_one(ProviderEvent, event.event_id, with_for_update=True)
        else:
            return True
    known.deliveries += 1
    return known.status is EventStatus.RECEIVED


def settle_event(session: Session, *, event_id: str, status: EventStatus, now: datetime) -> None:
    """Write down what became of an event."""
    event = session.get_one(ProviderEvent, event_id, with_for_update=True, populate_existing=True)
    if event.status is EventStatus.RECEIVED:
        event.status, event.settled_at, event.problem = status, now, ""


def put_off_event(session: Session, *, event_id: str, problem: str) -> None:
    """Write down why nothing could be done about an event yet."""
    event = session.get_one(ProviderEvent, event_id, with_for_update=True, populate_existing=True)
    event.tries += 1
    event.problem = problem[:300]


def count_refused(session: Session, *, reason: str, now: datetime) -> None:
    """Count an event that Stripe did not send, or not in time."""
    day = day_of(now)
    count_up = (
        update(RefusedEvent)
        .where(RefusedEvent.day == day, RefusedEvent.reason == reason)
        .values(count=RefusedEvent.count + 1)
        .returning(RefusedEvent.count)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(count_up) is not None:
        return
    try:
        with session.begin_nested():
            session.add(RefusedEvent(day=day, reason=reason, count=1))
    except IntegrityError:
        session.execute(count_up)


def forget_bodies(session: Session, *, now: datetime) -> int:
    """Empty events settled a month ago, and return how many: they name people, and nobody asks Stripe's words again."""
    old = select(ProviderEvent.event_id).where(ProviderEvent.settled_at < now - BODIES_LAST, ProviderEvent.body != b"")
    found = session.scalars(old.limit(1000)).all()
    session.execute(
        update(ProviderEvent)
        .where(ProviderEvent.event_id.in_(found))
        .values(body=b"")
        .execution_options(synchronize_session=False)
    )
    return len(found)
