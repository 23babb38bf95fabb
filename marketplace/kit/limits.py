"""How often may one visitor try something, and how much may they send? Counted by Flask-Limiter, and by Flask."""

import logging
from collections.abc import Callable

from flask import Flask, current_app, request
from flask.typing import RouteCallable
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import MemoryStorage, Storage

from marketplace.kit.tries import CountError, TryCounter

# It would write down whose address was refused.
logging.getLogger("flask-limiter").setLevel(logging.WARNING)

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)

SIGN_IN = "10 per minute; 100 per hour"
MAIL = "5 per minute; 30 per hour"
CODES = "10 per minute; 60 per hour"
CARDS = "20 per minute; 100 per hour"
QUOTES = "20 per minute; 100 per hour"
FEED = "300 per minute"
WHOLE_CATALOGUE = "6 per minute; 60 per hour"
FIGURES = "60 per minute; 2000 per day"


class DatabaseStorage(Storage):
    """
    Counts in the database of the application that answers, `database://`: its processes and machines count together.

    While the database counts nothing, each process counts for itself: somebody who guesses is slowed down all the same.
    """

    STORAGE_SCHEME = ["database"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: float | str | bool) -> None:  # noqa: FBT001, FBT002 (their way)
        super().__init__(uri, wrap_exceptions, **options)
        self._meanwhile = MemoryStorage()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What it would raise: nothing, as it looks after that itself."""
        return CountError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a try, and return how many there are in its window."""
        try:
            return _counter().add(key, lasts=expiry, amount=amount)[0]
        except CountError:
            return self._meanwhile.incr(key, expiry, amount)

    def get(self, key: str) -> int:
        """Return how many tries there are."""
        try:
            return _counter().seen(key)[0]
        except CountError:
            return self._meanwhile.get(key)

    def get_expiry(self, key: str) -> float:
        """Return the second in which a count ends."""
        try:
            return _counter().seen(key)[1]
        except CountError:
            return self._meanwhile.get_expiry(key)

    def check(self) -> bool:
        """Test whether it counts: it always does, if only for this process."""
        return True

    def reset(self) -> int | None:
        """Forget nothing: what else is counted there is not ours."""
        return None

    def clear(self, key: str) -> None:
        """Begin anew with one count."""
        self._meanwhile.clear(key)
        try:
            _counter().forget(key)
        except CountError:
            return


def _counter() -> TryCounter:
    counter: TryCounter = current_app.extensions["tries"]
    return counter


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
