"""
Visitors in a process of their own: some connections kept open, on each one request after another, for some seconds.

    python -m benchmarks.serving.visitors <asked.json >answered.json

One thread and plain sockets, because a client that works harder than it must takes the processor from the server. It
reads what is in the whole of each answer, and says how much of one processor it used itself.
"""

import json
import random
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

_END_OF_HEADERS = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"
_PATIENCE = 20
"""Seconds without any answer after which the server is given up on."""


@dataclass(slots=True)
class Tally:
    """What came back: how long each answer took, and how many were not what was asked for."""

    took: list[float] = field(default_factory=list)
    refused: int = 0
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
        tally.refused += not self._parts[0].startswith(b"HTTP/1.1 200 ")
        return True


def _length(headers: bytes) -> int:
    start = headers.index(_LENGTH) + len(_LENGTH)
    return int(headers[start:].split(b"\r\n", 1)[0])


def requests(paths: list[str]) -> list[bytes]:
    """Return what to send for each address, as if a proxy had passed it on from a different person."""
    chance = random.Random(len(paths))  # noqa: S311 - nobody's secret
    return [
        (
            f"GET {path} HTTP/1.1\r\nHost: clubtogether.test\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\n"
            f"X-Forwarded-For: 10.{chance.randint(0, 255)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}\r\n"
            "X-Forwarded-Proto: https\r\n\r\n"
        ).encode()
        for path in paths
        for _person in range(max(1, 5_000 // len(paths)))
    ]


def visit(*, port: int, paths: list[str], visitors: int, seconds: float, most: int) -> dict[str, Any]:
    """Ask for the addresses in turn until the time is over or as many as `most` have answered."""
    to_send = requests(paths)
    random.Random(1).shuffle(to_send)  # noqa: S311 - nobody's secret
    waiting = cycle(to_send)
    tally = Tally()
    opened = [Visitor(port) for _ in range(visitors)]
    with selectors.DefaultSelector() as ready:
        for visitor in opened:
            ready.register(visitor.socket, selectors.EVENT_READ, visitor)
        worked = time.process_time()
        started = time.perf_counter()
        for visitor in opened:
            visitor.ask(next(waiting))
        while (now := time.perf_counter()) < started + seconds and len(tally.took) < most:
            heard = ready.select(timeout=_PATIENCE)
            if not heard:
                raise TimeoutError(f"no answer in {_PATIENCE} seconds")
            for key, _events in heard:
                if key.data.hear(tally):
                    key.data.ask(next(waiting))
    worked = time.process_time() - worked
    for visitor in opened:
        visitor.socket.close()
    lasted = now - started
    return {
        "seconds": lasted,
        "took": tally.took,
        "refused": tally.refused,
        "bytes": tally.bytes,
        "client": worked / lasted,
    }


if __name__ == "__main__":
    try:
        print(json.dumps(visit(**json.load(sys.stdin))))
    except KeyboardInterrupt:
        sys.exit(130)
