"""What councils post, as Atom (RFC 4287): for readers that look by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

_ATOM = "http://www.w3.org/2005/Atom"
_SPACE = UUID("a3d1c7a4-6b2e-4d0b-9a53-4c39d2b4be10")
"""The namespace of the feeds' ids: drawn once, so that a feed stays the same one wherever the site moves."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of one thing. It is never changed once it is out."""

    id: UUID
    title: str
    words: str
    author: str
    posted_at: datetime
    address: str


@dataclass(frozen=True, slots=True)
class Channel:
    """Which news a feed holds, and where it is read. `area` is a council's code, or nothing."""

    title: str
    author: str
    area: str
    address: str
    page: str


def atom(channel: Channel, entries: Sequence[Entry], *, now: datetime) -> bytes:
    """Return entries as one feed, in the order they are given."""
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": "en-GB"})
    _add(feed, "id", f"urn:uuid:{uuid5(_SPACE, f'signals {channel.area}')}")
    _add(feed, "title", channel.title)
    _add(feed, "updated", _moment(max((entry.posted_at for entry in entries), default=now)))
    _add(SubElement(feed, "author"), "name", channel.author)
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": channel.address})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": channel.page})
    for entry in entries:
        drawn = SubElement(feed, "entry")
        _add(drawn, "id", f"urn:uuid:{entry.id}")
        _add(drawn, "title", entry.title)
        _add(drawn, "published", _moment(entry.posted_at))
        _add(drawn, "updated", _moment(entry.posted_at))
        _add(SubElement(drawn, "author"), "name", entry.author)
        SubElement(drawn, "link", {"rel": "alternate", "type": "text/html", "href": entry.address})
        _add(drawn, "summary", entry.words)
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = words


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
