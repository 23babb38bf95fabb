"""
Which browsers somebody signed in with before, as the browser itself remembers.

Whoever guesses passwords uses up the tries of all other browsers: these keep their own, so that nobody is locked out.
The cookie is signed, opens nothing, and does not say whose it is.
"""

import hashlib
import hmac
import secrets

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from marketplace.accounts.rules import PersonId

_DAYS = 365
_MOST_PEOPLE = 8
"""A browser in a library or a day centre has many: the newest of them are remembered."""


def cookie_name() -> str:
    """Return what the cookie is called, for the page about cookies too."""
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"


def _signer() -> URLSafeSerializer:
    keys = [*(current_app.config.get("SECRET_KEY_FALLBACKS") or ()), current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="a browser that was signed in")


def _read() -> tuple[str, list[str]]:
    try:
        told = _signer().loads(request.cookies.get(cookie_name(), ""))
        return str(told["n"]), [str(one) for one in told["p"]]
    except (BadSignature, KeyError, TypeError):
        return "", []


def _mark(nonce: str, person_id: PersonId) -> str:
    # With the nonce of this browser, so that two cookies do not tell that one person used both.
    return hmac.digest(nonce.encode(), person_id.bytes, hashlib.sha256).hex()[:16]


def knows(person_id: PersonId) -> bool:
    """Test whether this person signed in in this browser before."""
    nonce, people = _read()
    return bool(nonce) and _mark(nonce, person_id) in people


def tries_of(person_id: PersonId | None) -> str:
    """Return whose tries count together: this browser's own if it is known to the person, else all others'."""
    return _read()[0] if person_id is not None and knows(person_id) else ""


def remember(person_id: PersonId) -> None:
    """Let this browser remember that this person has signed in in it."""
    nonce, people = _read()
    nonce = nonce or secrets.token_urlsafe(16)
    mark = _mark(nonce, person_id)
    kept = [mark, *(one for one in people if one != mark)][:_MOST_PEOPLE]
    told = _signer().dumps({"n": nonce, "p": kept})

    @after_this_request
    def _set(response: Response) -> Response:
        response.set_cookie(
            cookie_name(),
            told,
            max_age=_DAYS * 24 * 60 * 60,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response
