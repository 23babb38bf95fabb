"""Who may open a page. Every view wears exactly one of `@public`, `@signed_in`, `@requires(…)`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from uuid import UUID

from flask import abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from marketplace.accounts import queries
from marketplace.accounts.rules import ANYONE, Permission, PersonId, Viewer, proof_is_live
from marketplace.kit.db import db

View = Callable[..., ResponseReturnValue]

login_manager = LoginManager()

_PROVED, _PROVED_AT = "proved", "proved_at"
"""Which sign-in a code was given for in this browser, and when, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a page: anyone, anyone signed in, or those with a permission."""

    needs_sign_in: bool
    permission: Permission | None = None

    def allows(self, viewer: Viewer) -> bool:
        """Test whether this viewer may open the page."""
        if not self.needs_sign_in:
            return True
        return viewer.is_signed_in and (self.permission is None or viewer.may(self.permission))


class SignedIn(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """The viewer, as Flask-Login wants to hold them."""

    def __init__(self, viewer: Viewer, stamp: str) -> None:
        self.viewer = viewer
        self.id = f"{viewer.person_id}:{stamp}"


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(cookie_id: object) -> SignedIn | None:
    person_id, _, stamp = str(cookie_id).partition(":")
    try:
        wanted = PersonId(UUID(person_id))
    except ValueError:
        return None
    found = queries.viewer_with_id(db.session, person_id=wanted, stamp=stamp)
    if found is None:
        return None
    # A role that needs a code is not there without one: no page, query or service has to remember to ask.
    return SignedIn(found if _has_proved(str(cookie_id)) else found.without_a_code(), stamp)


def _has_proved(cookie_id: str) -> bool:
    given_at = session.get(_PROVED_AT)
    moment = datetime.fromtimestamp(given_at, UTC) if isinstance(given_at, int) else None
    return session.get(_PROVED) == cookie_id and proof_is_live(given_at=moment, now=datetime.now(UTC))


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


def sign_in(person_id: PersonId) -> None:
    """Begin a signed-in session for a person who has just proved who they are."""
    stamp = queries.session_stamp(db.session, person_id=person_id)
    found = queries.viewer_with_id(db.session, person_id=person_id, stamp=stamp) or abort(403)
    # A code that was given for an earlier sign-in says nothing about this one.
    session.pop(_PROVED, None)
    login_user(SignedIn(found.without_a_code(), stamp))
    for keep in current_app.extensions.get("on_sign_in", ()):
        keep(person_id)


def has_proved() -> bool:
    """Test whether whoever is signed in gave a code in this browser, not long ago."""
    return _has_proved(str(session.get("_user_id")))


def prove() -> None:
    """Let this browser's session count for the roles that need a code: one was just given in it."""
    session[_PROVED], session[_PROVED_AT] = session["_user_id"], int(datetime.now(UTC).timestamp())


def way_in(wanted: str) -> str:
    """Return where somebody who has just signed in goes: on to what they wanted, by the page of codes if need be."""
    return url_for("accounts.give_code", next=wanted) if viewer().waiting else wanted


def sign_out() -> None:
    """End the signed-in session."""
    session.pop(_PROVED, None)
    session.pop(_PROVED_AT, None)
    logout_user()


def _guarded(view: View, access: Access) -> View:
    @wraps(view)
    def wrapped(*args: object, **kwargs: object) -> ResponseReturnValue:
        looking = viewer()
        if access.allows(looking):
            return view(*args, **kwargs)
        # What was asked for by POST cannot be asked again after signing in, so go back to its page.
        wanted = request.full_path.rstrip("?") if request.method == "GET" else request.path
        if access.permission and looking.would_with_a_code(access.permission):
            return redirect(url_for("accounts.give_code", next=wanted))
        if looking.is_signed_in:
            abort(403)
        return redirect(url_for("accounts.sign_in", next=wanted))

    wrapped.access = access  # type: ignore[attr-defined]
    return wrapped


def public(view: View) -> View:
    """Let anyone open this page."""
    return _guarded(view, Access(needs_sign_in=False))


def signed_in(view: View) -> View:
    """Let anyone who has signed in open this page."""
    return _guarded(view, Access(needs_sign_in=True))


def requires(permission: Permission) -> Callable[[View], View]:
    """Let those with a permission open this page."""

    def decorate(view: View) -> View:
        return _guarded(view, Access(needs_sign_in=True, permission=permission))

    return decorate
