"""Which pages should be found by those who search the whole web? As sitemaps (sitemaps.org)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"

PART = 10_000
"""Pages in one part. The protocol allows five times as many, but those take long to fetch."""


def sitemap_index(parts: Iterable[tuple[str, datetime | None]]) -> bytes:
    """Return the list of the parts, each with when anything in it changed."""
    return _written("sitemapindex", "sitemap", parts)


def sitemap(pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    """Return one part: addresses, each with when it changed."""
    return _written("urlset", "url", pages)


def _written(whole: str, one: str, addresses: Iterable[tuple[str, datetime | None]]) -> bytes:
    root = Element(whole, {"xmlns": _SITEMAP})
    for address, changed_at in addresses:
        entry = SubElement(root, one)
        SubElement(entry, "loc").text = address
        if changed_at is not None:
            SubElement(entry, "lastmod").text = changed_at.astimezone(UTC).isoformat(timespec="seconds")
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
