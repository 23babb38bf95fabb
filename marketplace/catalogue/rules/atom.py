"""What is new, as Atom (RFC 4287): for readers that look by themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from marketplace.catalogue.rules.nouns import OfferId
from marketplace.catalogue.rules.sharing import SharedOffer, derived_id

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Channel:
    """Whose news this is, where it is read, and where its offers are. `area` is a council's code, or nothing."""

    title: str
    author: str
    area: str
    address: str
    page: str
    offer: Callable[[OfferId], str]


def atom(channel: Channel, offers: Sequence[SharedOffer], *, now: datetime) -> bytes:
    """Return offers as one feed. Ids stay as they are, whatever becomes of the addresses."""
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": "en-GB"})
    changed = max((offer.updated_at for offer in offers), default=now)
    _add(feed, "id", f"urn:uuid:{derived_id('atom', channel.area)}")
    _add(feed, "title", channel.title)
    _add(feed, "updated", _moment(changed))
    _add(SubElement(feed, "author"), "name", channel.author)
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": channel.address})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": channel.page})
    for offer in offers:
        entry = SubElement(feed, "entry")
        _add(entry, "id", f"urn:uuid:{offer.id}")
        _add(entry, "title", offer.title)
        _add(entry, "published", _moment(offer.listed_at))
        _add(entry, "updated", _moment(max(offer.listed_at, offer.updated_at)))
        _add(SubElement(entry, "author"), "name", offer.provider.name)
        SubElement(entry, "category", {"term": offer.category, "label": offer.category_name})
        SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": channel.offer(offer.id)})
        _add(entry, "summary", offer.description or f"{offer.category_name}, from {offer.provider.name}.")
        if offer.source:
            _add(entry, "rights", f"{offer.source.publisher}: {offer.source.licence}")
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: Element, name: str, words: str) -> None:
    SubElement(parent, name).text = words


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
