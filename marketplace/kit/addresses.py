"""What is the whole address of a page, as letters give it?"""

from collections.abc import Mapping

from flask import current_app


def page_address(endpoint: str, values: Mapping[str, object] | None = None) -> str:
    """
    Return the whole address of a page, with what its path is made of.

    It comes from the setting: a job has no request to take it from, and a stranger could choose the Host header of one.
    """
    path = current_app.url_map.bind("").build(endpoint, values or {})
    return str(current_app.config["SITE_URL"]).rstrip("/") + path
