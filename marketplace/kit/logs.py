"""What does the site write down of what it does? Names of rows and pages; never people, their words or links."""

import logging
import re
import secrets
import sys
import time
import traceback
from types import TracebackType

from flask import Flask, Response, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter
from sqlalchemy.exc import DBAPIError

from marketplace.kit.outages import code_of

access = logging.getLogger("marketplace.access")

_NUMBER = re.compile(r"[A-Za-z0-9._-]{8,64}")
_NOT_WRITTEN_DOWN = frozenset({"static", "web.live", "web.ready", "web.read_metrics"})
_QUOTE_NOTHING = "what was wrong is left out, as it may quote people"


def set_up(*, as_json: bool) -> None:
    """Write lines to standard error: for a program to read, or for a person. Call it once, when a process begins."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(lines_for_programs() if as_json else lines_for_people())
    handler.addFilter(_add_number)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("marketplace").setLevel(logging.INFO)


def lines_for_programs() -> logging.Formatter:
    """Return what makes a line of JSON of each thing that is said."""
    wanted = {"asctime": "at", "levelname": "level", "name": "logger"}
    return _Lines("%(asctime)s %(levelname)s %(name)s %(message)s", rename_fields=wanted)


def lines_for_people() -> logging.Formatter:
    """Return what makes a line to be read of each thing that is said."""
    return _PlainLines("%(levelname)s %(name)s: %(message)s")


def init_app(app: Flask, *, trusts_proxy: bool) -> None:
    """Give every request a number, say it in the answer, and write one line when it is answered. Call it first."""

    @app.before_request
    def _begin() -> None:
        given = request.headers.get("X-Request-ID", "") if trusts_proxy else ""
        g.request_id = given if _NUMBER.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-ID"] = number_of_request()
        if request.endpoint not in _NOT_WRITTEN_DOWN:
            route, took = route_of_request(), milliseconds_so_far()
            access.info(
                "%s %s %s in %s ms", request.method, response.status_code, route, took,
                extra={"route": route, "method": request.method, "status": response.status_code, "ms": took},
            )  # fmt: skip
        return response


def number_of_request() -> str:
    """Return the number of the request that is being answered, for people to quote and for the log."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return str(g.request_id)


def route_of_request() -> str:
    """Return which page is asked for, by its name in our code: its address may hold a link that opens an account."""
    return request.endpoint or "none"


def milliseconds_so_far() -> int:
    """Return for how long the request has been answered."""
    began: float = g.get("began", time.perf_counter())
    return round((time.perf_counter() - began) * 1000)


def _add_number(record: logging.LogRecord) -> bool:
    if has_request_context() and not hasattr(record, "request_id"):
        record.request_id = number_of_request()
    return True


class _QuotesNobody(logging.Formatter):
    """Of a fault it says the kind and where, and quotes nothing that people wrote."""

    def formatException(  # noqa: N802 - the library's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Return the kinds of a fault and of its causes, and the lines of code that it came through."""
        return "\n".join(_said(ei[1])) if ei[1] is not None else ""


class _Lines(_QuotesNobody, JsonFormatter):
    """One object on each line."""

    default_msec_format = "%s.%03dZ"
    converter = staticmethod(time.gmtime)


class _PlainLines(_QuotesNobody):
    """A sentence on each line, and a fault below it."""


def _said(error: BaseException) -> list[str]:
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    lines.append(f"{type(error).__name__}: {_safe_words(error)}")
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return ([*_said(cause), "and then:"] if cause is not None else []) + lines


def _safe_words(error: BaseException) -> str:
    """Return what may be written down of an error: what a database calls it. Its sentence may quote a row."""
    code = code_of(error) if isinstance(error, DBAPIError) else ""
    return code or _QUOTE_NOTHING
