"""How long is a recording in a WebM file, as browsers make them? They stream it, so it does not say: we look."""

import struct
from collections.abc import Iterator

_SEGMENT, _CLUSTER, _GROUP, _INFO, _TRACKS, _TRACK = (
    0x18538067, 0x1F43B675, 0xA0, 0x1549A966, 0x1654AE6B, 0xAE,
)  # fmt: skip
_INSIDE = frozenset({_SEGMENT, _CLUSTER, _GROUP, _INFO, _TRACKS, _TRACK})
_SCALE, _DURATION, _TIME, _BLOCK, _SIMPLE_BLOCK, _TRACK_TYPE = 0x2AD7B1, 0x4489, 0xE7, 0xA1, 0xA3, 0x83
_FILM, _SOUND = 1, 2
_FLOAT, _DOUBLE = 4, 8
_MOST_ELEMENTS = 100_000
"""Ten times what five minutes need: more is made to keep us busy."""


def webm_seconds(sent: bytes) -> float:
    """
    Return how long the sound in a file lasts.

    :raises ValueError: if there is none, or a film.
    """
    scale, said, cluster, last, kinds = 1_000_000, 0.0, 0, 0, set()
    for name, body in _elements(sent):
        if name == _SCALE:
            scale = int.from_bytes(body, "big")
        elif name == _DURATION:
            said = _number(body)
        elif name == _TRACK_TYPE:
            kinds.add(int.from_bytes(body, "big"))
        elif name == _TIME:
            cluster = int.from_bytes(body, "big")
        elif name in {_BLOCK, _SIMPLE_BLOCK}:
            last = max(last, cluster + _offset(body))
    if _FILM in kinds or _SOUND not in kinds:
        raise ValueError("a film, or no sound in it")
    return max(said, last) * scale / 1_000_000_000


def _elements(sent: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield every element by its number, with what is in it; those that hold others are walked through."""
    at = 0
    for _ in range(_MOST_ELEMENTS):
        if at >= len(sent):
            return
        name, at = _read(sent, at, keeps_mark=True)
        size, at = _read(sent, at, keeps_mark=False)
        if name in _INSIDE:
            continue  # What is inside comes next, whether its length is known or not.
        stop = min(at + size, len(sent))
        # Of a block only its beginning is looked at: the rest is sound.
        yield name, sent[at : min(stop, at + 16)]
        at = stop
    raise ValueError("too much in it")


def _read(sent: bytes, at: int, *, keeps_mark: bool) -> tuple[int, int]:
    """Return a number of one to eight bytes, as the format writes it, and where the next thing begins."""
    first = sent[at]
    width = 9 - first.bit_length()
    if not first or at + width > len(sent):
        raise ValueError("not a number")
    number = int.from_bytes(sent[at : at + width], "big")
    if not keeps_mark:
        number &= (1 << 7 * width) - 1
    return number, at + width


def _number(body: bytes) -> float:
    if len(body) not in {_FLOAT, _DOUBLE}:
        raise ValueError("not a number")
    number: float = struct.unpack(">f" if len(body) == _FLOAT else ">d", body)[0]
    return number if 0 <= number < 10**9 else 0.0


def _offset(body: bytes) -> int:
    """Return when a block begins, after its cluster, in ticks."""
    _, at = _read(body, 0, keeps_mark=False)
    offset: int = struct.unpack_from(">h", body, at)[0]
    return offset
