"""Addresses of our own pages: whole, as letters give them, and safe to go back to."""

import re
from collections.abc import Mapping

from flask import current_app

# Browsers drop tabs and line ends from an address, and read a backslash as a slash: two slashes lead away from here.
_OUR_PAGE = re.compile(r"/(?!/)[^\x00-\x20\x7f\\]*")


def own_page(wanted: str | None) -> str | None:
    """Return an address that leads to a page of ours, or None if it leads elsewhere."""
    return wanted if wanted and _OUR_PAGE.fullmatch(wanted) else None


def page_address(endpoint: str, values: Mapping[str, object] | None = None) -> str:
    """
    Return the whole address of a page, with what its path is made of.

    It comes from the setting: a job has no request to take it from, and a stranger could choose the Host header of one.
    """
    path = current_app.url_map.bind("").build(endpoint, values or {})
    return str(current_app.config["SITE_URL"]).rstrip("/") + path
