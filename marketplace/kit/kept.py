"""
Pages that are the same for everybody are kept, and shown again for as long as nothing they show has changed.

Whether something has changed is asked of the database each time, by one small question: nothing is guessed, and every
process and machine sees a change as soon as it is saved. What a page shows is noted while it is drawn: the tables it
reads.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import time as seconds

import brotli
from flask import Flask, Response, current_app, g, request, session

from marketplace.kit.days import day_of, midnight
from marketplace.kit.db import db
from marketplace.kit.languages.choosing import language_now
from marketplace.kit.reading import reading_now
from marketplace.kit.squeezing import best_form, squeezed
from marketplace.kit.stamps import Stamps, note_reading, stop_noting

_LONGEST = timedelta(minutes=5)
"""How long a page is kept at most: what it says of the time of day may be so old."""
_MOST_OF_ONE = 512 * 1024
"""Bytes of the longest page that is kept."""

_SAID_OF_PAGES = frozenset(
    {"Content-Type", "Content-Language", "Link", "X-Robots-Tag", "Referrer-Policy", "Cache-Control"}
)
"""Headers that a view gives its page. All others are put on each answer as it goes out."""

_Key = tuple[str, str, str, str, str]


@dataclass(slots=True)
class Page:
    """A page as it was drawn: when, until when it may be kept, from what, and squeezed in which forms (br always)."""

    made: float
    until: float
    numbers: Mapping[str, int]
    headers: list[tuple[str, str]]
    forms: dict[str, bytes]

    def still_holds(self, now: float, numbers: Mapping[str, int]) -> bool:
        """Test whether it would be drawn the same now: not too long after, from tables that have not changed."""
        return self.made <= now < self.until and all(numbers.get(name, 0) == was for name, was in self.numbers.items())

    @property
    def bytes(self) -> int:
        """How much room it takes."""
        return sum(map(len, self.forms.values()))


class Shelf:
    """The pages that one process keeps: those asked for last, within so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._pages: OrderedDict[_Key, Page] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def take(self, key: _Key) -> Page | None:
        """Return a page, which is then the last to be thrown away."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: _Key, page: Page) -> None:
        """Keep a page, and throw away those not asked for in longest."""
        with self._lock:
            before = self._pages.pop(key, None)
            self._bytes += page.bytes - (before.bytes if before else 0)
            self._pages[key] = page
            while self._bytes > self._most:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= oldest.bytes

    def add_form(self, key: _Key, page: Page, form: str, body: bytes) -> None:
        """Keep another form of a page that is here."""
        with self._lock:
            if self._pages.get(key) is page and form not in page.forms:
                page.forms[form] = body
                self._bytes += len(body)


@dataclass(slots=True)
class _Drawing:
    """A page that is being drawn, and may be kept."""

    key: _Key
    made: float
    numbers: Mapping[str, int]
    read: set[str]


def init_app(app: Flask, *, most_bytes: int) -> None:
    """Keep an application's pages. Call it before anything that counts or refuses requests."""
    if not most_bytes:
        return
    app.extensions["shelf"] = Shelf(most_bytes)
    app.before_request(_look)
    app.teardown_request(stop_noting)


def _is_for_everybody() -> bool:
    """Test whether whoever asks is nobody in particular: a browser without a session."""
    cookies = request.environ.get("HTTP_COOKIE", "")
    return request.method == "GET" and current_app.config["SESSION_COOKIE_NAME"] not in cookies


def _look() -> Response | None:
    """Answer with the page that is kept, if it still holds. Otherwise note what the page is made of."""
    if not _is_for_everybody():
        return None
    stamps: Stamps = current_app.extensions["stamps"]
    # Asked before the page reads anything: what changes while it is drawn makes it old at once.
    numbers, now = stamps.now(), seconds()
    if numbers is None:
        return None
    shelf: Shelf = current_app.extensions["shelf"]
    # All of the address, as it was asked: what a page says of itself may name the host.
    asked = request.environ
    path = asked.get("SCRIPT_NAME", "") + asked["PATH_INFO"]
    # And how it is read and in which language, in the one way to write that down: what else a cookie says makes no
    # page of its own.
    key = (request.scheme, request.host, path, asked["QUERY_STRING"], f"{reading_now().looks}.{language_now().code}")
    page = shelf.take(key)
    if page is not None and page.still_holds(now, numbers):
        return _again(shelf, key, page)
    g.drawing = _Drawing(key, now, numbers, note_reading())
    return None


def _again(shelf: Shelf, key: _Key, page: Page) -> Response:
    form = best_form(request.environ.get("HTTP_ACCEPT_ENCODING", ""))
    body = page.forms.get(form)
    if body is None:
        body = squeezed(brotli.decompress(page.forms["br"]), form, patiently=True)
        if form:  # few read it as it is, and it would take seven times the room
            shelf.add_form(key, page, form, body)
    response = Response(body, headers=page.headers)
    if form:
        response.headers["Content-Encoding"] = form
    return response


def keep_not() -> None:
    """Let the page that is being drawn not be kept: it shows what no table tells."""
    g.pop("drawing", None)


def keep(response: Response) -> Response:
    """Keep a page that was just drawn, if it is the same for everybody. The first to see what a view answers."""
    drawing: _Drawing | None = g.get("drawing")
    if drawing is None or not _may_be_kept(response, drawing):
        return response
    body = response.get_data()
    if len(body) <= _MOST_OF_ONE:
        headers = [(name, value) for name, value in response.headers if name in _SAID_OF_PAGES]
        numbers = {name: drawing.numbers.get(name, 0) for name in drawing.read}
        page = Page(drawing.made, _until(drawing.made), numbers, headers, {"br": squeezed(body, "br", patiently=True)})
        current_app.extensions["shelf"].put(drawing.key, page)
    return response


def _until(now: float) -> float:
    """Return when a page is too old: after some minutes, and when a new day begins in England."""
    moment = datetime.fromtimestamp(now, UTC)
    return min(moment + _LONGEST, midnight(day_of(moment) + timedelta(days=1))).timestamp()


def _may_be_kept(response: Response, drawing: _Drawing) -> bool:
    """Test whether an answer is a whole page, and gave its reader nothing of their own."""
    return (
        response.status_code == 200  # noqa: PLR2004
        and response.mimetype == "text/html"
        and not response.is_streamed
        and "Set-Cookie" not in response.headers
        and not session.modified
        and not db.has_written
        and drawing.read <= current_app.extensions["stamps"].counted
    )
