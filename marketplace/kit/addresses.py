"""Addresses of our own pages: whole, as letters give them, and safe to go back to."""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from flask import current_app, request

# Browsers drop tabs and line ends from an address, and read a backslash as a slash: two slashes lead away from here.
_OUR_PAGE = re.compile(r"/(?!/)[^\x00-\x20\x7f\\]*")


_KEPT_IN_QUERIES = "=&%+;,:/?@!$'()*~-._"


def own_page(wanted: str | None) -> str | None:
    """Return an address that leads to a page of ours, or None if it leads elsewhere."""
    return wanted if wanted and _OUR_PAGE.fullmatch(wanted) else None


def page_before() -> str | None:
    """Return the address of our own page that the visitor comes from, or None if they come from elsewhere."""
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host:
        return None
    return own_page(f"{before.path}?{before.query}" if before.query else before.path)


def this_page() -> str:
    """
    Return the address of the page that is asked for, to come back to. Where nothing can be read again it is `/`.

    It is written as addresses are, whatever was typed into it: a page may show it.
    """
    rule = request.url_rule
    if request.method != "GET" and rule is not None and "GET" not in (rule.methods or ()):
        return "/"
    asked = quote(request.query_string, safe=_KEPT_IN_QUERIES)
    return quote(request.path) + (f"?{asked}" if asked else "")


def page_address(endpoint: str, values: Mapping[str, object] | None = None) -> str:
    """
    Return the whole address of a page, with what its path is made of.

    It comes from the setting: a job has no request to take it from, and a stranger could choose the Host header of one.
    """
    path = current_app.url_map.bind("").build(endpoint, values or {})
    return str(current_app.config["SITE_URL"]).rstrip("/") + path


def is_sent_from_here() -> bool:
    """Test whether a page of ours sent this request, as browsers say it: another site cannot say so in their place."""
    said = request.headers.get("Sec-Fetch-Site")
    if said:
        return said == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(sender).netloc == request.host
