"""
Walks through a feed of Open Referral UK, page by page.

Some feeds put everything into their lists, as the parameter `full` asks; most show only a part there, and each service
is then asked for by itself.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, Protocol
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from marketplace.catalogue.gateways.web import NoAnswerError
from marketplace.kit.errors import DomainError

PER_PAGE = 100

_ONLY_IN_FULL = ("service_at_locations", "service_areas", "cost_options", "attributes", "schedules", "contacts")
_MOST_PAGES = 100_000


class UnreadableFeedError(DomainError):
    """A page of a feed cannot be used. The message says which, and what is the matter."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of a feed: its services as they were sent, or for each that could not be had, the sentence why."""

    services: tuple[object, ...]
    pages: int
    total: int | None


class Feed(Protocol):
    """What gives its services a page at a time."""

    def page(self, number: int) -> FeedPage:
        """
        Return one page, counted from 1.

        :raises NoAnswerError: if it cannot be had.
        :raises UnreadableFeedError: if it is no page of a feed.
        """
        ...


class OpenReferralFeed:
    """A feed on the web. `fetch` returns what an address answers with."""

    def __init__(self, url: str, *, fetch: Callable[[str], bytes], changed_since: datetime | None = None) -> None:
        """Get ready to read the feed at an address: its root, or its list of services."""
        parts = urlsplit(url)
        path = parts.path.rstrip("/").removesuffix("/services")
        self._base = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        self._asked = {"per_page": str(PER_PAGE), "full": "true"}
        if changed_since is not None:
            self._asked["modified_after"] = changed_since.isoformat()
        self._fetch = fetch

    def page(self, number: int) -> FeedPage:
        """Return one page: see `Feed`."""
        address = f"{self._base}/services?{urlencode({'page': number, **self._asked})}"
        said = self._read(address)
        contents = said.get("contents") if isinstance(said, dict) else None
        if not isinstance(contents, list):
            raise UnreadableFeedError(
                f"{address} is not a page of Open Referral UK 3.0. It needs a list called “contents”."
            )
        pages = _count(said.get("total_pages"))
        return FeedPage(
            services=tuple(self._whole(service) for service in contents),
            # A feed that does not say how long it is ends with the first page that is empty.
            pages=pages if pages is not None else (number + 1 if contents else number),
            total=_count(said.get("total_items")),
        )

    def _whole(self, service: object) -> object:
        """Return a service with everything that belongs to it, or the sentence why it cannot be had."""
        if not isinstance(service, dict) or not isinstance(service.get("id"), str):
            return service
        if any(name in service for name in _ONLY_IN_FULL):
            return service
        address = f"{self._base}/services/{quote(service['id'], safe='')}"
        try:
            found = self._read(address)
        except (NoAnswerError, UnreadableFeedError) as error:
            return MissingService(name=str(service.get("name", "")), reason=str(error))
        return found

    def _read(self, address: str) -> Any:
        def refuse(name: str) -> NoReturn:
            raise UnreadableFeedError(f"{address} says {name}, which JSON does not know.")

        try:
            return json.loads(self._fetch(address), parse_constant=refuse)
        except (ValueError, RecursionError) as error:
            raise UnreadableFeedError(f"{address} did not answer with JSON.") from error


@dataclass(frozen=True, slots=True)
class MissingService:
    """A service that is in a list, and could not be had by itself."""

    name: str
    reason: str


def _count(said: object) -> int | None:
    is_count = isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= _MOST_PAGES * PER_PAGE
    return said if is_count and isinstance(said, int) else None
