"""What somebody has hidden in this browser: a box they have read. One cookie, which says neither who nor what."""

import hashlib
import uuid

from flask import current_app, request
from werkzeug.wrappers import Response

COOKIE = "hidden"
_YEAR = 365 * 24 * 60 * 60
_MOST = 8


def _mark(what: str, of: uuid.UUID) -> str:
    return hashlib.sha256(f"{what} of {of}".encode()).hexdigest()[:16]


def _marks() -> list[str]:
    return [mark for mark in request.cookies.get(COOKIE, "").split(".") if mark]


def is_hidden(what: str, *, of: uuid.UUID) -> bool:
    """Test whether somebody hid something in this browser."""
    return _mark(what, of) in _marks()


def hide(response: Response, what: str, *, of: uuid.UUID) -> None:
    """Let this browser remember for a year that somebody hid something: the last few that anybody hid in it."""
    kept = [*(mark for mark in _marks() if mark != _mark(what, of)), _mark(what, of)][-_MOST:]
    response.set_cookie(
        COOKIE,
        ".".join(kept),
        max_age=_YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def show_again(response: Response) -> None:
    """Let this browser forget what was hidden in it."""
    response.delete_cookie(COOKIE, secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax")
