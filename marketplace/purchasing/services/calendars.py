"""The secret address at which somebody's own calendar reads their visits: made, made anew, and stopped."""

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, token_hash
from marketplace.kit import audit
from marketplace.purchasing.models import CalendarFeed


def make_feed(session: Session, *, by: PersonId, now: datetime) -> str:
    """Make the address anew, and return its secret part. We keep only a hash of it; one made before stops at once."""
    token = secrets.token_urlsafe(32)
    session.merge(CalendarFeed(person_id=by, token_hash=token_hash(token), made_at=now))
    session.flush()
    audit.record(session, by=by, did="made a calendar feed", to_kind="person", to_id=by, now=now)
    return token


def stop_feed(session: Session, *, by: PersonId, now: datetime) -> None:
    """Stop the address. Where there is none, nothing happens."""
    session.execute(delete(CalendarFeed).where(CalendarFeed.person_id == by))
    audit.record(session, by=by, did="stopped a calendar feed", to_kind="person", to_id=by, now=now)
