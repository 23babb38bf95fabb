"""What every response says to the browser about safety."""

from base64 import b64encode
from hashlib import sha256

from flask import Flask, Response
from markupsafe import Markup

_NOBODY = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "clipboard-write",
    "display-capture", "encrypted-media", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection",
    "keyboard-map", "local-fonts", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial",
    "storage-access", "sync-xhr", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
"""What no page of ours needs of somebody's machine. A page that records a voice asks for the microphone itself."""

_OURSELVES = ("fullscreen", "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get")
"""What our own pages may use: films are seen large, and passkeys sign in."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": ", ".join([*(f"{it}=()" for it in _NOBODY), *(f"{it}=(self)" for it in _OURSELVES)]),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
}


# It runs before the first line is drawn, or the menu would be seen to fold. Scripts that do not arrive must not leave
# it folded.
EARLY_SCRIPT = Markup(
    'document.body.className="js-enabled govuk-frontend-supported";'
    'addEventListener("error",(e)=>e.target.type==="module"&&document.body.removeAttribute("class"),true)'
)
"""The one script that stands in the page itself, in every page. The policy knows it by its sum."""

_SUM = b64encode(sha256(EARLY_SCRIPT.encode()).digest()).decode()

POLICY = (
    f"default-src 'self'; script-src 'self' 'sha256-{_SUM}'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:"
)
"""
What a page may load and run: what comes from this site. The same for every page, so that a page can be kept.

A block of data for search engines is no script to a browser, and needs no leave.
"""


HTTPS_FOR_GOOD = "max-age=63072000; includeSubDomains"
"""Two years. To be built into browsers ("preload") binds a whole domain for good: its owner asks for that."""

FORGET = {"Clear-Site-Data": '"cache", "storage"'}
"""On the answer to signing out: what this browser kept of the site goes, but for the cookie with our good-bye in it."""


def set_headers(app: Flask, *, https: bool) -> None:
    """Put the headers on every response of an application."""

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if https:
            response.headers.setdefault("Strict-Transport-Security", HTTPS_FOR_GOOD)
        # What may be kept says so itself.
        response.headers.setdefault("Cache-Control", "no-store")
        return response
