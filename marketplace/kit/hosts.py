"""Under which names does the site answer? Under its own, and to this machine, which looks after its health."""

import ipaddress
from collections.abc import Callable, Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_host

_Environ = dict[str, object]
_Wsgi = Callable[..., Iterable[bytes]]
_MISDIRECTED = 421
_HEALTH = "/health/"


def only_as(wsgi: _Wsgi, names: frozenset[str]) -> _Wsgi:
    """
    Wrap an application, so that it answers under these names alone. A name that begins with a dot has others before it.

    No address in a letter or on a page is made of what a visitor called us; this keeps it so in what stands in front
    of us and behind. Who asks for our health, or by the number of this machine itself, need know no name.
    """
    known = sorted(names)

    def checked(environ: _Environ, start_response: object) -> Iterable[bytes]:
        host = str(environ.get("HTTP_HOST", "")).lower()
        is_ours = host_is_trusted(host, known) or _is_this_machine(host)
        if is_ours or str(environ.get("PATH_INFO", "")).startswith(_HEALTH):
            return wsgi(environ, start_response)
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        refusal = Response("We do not answer under that name.\n", _MISDIRECTED, headers, mimetype="text/plain")
        return refusal(environ, start_response)  # type: ignore[arg-type]

    return checked


def with_a_name(wsgi: _Wsgi) -> _Wsgi:
    """Wrap an application, so that it is asked nothing under what is no name at all: no address can be made of that."""

    def checked(environ: _Environ, start_response: object) -> Iterable[bytes]:
        try:
            has_name = bool(get_host(environ).encode("idna")) or "HTTP_HOST" not in environ
        except (UnicodeError, ValueError):
            has_name = False
        if has_name:
            return wsgi(environ, start_response)
        refusal = Response("We cannot read the name you ask for.\n", HTTPStatus.BAD_REQUEST, mimetype="text/plain")
        return refusal(environ, start_response)  # type: ignore[arg-type]

    return checked


def names_of(site_url: str, others: str) -> frozenset[str]:
    """Return the names that a site has: the one in its address, and others with a comma between them."""
    own = urlsplit(site_url).hostname or ""
    return frozenset(name for name in (own, *(other.strip().lower() for other in others.split(","))) if name)


def _is_this_machine(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
