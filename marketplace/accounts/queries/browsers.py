"""Questions about the browsers in which somebody is signed in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import BrowserSession, Organisation, Person, RoleGrant, SecondFactor
from marketplace.accounts.queries.accounts import viewer_of_rows
from marketplace.accounts.rules import BROWSER_FORGOTTEN_AFTER, BrowserSessionId, PersonId, Viewer, normal_email


@dataclass(frozen=True, slots=True)
class SeenIn:
    """Who is signed in, in which of their browsers, and when that was last noted."""

    viewer: Viewer
    browser_id: BrowserSessionId
    seen_at: datetime


def signed_in(
    session: Session, *, person_id: PersonId, stamp: str, browser_id: BrowserSessionId, now: datetime
) -> SeenIn | None:
    """Return who is signed in, or None if they, their password or this browser has gone since. One query."""
    given = {"person": person_id, "stamp": stamp, "browser": browser_id, "since": now - BROWSER_FORGOTTEN_AFTER}
    rows = session.execute(_SIGNED_IN, given).all()
    if not rows:
        return None
    return SeenIn(viewer_of_rows(person_id, rows), browser_id, rows[0].seen_at)


# Asked before every page that somebody signed in opens, so it is put together once.
_SIGNED_IN = (
    select(
        Person.name,
        RoleGrant.role,
        RoleGrant.organisation_id,
        RoleGrant.council,
        Organisation.name.label("organisation"),
        BrowserSession.seen_at,
    )
    .join(RoleGrant, RoleGrant.person_id == Person.id)
    .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
    .join(BrowserSession, BrowserSession.person_id == Person.id)
    .where(
        Person.id == bindparam("person"),
        Person.session_stamp == bindparam("stamp"),
        Person.erased_at.is_(None),
        BrowserSession.id == bindparam("browser"),
        BrowserSession.ended_at.is_(None),
        BrowserSession.seen_at > bindparam("since"),
    )
)


@dataclass(frozen=True, slots=True)
class OwnBrowser:
    """A browser in which the viewer is signed in."""

    id: BrowserSessionId
    browser: str
    began_at: datetime
    seen_at: datetime


def own_browsers(session: Session, *, viewer: Viewer, now: datetime) -> tuple[OwnBrowser, ...]:
    """Return the browsers in which the viewer is signed in now, the one seen last first."""
    rows = session.execute(
        select(BrowserSession.id, BrowserSession.browser, BrowserSession.began_at, BrowserSession.seen_at)
        .where(
            BrowserSession.person_id == viewer.person_id,
            BrowserSession.ended_at.is_(None),
            BrowserSession.seen_at > now - BROWSER_FORGOTTEN_AFTER,
        )
        .order_by(BrowserSession.seen_at.desc(), BrowserSession.began_at.desc())
    )
    return tuple(OwnBrowser(row.id, row.browser, row.began_at, row.seen_at) for row in rows)


def has_phone(session: Session, *, person_id: PersonId) -> bool:
    """Test whether a phone makes codes for somebody, so that one is asked for. For signing in."""
    return session.scalar(select(SecondFactor.person_id).where(SecondFactor.person_id == person_id)) is not None


def person_at(session: Session, *, email: str) -> PersonId | None:
    """Return who has an address. For signing in alone: no page may tell who is here."""
    return session.scalars(select(Person.id).where(Person.email == normal_email(email))).one_or_none()
