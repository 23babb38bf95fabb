"""
The keys a document is kept under besides its words.

A key is a word nobody writes. With them place, category and the like can be part of what is looked up, where words
alone are in so many documents that looking at each would take too long.
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

from marketplace.kit.places import Point
from marketplace.search.rules.nouns import Document

SHARES = 8
"""How often all documents can be halved: by the eighth time, one in 256 is left."""

SQUARES = (2_000, 4_000, 8_000, 16_000, 32_000)
"""Sides of the squares the map is cut into, in metres."""

FARTHEST = 64_000
"""Metres from which on a distance says too little to look anything up by it."""

DEAREST_BAND = 143
"""The band of everything that costs more than some £1,300."""

_TRAVELS = (*SQUARES, FARTHEST, 2 * FARTHEST, 4 * FARTHEST, 8 * FARTHEST, 16 * FARTHEST)


@lru_cache(maxsize=65_536)
def key(name: str, *values: object) -> str:
    """Return the key for something. It is short, of letters any engine takes, and no word: those have no "="."""
    told = "\n".join((name, *map(str, values)))
    return "=" + hashlib.blake2b(told.encode(errors="replace"), digest_size=6).hexdigest()


def keys_of(document: Document, *, lot: int, title: Iterable[str], label: Iterable[str]) -> set[str]:
    """
    Return the keys of a document.

    :param title: the stems in its title.
    :param label: those in its category and provider.
    """
    keys = {share_key(lot, halvings) for halvings in range(1, SHARES + 1)}
    keys |= {key("title", stem) for stem in title} | {key("label", stem) for stem in label}
    keys |= {key("mark", mark) for mark in document.marks}
    keys |= {key("council", council) for council in {*document.councils, document.council} if council}
    keys |= {
        key("kind", document.kind),
        key("category", document.category),
        key("free", document.is_free),
        key("price", price_band(document.hourly)),
    }
    return keys | set(_place_keys(document))


def share_key(lot: int, halvings: int) -> str:
    """Return the key of a share of all documents, one half or one quarter and so on: the one that a lot falls in."""
    return key("share", halvings, lot % 2**halvings)


def reach_keys(near: Point, within_metres: int) -> list[str]:
    """
    Return keys of which everything within reach of a point has at least one: see `is_within_reach`.

    What has one of them may still be out of reach, at the corners.
    """
    keys = [key("everywhere"), *square_keys(near, within_metres)]
    for side in _TRAVELS:
        keys += [key("travels", side, *square) for square in _squares_around(near, side, side)]
    return keys


def square_keys(near: Point, within_metres: int) -> list[str]:
    """Return the keys of the squares that a circle touches."""
    side = next((side for side in SQUARES if side * 2 >= within_metres), SQUARES[-1])
    return [key("square", side, *square) for square in _squares_around(near, side, within_metres)]


def price_band(hourly: int | None) -> int:
    """Return the band of a price: 0 is free, then each is about a tenth dearer than the last; -1 is unknown."""
    if hourly is None:
        return -1
    # The number of bits, and the three after the first: whole numbers do not depend on how a machine rounds.
    bits = hourly.bit_length()
    return min(8 * bits + ((hourly << 3 >> (bits - 1)) & 7), DEAREST_BAND) if hourly else 0


def price_keys(dearest: int | None = None) -> list[str]:
    """Return the keys of prices up to one, or of all and then of what has none, the cheapest first."""
    if dearest is not None:
        return [key("price", band) for band in range(price_band(max(dearest, 0)) + 1)]
    return [key("price", band) for band in (*range(DEAREST_BAND + 1), price_band(None))]


def _place_keys(document: Document) -> Iterator[str]:
    if document.is_everywhere:
        yield key("everywhere")
    point = document.point
    if point is None:
        return
    for side in SQUARES:
        yield key("square", side, point.easting // side, point.northing // side)
    if document.travels_metres:
        side = next((side for side in _TRAVELS if side >= document.travels_metres), _TRAVELS[-1])
        yield key("travels", side, point.easting // side, point.northing // side)


def _squares_around(near: Point, side: int, metres: int) -> list[tuple[int, int]]:
    return [
        (east, north)
        for east in range((near.easting - metres) // side, (near.easting + metres) // side + 1)
        for north in range((near.northing - metres) // side, (near.northing + metres) // side + 1)
        if _far_from(near.easting, east * side, side) ** 2 + _far_from(near.northing, north * side, side) ** 2
        <= metres**2
    ]


def _far_from(at: int, start: int, side: int) -> int:
    """Return how far a place is from a stretch, 0 if it is in it."""
    return max(start - at, at - (start + side - 1), 0)
