"""Pages in fewer bytes; those that may hold a secret in a different number of them each time."""

import gzip
import secrets
from functools import lru_cache

import brotli
from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

_LEAST = 1_000
"""Bytes of a page below which squeezing it saves nothing."""

_MOST_PADDING = 64

_WORTH_IT = frozenset(
    {
        "text/html",
        "text/plain",
        "text/csv",
        "application/json",
        "application/xml",
        "application/atom+xml",
        "application/rss+xml",
        "image/svg+xml",
    }
)


@lru_cache(maxsize=256)
def best_form(accepted: str) -> str:
    """Return the form in which a browser takes fewest bytes, by what it says it accepts; empty when it takes none."""
    said = parse_accept_header(accepted, Accept)
    return next((form for form in ("br", "gzip") if said[form] > 0), "")


def squeezed(body: bytes, form: str, *, patiently: bool = False) -> bytes:
    """Return bytes in a form, or as they are; patiently when it is done once for many."""
    if form == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=5 if patiently else 1))
    return gzip.compress(body, 6 if patiently else 3, mtime=0) if form == "gzip" else body


def init_app(app: Flask) -> None:
    """Squeeze what an application answers."""
    app.after_request(_squeeze)


def _squeeze(response: Response) -> Response:
    if response.mimetype not in _WORTH_IT or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    form = best_form(request.environ.get("HTTP_ACCEPT_ENCODING", ""))
    if not form or "Content-Encoding" in response.headers or response.status_code in {204, 206, 304}:
        return response
    body = response.get_data()
    if len(body) >= _LEAST:
        response.set_data(squeezed(body + _padding(response), form))
        response.headers["Content-Encoding"] = form
        if "ETag" in response.headers:
            response.set_etag(response.get_etag()[0] or "", weak=True)
    return response


def _padding(response: Response) -> bytes:
    """
    Return nothing, or, for a page that may hold a secret, words of a random length that nobody sees.

    How much a page shrinks tells whether what somebody puts into it is in it already (the attack called BREACH).
    """
    if "HTTP_COOKIE" not in request.environ and "Set-Cookie" not in response.headers:
        return b""
    if response.mimetype != "text/html":
        return b""
    # Two hyphens in a row would end the comment for some readers.
    return f"<!-- {secrets.token_urlsafe(secrets.randbelow(_MOST_PADDING)).replace('-', '.')} -->".encode()
