"""What happens to the browsers in which somebody is signed in: one begins, is seen, and ends."""

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts.models import BrowserSession
from marketplace.accounts.rules import SEEN_TO, BrowserSessionId, PersonId, browser_in_words
from marketplace.accounts.services.accounts import write_to_person
from marketplace.kit import audit
from marketplace.kit.errors import NotFoundError
from marketplace.kit.sentences import worded


class NotYourBrowserError(NotFoundError):
    """Not one of theirs, or ended before."""


def begin_browser(
    session: Session, *, person_id: PersonId, user_agent: str, is_known: bool, link: str, now: datetime
) -> BrowserSessionId:
    """
    Remember that somebody signed in in a browser. They hear by letter of one that is new, unless it is their first.

    :param is_known: whether they signed in in this browser before.
    :param link: the page on which they see all of theirs.
    """
    words = browser_in_words(user_agent)
    signed_in_before = session.scalar(select(BrowserSession.id).where(BrowserSession.person_id == person_id).limit(1))
    browser = BrowserSession(
        id=BrowserSessionId(uuid.uuid4()), person_id=person_id, browser=words, began_at=now, seen_at=now
    )
    session.add(browser)
    audit.record(session, by=person_id, did="signed in", to_kind="person", to_id=person_id, now=now)
    if signed_in_before is not None and not is_known:
        write_to_person(
            session,
            person_id=person_id,
            subject="Somebody signed in to your account",
            body=worded(
                "They used a browser that was not used for it before: {words}.\n\n"
                "If it was you, you need do nothing. If it was not, sign that browser out here, and set a new "
                "password:\n"
                "{link}",
                words=words,
                link=link,
            ),
            now=now,
        )
    session.flush()
    return browser.id


def note_seen(session: Session, *, browser_id: BrowserSessionId, now: datetime) -> None:
    """Note that somebody looks at pages in a browser, to the hour."""
    session.execute(
        update(BrowserSession)
        .where(
            BrowserSession.id == browser_id,
            BrowserSession.ended_at.is_(None),
            BrowserSession.seen_at <= now - SEEN_TO,
        )
        .values(seen_at=now)
    )


def end_browser(session: Session, *, person_id: PersonId, browser_id: BrowserSessionId, now: datetime) -> None:
    """
    Sign one of somebody's browsers out. Ending it twice is no fault.

    :raises NotYourBrowserError: if it is not one of theirs.
    """
    browser = session.get(BrowserSession, browser_id)
    if browser is None or browser.person_id != person_id:
        raise NotYourBrowserError("That is not one of your browsers.")
    if browser.ended_at is None:
        browser.ended_at = now
        audit.record(session, by=person_id, did="signed a browser out", to_kind="person", to_id=person_id, now=now)


def end_browsers(
    session: Session,
    *,
    person_id: PersonId,
    now: datetime,
    but: BrowserSessionId | None = None,
    by: PersonId | None = None,
) -> None:
    """Sign somebody out of all their browsers, but for the one they do it in. `by` is another who does it, if any."""
    ending = update(BrowserSession).where(BrowserSession.person_id == person_id, BrowserSession.ended_at.is_(None))
    if but is not None:
        ending = ending.where(BrowserSession.id != but)
    session.execute(ending.values(ended_at=now))
    audit.record(
        session, by=by or person_id, did="signed other browsers out", to_kind="person", to_id=person_id, now=now
    )
