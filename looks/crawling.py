"""Find every page: follow links as every kind of visitor, and keep of each endpoint those that are made differently."""

import time
import urllib.error
import urllib.request
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.routing.exceptions import RequestRedirect

from looks.findings import Target

_MOST_FETCHED = 6
"""How many pages of one endpoint each visitor opens to find links: lists and the things on them."""
_FETCHED_MORE = {"brokerage.brief": 12, "pooling.pool": 14, "purchasing.arrangement": 14, "catalogue.offer": 8}
"""Where what stands on a page depends much on how far it has come."""
_MOST_LOOKED_AT = 3
"""How many pages of one endpoint are looked at, each with pieces that those before had not."""
_TYPED = {"submit", "hidden", "button", "image", "reset"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was fetched: what it is made of, where it leads, which of its forms have something to fill in."""

    visitor: str
    endpoint: str
    path: str
    status: int
    pieces: frozenset[str] = frozenset()
    links: tuple[str, ...] = ()
    forms: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class Crawl:
    """The pages of one site, by everybody who visits it."""

    url: str
    rules: dict[str, list[str]]
    say: Callable[[str], None]
    pages: list[Page] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    """Endpoints that answered something which is no page: a file, a feed, a way on to another page."""

    def walk(self, visitor: str, cookie: str | None) -> None:
        """Open whatever somebody can reach from the front page, and every address that needs no link."""
        adapter = self._map().bind("127.0.0.1")
        waiting = deque(["/"] + [rule for rules in self.rules.values() for rule in rules if "<" not in rule])
        seen, fetched, began = set[str](), Counter[str](), time.monotonic()
        while waiting:
            path = waiting.popleft()
            endpoint = _endpoint(adapter, path)
            if path in seen or endpoint is None or fetched[endpoint] >= _FETCHED_MORE.get(endpoint, _MOST_FETCHED):
                continue
            seen.add(path)
            page = self._fetch(visitor, cookie, endpoint, path)
            if page is not None:
                fetched[endpoint] += page.status == 200
                self.pages.append(page)
                waiting.extend(page.links)
        self.say(f"{visitor}: {len(seen)} addresses in {time.monotonic() - began:.0f} s")

    def unreached(self) -> list[str]:
        """Return the endpoints that nobody has got to."""
        reached = {page.endpoint for page in self.pages if page.status == 200} | self.others
        return sorted(set(self.rules) - reached)

    def _map(self) -> Map:
        found = Map([Rule(rule, endpoint=name) for name, rules in self.rules.items() for rule in rules])
        for name in ("council", "day"):  # Converters of ours, if there are any, match whatever one part holds.
            found.converters.setdefault(name, found.converters["default"])
        return found

    def _fetch(self, visitor: str, cookie: str | None, endpoint: str, path: str) -> Page | None:
        asked = urllib.request.Request(self.url + path)  # noqa: S310 - our own site
        if cookie:
            asked.add_header("Cookie", f"session={cookie}")
        try:
            with _OPENER.open(asked, timeout=60) as answer:
                kind, told = answer.headers.get_content_type(), answer.read()
                if kind != "text/html":
                    self.others.add(endpoint)
                    return None
                return _read(told, visitor, endpoint, path, 200)
        except urllib.error.HTTPError as error:
            if 300 <= error.code < 400:
                self.others.add(endpoint)
                on = urlsplit(urljoin(self.url + path, error.headers.get("Location", "/")))
                links = (
                    (on.path + (f"?{on.query}" if on.query else ""),) if on.netloc == urlsplit(self.url).netloc else ()
                )
                return Page(visitor, endpoint, path, error.code, links=links)
            return Page(visitor, endpoint, path, error.code)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())


def _endpoint(adapter: object, path: str) -> str | None:
    try:
        return str(adapter.match(urlsplit(path).path, method="GET")[0])  # type: ignore[attr-defined]
    except (RequestRedirect, HTTPException):
        return None


def _read(told: bytes, visitor: str, endpoint: str, path: str, status: int) -> Page:
    page = html.document_fromstring(told.decode())
    links = []
    for anchor in page.iter("a"):
        parts = urlsplit(urljoin(f"http://site{path}", anchor.get("href", "")))
        if parts.netloc == "site" and not parts.path.startswith("/static"):
            links.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    forms = [form for form in page.iter("form") if form.get("method", "").lower() == "post"]
    filled_in = tuple(
        (number, urljoin(path, form.get("action") or path).partition("?")[0])
        for number, form in enumerate(forms)
        if any(
            one.tag != "input" or one.get("type", "text") not in _TYPED
            for one in form.iter("input", "select", "textarea")
        )
    )
    main = page.find(".//main")
    pieces = frozenset(f"{one.tag}.{one.get('class', '')}" for one in (main if main is not None else page).iter())
    return Page(visitor, endpoint, path, status, pieces, tuple(dict.fromkeys(links)), filled_in)


def chosen(site: str, pages: list[Page], known: dict[str, set[str]], most: int = _MOST_LOOKED_AT) -> list[Target]:
    """
    Return what is looked at: pages of each endpoint that differ in what they are made of, and their forms sent empty.

    :param known: the pieces of each endpoint that are looked at anyway; what is found is added.
    """
    by_endpoint: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        if page.status == 200:
            by_endpoint[page.endpoint].append(page)
    taken = [
        page
        for _, several in sorted(by_endpoint.items())
        for page in _different(several, known.setdefault(several[0].endpoint, set()), most)
    ]
    taken += list({page.endpoint: page for page in pages if page.status >= 500}.values())
    forms: dict[str, Target] = {}
    for page in taken:
        if page.status >= 500:
            continue
        for number, action in page.forms:
            name = f"{page.endpoint} {_shape(action)}"
            forms.setdefault(name, Target(site, page.visitor, page.endpoint, page.path, sends=number, status=422))
    return [*(Target(site, page.visitor, page.endpoint, page.path) for page in taken), *forms.values()]


def _different(pages: list[Page], seen: set[str], most: int) -> list[Page]:
    taken: list[Page] = []
    for page in sorted(pages, key=lambda page: -len(page.pieces)):
        if len(taken) < most and not page.pieces <= seen:
            seen |= page.pieces
            taken.append(page)
    return taken


def _shape(path: str) -> str:
    return "/".join("*" if any(sign.isdigit() for sign in part) else part for part in path.split("/"))
