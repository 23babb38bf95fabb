"""How often may one visitor try something, and how much may they send? Counted by Flask-Limiter, and by Flask."""

from collections.abc import Callable

from flask import Flask, current_app, request
from flask.typing import RouteCallable
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)

SIGN_IN = "10 per minute; 100 per hour"
MAIL = "5 per minute; 30 per hour"
CODES = "10 per minute; 60 per hour"
CARDS = "20 per minute; 100 per hour"
QUOTES = "20 per minute; 100 per hour"
FEED = "300 per minute"
WHOLE_CATALOGUE = "6 per minute; 60 per hour"
FIGURES = "60 per minute; 2000 per day"


@limiter.request_filter
def _is_not_counted() -> bool:
    # Asked of the application that answers: one limiter serves every application of a process.
    return not current_app.config["COUNTS_TRIES"]


def only_looks() -> bool:
    """Test whether a page is only looked at, which is free: what counts is what is sent."""
    return request.method != "POST"


def takes_up_to(most_bytes: int) -> Callable[[RouteCallable], RouteCallable]:
    """Let a view be sent more than others are: a page that takes files."""

    def marked(view: RouteCallable) -> RouteCallable:
        view.most_bytes = most_bytes  # type: ignore[union-attr]
        return view

    return marked


def widen_where_needed(app: Flask) -> None:
    """Make room for what a view says it takes. Call it before anything that reads forms."""

    @app.before_request
    def _widen() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        request.max_content_length = getattr(view, "most_bytes", current_app.config["MAX_CONTENT_LENGTH"])
