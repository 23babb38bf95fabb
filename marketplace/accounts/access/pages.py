"""Who may open a page. Every view wears exactly one of `@public`, `@signed_in`, `@requires(…)`, `@at_the_door`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import unsent
from marketplace.accounts.access.sessions import half_in, has_confirmed, viewer
from marketplace.accounts.rules import Permission, Viewer

View = Callable[..., ResponseReturnValue]


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


def _guarded(view: View, access: Access, *, from_half_way: bool = False) -> View:
    @wraps(view)
    def wrapped(*args: object, **kwargs: object) -> ResponseReturnValue:
        looking = viewer()
        if access.allows(looking) or (from_half_way and half_in()):
            return view(*args, **kwargs)
        if (access.permission and looking.would_with_a_code(access.permission)) or half_in():
            return redirect(url_for("accounts.give_code", next=_wanted()))
        if looking.is_signed_in:
            abort(403)
        return redirect(url_for("accounts.sign_in", next=_wanted()))

    wrapped.access = access  # type: ignore[attr-defined]
    return wrapped


def _wanted() -> str:
    """Return where somebody goes on to once they have signed in: to what they typed, if they had sent something."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return unsent.keep() or request.path


def confirmed(view: View) -> View:
    """
    Ask whoever opens this page for their password or a passkey first, unless they gave one within some minutes.

    It stands under `@signed_in` or `@requires(…)`: for what somebody who finds an open browser must not do.
    """

    @wraps(view)
    def wrapped(*args: object, **kwargs: object) -> ResponseReturnValue:
        if has_confirmed():
            return view(*args, **kwargs)
        has_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
        wanted = request.path if has_page else url_for("accounts.safety")
        return redirect(url_for("accounts.confirm_it_is_you", next=wanted))

    return wrapped


def at_the_door(view: View) -> View:
    """Let anyone who has signed in, or has given their password and not yet a code, open this page."""
    return _guarded(view, Access(needs_sign_in=True), from_half_way=True)


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
