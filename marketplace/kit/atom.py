"""News as Atom (RFC 4287): for readers that look by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, tostring

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of one thing. Its id stays as it is, whatever becomes of its address."""

    id: UUID
    title: str
    words: str
    author: str
    address: str
    posted_at: datetime
    # No earlier than it was posted. None where nothing changed since.
    updated_at: datetime | None = None
    # A term for programs and a name for people.
    category: tuple[str, str] | None = None
    rights: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """Which news a feed holds, where programs find it, and which page people read instead."""

    id: UUID
    title: str
    author: str
    address: str
    page: str


def atom(channel: Channel, entries: Sequence[Entry], *, now: datetime) -> bytes:
    """Return entries as one feed, in the order they are given."""
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": "en-GB"})
    _add(feed, "id", f"urn:uuid:{channel.id}")
    _add(feed, "title", channel.title)
    _add(feed, "updated", _moment(max((entry.updated_at or entry.posted_at for entry in entries), default=now)))
    _add(SubElement(feed, "author"), "name", channel.author)
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": channel.address})
    _link(feed, channel.page)
    for entry in entries:
        _add_entry(feed, entry)
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(feed: Element, entry: Entry) -> None:
    drawn = SubElement(feed, "entry")
    _add(drawn, "id", f"urn:uuid:{entry.id}")
    _add(drawn, "title", entry.title)
    _add(drawn, "published", _moment(entry.posted_at))
    _add(drawn, "updated", _moment(entry.updated_at or entry.posted_at))
    _add(SubElement(drawn, "author"), "name", entry.author)
    if entry.category:
        term, label = entry.category
        SubElement(drawn, "category", {"term": term, "label": label})
    _link(drawn, entry.address)
    _add(drawn, "summary", entry.words)
    if entry.rights:
        _add(drawn, "rights", entry.rights)


def _link(parent: Element, page: str) -> None:
    SubElement(parent, "link", {"rel": "alternate", "type": "text/html", "href": page})


def _add(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = words


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
