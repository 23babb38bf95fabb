"""Say what was done, and offer to undo it, on the next page."""

from collections.abc import Mapping

from flask import flash


def flash_with_undo(
    words: str, *, text: str = "Undo", href: str = "", action: str = "", hidden: Mapping[str, str] | None = None
) -> None:
    """
    Say on the next page what was done, with a way to undo it beside it.

    :param text: what the way back is called.
    :param href: a page where it is done again, if it needs an answer; or
    :param action: where a button posts that undoes it at once, with what is in `hidden`.
    """
    # What is flashed travels in the cookie, as JSON.
    told: object = {"words": words, "text": text, "href": href, "action": action, "hidden": dict(hidden or {})}
    flash(told)  # type: ignore[arg-type]
