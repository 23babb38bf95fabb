"""Asks other websites for what they publish: carefully, as what answers is a machine that we do not run."""

import http.client
import ipaddress
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import IO
from urllib.parse import urljoin, urlsplit

from marketplace.kit.errors import DomainError

SECONDS = 30.0
"""How long to wait for each part of an answer."""

MOST_BYTES = 25 * 1024 * 1024
MOST_REDIRECTS = 3
MOST_TRIES = 4
LONGEST_WAIT = 120.0
"""Seconds. A site that wants us to wait for longer is asked another day."""

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_PART = 64 * 1024


class NoAnswerError(DomainError):
    """A website did not answer, or not with something that we take. The message says which, and why."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Where an answer leads is looked at before we go there."""

    def redirect_request(  # noqa: PLR0917  (as the library calls it)
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing."""


class _ByHttp(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(_PublicHttp, req)


class _ByHttps(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(_PublicHttps, req, context=ssl.create_default_context())


class _PublicHttp(http.client.HTTPConnection):
    def connect(self) -> None:
        """Connect, to a public place alone."""
        self._create_connection = _connected
        super().connect()


class _PublicHttps(http.client.HTTPSConnection):
    def connect(self) -> None:
        """Connect, to a public place alone."""
        self._create_connection = _connected
        super().connect()


def _connected(address: tuple[str, int], timeout: float, _source: object = None) -> socket.socket:
    """Connect to the very address that was looked at: a name could stand for another one a moment later."""
    host, port = address
    places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not places or not all(_is_open_to_all(str(place[4][0])) for place in places):
        raise NoAnswerError(f"{host} is not a public place. If it is yours, say --inside.")
    return socket.create_connection((str(places[0][4][0]), port), timeout)


class WebReader:
    """
    Fetches addresses that an operator has chosen, in public places. With `inside`, also in our own rooms.

    A redirect is followed only to a public place, and never from https to http. What asks us to wait is waited for.
    """

    def __init__(self, *, inside: bool = False, sleep: Callable[[float], None] = time.sleep) -> None:
        """Get ready. `sleep` waits for so many seconds."""
        ways = () if inside else (_ByHttp, _ByHttps)
        self._open = urllib.request.build_opener(_NoRedirects, *ways).open
        self._sleep = sleep

    def fetch(self, url: str) -> bytes:
        """
        Return what an address answers with.

        :raises NoAnswerError: if it is no web address, or does not answer with something that we take.
        """
        for tries in range(1, MOST_TRIES + 1):
            try:
                return self._answer(url)
            except _TryAgainError as again:
                if tries == MOST_TRIES or again.after > LONGEST_WAIT:
                    raise NoAnswerError(again.sentence) from again
                self._sleep(again.after or float(2**tries))
        raise AssertionError("The last try either answers or raises.")

    def _answer(self, url: str) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            response = self._ask(url)
            with response:
                if response.status not in {301, 302, 303, 307, 308}:
                    return _read(response, url)
                onward = urljoin(url, response.headers.get("Location", ""))
            _check_redirect(url, onward)
            url = onward
        raise NoAnswerError(f"{url} leads on and on.")

    def _ask(self, url: str) -> HTTPResponse:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise NoAnswerError(f"{url} is not a web address. It begins with https://.")
        request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "Clubtogether"})  # noqa: S310  (http and https only: checked above)
        try:
            return self._open(request, timeout=SECONDS)  # type: ignore[no-any-return]
        except urllib.error.HTTPError as error:
            if error.code in {301, 302, 303, 307, 308}:
                return error  # type: ignore[return-value]  # it is the answer as well
            sentence = f"{url} answered with {error.code} {error.reason}."
            if error.code in _AGAIN:
                raise _TryAgainError(sentence, after=_seconds(error.headers.get("Retry-After"))) from error
            raise NoAnswerError(sentence) from error
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise _TryAgainError(f"{url} does not answer: {reason}.", after=0) from error


class _TryAgainError(Exception):
    """It may work in a while."""

    def __init__(self, sentence: str, *, after: float) -> None:
        super().__init__(sentence)
        self.sentence, self.after = sentence, after


def _read(response: HTTPResponse, url: str) -> bytes:
    """Read an answer, in parts: what says how long it is may lie."""
    read = bytearray()
    ends = time.monotonic() + SECONDS * 4
    try:
        while part := response.read(_PART):
            read += part
            if len(read) > MOST_BYTES:
                raise NoAnswerError(f"{url} sends more than {MOST_BYTES // 1024 // 1024} MB at once.")
            if time.monotonic() > ends:
                raise _TryAgainError(f"{url} is too slow.", after=0)
    except (OSError, HTTPException) as error:
        raise _TryAgainError(f"{url} broke off: {error}.", after=0) from error
    return bytes(read)


def _check_redirect(url: str, onward: str) -> None:
    before, after = urlsplit(url), urlsplit(onward)
    if before.scheme == "https" and after.scheme != "https":
        raise NoAnswerError(f"{url} leads to {onward}, which anybody on the way could read and change.")
    if after.hostname != before.hostname and not _is_public(after.hostname or ""):
        raise NoAnswerError(f"{url} leads to {onward}, which is not a public place.")


def _is_public(host: str) -> bool:
    """Test whether every address of a host is one on the open internet: a redirect must not lead into our own rooms."""
    try:
        found = {str(item[4][0]) for item in socket.getaddrinfo(host, None)}
        return bool(found) and all(map(_is_open_to_all, found))
    except (OSError, ValueError):
        return False


def _is_open_to_all(address: str) -> bool:
    place = ipaddress.ip_address(address.partition("%")[0])
    inner = place.ipv4_mapped if isinstance(place, ipaddress.IPv6Address) else None
    return (inner or place).is_global and not place.is_multicast


def _seconds(said: str | None) -> float:
    return float(said) if said and said.isascii() and said.isdigit() else 0.0
