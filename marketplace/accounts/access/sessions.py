"""Who is signed in, in which browser, and what they have proved there."""

import logging
from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, current_app, g, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from marketplace.accounts import queries
from marketplace.accounts.access import known_browsers
from marketplace.accounts.queries import browsers as queries_of_browsers
from marketplace.accounts.queries.browsers import SeenIn
from marketplace.accounts.rules import (
    ANYONE,
    SEEN_TO,
    BrowserSessionId,
    PersonId,
    Viewer,
    is_lately,
    proof_is_live,
)
from marketplace.accounts.services import browsers
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError

log = logging.getLogger(__name__)

login_manager = LoginManager()

_PROVED, _PROVED_AT = "proved", "proved_at"
"""Which sign-in a second proof was given for in this browser, and when, in seconds since 1970."""
_CONFIRMED, _CONFIRMED_AT = "confirmed", "confirmed_at"
"""Which sign-in a password or a passkey was given for, and when, for what asks for one again."""
_HALF, _HALF_AT = "half_in", "half_in_at"
"""Whose password was given here before a code, and when. It opens nothing but the pages of codes."""


class SignedIn(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """The viewer, as Flask-Login wants to hold them."""

    def __init__(self, viewer: Viewer, cookie_id: str, browser_id: BrowserSessionId) -> None:
        self.viewer, self.id, self.browser_id = viewer, cookie_id, browser_id


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(cookie_id: object) -> SignedIn | None:
    person_id, _, rest = str(cookie_id).partition(":")
    stamp, _, browser_id = rest.partition(":")
    try:
        wanted, browser = PersonId(UUID(person_id)), BrowserSessionId(UUID(browser_id))
    except ValueError:
        return None
    now = datetime.now(UTC)
    found = queries_of_browsers.signed_in(db.session, person_id=wanted, stamp=stamp, browser_id=browser, now=now)
    if found is None:
        return None
    if now - found.seen_at >= SEEN_TO:
        g.browser_to_note = found.browser_id
    # A role that needs a code is not there without one: no page, query or service has to remember to ask.
    return _signed_in(found, str(cookie_id))


def _signed_in(found: SeenIn, cookie_id: str) -> SignedIn:
    looking = found.viewer if _has_proved(cookie_id) else found.viewer.without_a_code()
    return SignedIn(looking, cookie_id, found.browser_id)


def note_seen(response: Response) -> Response:
    """Note once an hour that somebody looks at pages in this browser. What cannot be noted stops nobody."""
    browser_id = g.pop("browser_to_note", None)
    if browser_id is not None and not response.is_streamed:
        try:
            with transaction() as database:
                browsers.note_seen(database, browser_id=browser_id, now=datetime.now(UTC))
        except (DomainError, SQLAlchemyError, RuntimeError):
            log.warning("when a browser was seen could not be noted")
    return response


def _moment(key: str) -> datetime | None:
    at = session.get(key)
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int) and 0 <= at < _LAST_SECOND else None


_LAST_SECOND = 1 << 36


def _has_proved(cookie_id: str) -> bool:
    return session.get(_PROVED) == cookie_id and proof_is_live(given_at=_moment(_PROVED_AT), now=datetime.now(UTC))


def viewer() -> Viewer:
    """Return who is looking at this page."""
    if "_user_id" not in session:  # As for most visitors: then Flask-Login need not compare browsers.
        return ANYONE
    return current_user.viewer if current_user.is_authenticated else ANYONE


def me() -> PersonId:
    """Return the id of whoever is signed in. For views that require signing in."""
    person_id = viewer().person_id
    if person_id is None:
        abort(403)
    return person_id


def this_browser() -> BrowserSessionId | None:
    """Return which of the viewer's browsers this is, or None if nobody is signed in."""
    return current_user.browser_id if viewer().is_signed_in else None


def sign_in(person_id: PersonId, *, proved: bool = False, confirmed: bool = True) -> None:
    """
    Begin a signed-in session for a person who has just proved who they are. Call it outside of any transaction.

    Where a phone makes codes for them it begins only once one was given: until then this browser is half-way in.

    :param proved: whether they have given a second proof, or one that is worth two: a passkey.
    :param confirmed: whether they gave a password or a passkey, and not only opened a letter.
    """
    stamp, now = queries.session_stamp(db.session, person_id=person_id), datetime.now(UTC)
    sign_out()
    if not proved and queries_of_browsers.has_phone(db.session, person_id=person_id):
        session[_HALF], session[_HALF_AT] = f"{person_id}:{stamp}", int(now.timestamp())
        return
    with transaction() as database:
        browser_id = browsers.begin_browser(
            database,
            person_id=person_id,
            user_agent=request.user_agent.string,
            is_known=known_browsers.knows(person_id),
            link=page_address("accounts.browsers"),
            now=now,
        )
    found = queries_of_browsers.signed_in(
        db.session, person_id=person_id, stamp=stamp, browser_id=browser_id, now=now
    ) or abort(403)
    cookie_id = f"{person_id}:{stamp}:{browser_id}"
    if proved:
        session[_PROVED], session[_PROVED_AT] = cookie_id, int(now.timestamp())
    if confirmed:
        session[_CONFIRMED], session[_CONFIRMED_AT] = cookie_id, int(now.timestamp())
    login_user(_signed_in(found, cookie_id))
    known_browsers.remember(person_id)
    for keep in current_app.extensions.get("on_sign_in", ()):
        keep(person_id)


def forget_sign_in() -> None:
    """Let this browser know of nobody any more: what was given for an earlier sign-in says nothing about the next."""
    for key in (_PROVED, _PROVED_AT, _CONFIRMED, _CONFIRMED_AT, _HALF, _HALF_AT):
        session.pop(key, None)
    logout_user()


def half_in() -> PersonId | None:
    """Return whose password was given in this browser just now, where a code is still to be given."""
    person_id, _, stamp = str(session.get(_HALF, "")).partition(":")
    if not stamp or not is_lately(_moment(_HALF_AT), now=datetime.now(UTC)):
        return None
    try:
        wanted = PersonId(UUID(person_id))
    except ValueError:
        return None
    return wanted if queries.viewer_with_id(db.session, person_id=wanted, stamp=stamp) else None


def person_at_door() -> PersonId:
    """Return who is signed in, or half-way in. For the pages of codes."""
    return viewer().person_id or half_in() or abort(403)


def has_proved() -> bool:
    """Test whether whoever is signed in gave a second proof in this browser, not long ago."""
    return _has_proved(str(session.get("_user_id")))


def prove() -> None:
    """Take a second proof that was just given in this browser: it counts for the roles that need one."""
    waiting = half_in()
    if waiting is not None and not viewer().is_signed_in:
        sign_in(waiting, proved=True)
        return
    session[_PROVED], session[_PROVED_AT] = session["_user_id"], int(datetime.now(UTC).timestamp())
    # Who is signed in was worked out before.
    g.pop("_login_user", None)


def has_confirmed() -> bool:
    """Test whether whoever is signed in gave their password or a passkey in this browser within some minutes."""
    return session.get(_CONFIRMED) == session.get("_user_id", "") and is_lately(
        _moment(_CONFIRMED_AT), now=datetime.now(UTC)
    )


def confirm() -> None:
    """Take it that whoever is signed in has just given their password or a passkey again."""
    session[_CONFIRMED], session[_CONFIRMED_AT] = session["_user_id"], int(datetime.now(UTC).timestamp())


def way_in(wanted: str) -> str:
    """Return where somebody who has just signed in goes: on to what they wanted, by the page of codes if need be."""
    is_waiting = viewer().waiting or half_in()
    return url_for("accounts.give_code", next=wanted) if is_waiting else wanted


def sign_out() -> None:
    """End the signed-in session, on both sides: a copy of the cookie opens nothing afterwards."""
    looking, browser_id = viewer(), this_browser()
    if looking.person_id is not None and browser_id is not None:
        with transaction() as database:
            browsers.end_browser(database, person_id=looking.person_id, browser_id=browser_id, now=datetime.now(UTC))
    forget_sign_in()
