"""
Visitors in a process of their own: some connections kept open, on each one request after another, for some seconds.

    python -m benchmarks.serving.visitors <asked.json >answered.json

One thread and plain sockets, because a client that works harder than it must takes the processor from the server. It
reads what is in the whole of each answer, and says how much of one processor it used itself.
"""

import json
import random
import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from benchmarks.serving.servers import HOST

_END_OF_HEADERS = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"
_LOCATION = re.compile(rb"\r\nlocation: *(?:https?://[^/]*)?([^\r]*)", re.IGNORECASE)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
_PATIENCE = 60
"""Seconds without any answer after which the server is given up on."""


@dataclass(slots=True)
class Tally:
    """What came back: how long each answer took, and how many there were of each status."""

    took: list[float] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    bytes: int = 0


class Visitor:
    """One connection, with at most one request on its way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._parts: list[bytes] = []
        self._missing: int | None = None
        self._asked_at = 0.0

    def ask(self, request: bytes) -> None:
        self._parts, self._missing = [], None
        self._asked_at = time.perf_counter()
        self.socket.sendall(request)

    def asked(self, waiting: Iterator[bytes], ready: selectors.BaseSelector) -> bool:
        """Ask for the next thing, and return whether there was one."""
        request = next(waiting, None)
        if request is not None:
            self.ask(request)
            ready.register(self.socket, selectors.EVENT_READ, self)
        return request is not None

    def hear(self, tally: Tally) -> bool:
        """Read what has come, and return whether that was the last of it."""
        part = self.socket.recv(262_144)
        if not part:
            raise ConnectionError("the server hung up")
        self._parts.append(part)
        if self._missing is None:
            so_far = b"".join(self._parts)
            end = so_far.find(_END_OF_HEADERS)
            if end < 0:
                return False
            self._missing = _length(so_far[:end].lower()) + end + len(_END_OF_HEADERS) - len(so_far)
        else:
            self._missing -= len(part)
        if self._missing > 0:
            return False
        tally.took.append(time.perf_counter() - self._asked_at)
        tally.bytes += sum(map(len, self._parts))
        answer = _answer(b"".join(self._parts[:2]))
        tally.answers[answer] = tally.answers.get(answer, 0) + 1
        return True


def _answer(headers: bytes) -> str:
    """Return the status, and where it leads: one address for all that differ in what stands for an id only."""
    status = headers[9:12].decode()
    if status[0] != "3":
        return status
    to = _LOCATION.search(headers)
    return f"{status} {_ID.sub('*', to[1].decode()).partition('?')[0]}" if to else status


def _length(headers: bytes) -> int:
    start = headers.index(_LENGTH) + len(_LENGTH)
    return int(headers[start:].split(b"\r\n", 1)[0])


def requests(asked: list[dict[str, Any]]) -> list[bytes]:
    """Return what to send, as if a proxy had passed each on from a different person."""
    chance = random.Random(len(asked))  # noqa: S311 - nobody's secret
    return [_request(each, chance) for each in asked for _person in range(each.get("times", 1))]


def _request(asked: dict[str, Any], chance: random.Random) -> bytes:
    form = asked.get("form")
    body = urlencode(form).encode() if form else b""
    lines = [
        f"{'POST' if form else 'GET'} {asked['path']} HTTP/1.1",
        f"Host: {HOST}",
        "Accept: text/html",
        "Accept-Encoding: gzip, br",
        f"X-Forwarded-For: 10.{chance.randint(0, 255)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}",
        "X-Forwarded-Proto: https",
    ]
    if cookie := asked.get("cookie"):
        lines.append(f"Cookie: {cookie}")
    if form:
        # What forms are sent from, which is looked at before they are believed.
        lines += [
            f"Referer: https://{HOST}/",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
    return "\r\n".join((*lines, "", "")).encode() + body


def visit(
    *, port: int, asked: list[dict[str, Any]], visitors: int, seconds: float, most: int, once: bool
) -> dict[str, Any]:
    """
    Ask in turn until the time is over or as many as `most` have answered.

    :param once: nothing is asked twice; when all was asked, it is over.
    """
    to_send = requests(asked)
    random.Random(1).shuffle(to_send)  # noqa: S311 - nobody's secret
    waiting = iter(to_send) if once else cycle(to_send)
    tally = Tally()
    opened = [Visitor(port) for _ in range(visitors)]
    with selectors.DefaultSelector() as ready:
        worked = time.process_time()
        started = time.perf_counter()
        underway = sum(visitor.asked(waiting, ready) for visitor in opened)
        # However slow it is, as many answers are waited for as there are visitors.
        while underway and (
            len(tally.took) < visitors or (time.perf_counter() < started + seconds and len(tally.took) < most)
        ):
            for visitor in _heard(ready, tally):
                underway -= 1
                underway += visitor.asked(waiting, ready)
        worked = time.process_time() - worked
        lasted, took = time.perf_counter() - started, list(tally.took)
        # What is on its way is waited for, so that everything that was done is also counted.
        while underway:
            underway -= len(_heard(ready, tally))
    for visitor in opened:
        visitor.socket.close()
    return {
        "seconds": lasted,
        "took": took,
        "answers": tally.answers,
        "bytes": tally.bytes,
        "client": worked / lasted,
    }


def _heard(ready: selectors.BaseSelector, tally: Tally) -> list[Visitor]:
    """Return the visitors who have now read the whole of their answer."""
    heard = ready.select(timeout=_PATIENCE)
    if not heard:
        raise TimeoutError(f"no answer in {_PATIENCE} seconds")
    done = [key.data for key, _events in heard if key.data.hear(tally)]
    for visitor in done:
        # A server may hang up on somebody who asks for nothing more.
        ready.unregister(visitor.socket)
    return done


if __name__ == "__main__":
    try:
        print(json.dumps(visit(**json.load(sys.stdin))))
    except KeyboardInterrupt:
        sys.exit(130)
