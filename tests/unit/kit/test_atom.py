"""Feeds that readers look at by themselves."""

from datetime import UTC, datetime
from uuid import UUID
from xml.etree.ElementTree import fromstring

from marketplace.kit.atom import Channel, Entry, atom


def test_a_feed_holds_what_was_posted_and_is_the_same_one_for_ever():
    at = datetime(2026, 5, 4, 9, tzinfo=UTC)
    entry = Entry(UUID(int=7), "Lifts & more", "Could you?", "Trafford", "https://example.org/signals/7", at)
    channel = Channel(
        UUID(int=1), "What Trafford says", "Clubtogether", "https://example.org/a", "https://example.org/b"
    )
    feed = atom(channel, [entry], now=at)
    assert feed == atom(channel, [entry], now=datetime(2027, 1, 1, tzinfo=UTC))
    names = {"a": "http://www.w3.org/2005/Atom"}
    [found] = fromstring(feed).findall("a:entry", names)  # noqa: S314  (our own)
    assert found.findtext("a:title", namespaces=names) == "Lifts & more"
    assert found.findtext("a:updated", namespaces=names) == "2026-05-04T09:00:00Z"
    assert found.findtext("a:author/a:name", namespaces=names) == "Trafford"
