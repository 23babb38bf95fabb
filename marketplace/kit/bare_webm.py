"""What a WebM file tells besides picture and sound, taken out: titles, tags, when it was made and with what."""

from collections.abc import Iterator

_HEADER, _SEGMENT, _CLUSTER, _GROUP, _INFO, _TRACKS, _TRACK = (
    0x1A45DFA3, 0x18538067, 0x1F43B675, 0xA0, 0x1549A966, 0x1654AE6B, 0xAE,
)  # fmt: skip
_INSIDE = frozenset({_HEADER, _SEGMENT, _CLUSTER, _GROUP, _INFO, _TRACKS, _TRACK})
_TELLS = frozenset(
    {
        0x1254C367,  # tags
        0x1941A469,  # attachments
        0x1043A770,  # chapters
        0x4461,  # when it was made
        0x7BA9,  # title
        0x7384,  # name of the file
        0x3C83AB,
        0x3E83BB,  # and of those before and after it
        0x536E,  # name of a track
        0xBF,  # a sum over what is not there any more
        0xEC,  # room for later
    }
)
_MADE_WITH = frozenset({0x4D80, 0x5741})
"""These must be there, so they are emptied."""

_KIND_OF_FILE, _TRACK_TYPE = 0x4282, 0x83
_ONE_BYTE, _MOST_IN_ONE_BYTE = 2, 126
_MOST_ELEMENTS = 500_000
KINDS = {1: b"vide", 2: b"soun"}


def bare_webm(sent: bytes) -> tuple[bytes, frozenset[bytes]]:
    """
    Return a file of the same length that holds picture and sound alone, and of which kinds its tracks are.

    :raises ValueError: if it is broken, no WebM, or holds more than picture and sound.
    """
    film, kinds, is_webm = bytearray(sent), set(), False
    for name, start, body, stop in _elements(sent):
        if name in _TELLS:
            film[start:stop] = _room(stop - start)
        elif name in _MADE_WITH:
            film[body:stop] = bytes(stop - body)
        elif name == _KIND_OF_FILE:
            is_webm = sent[body:stop].rstrip(b"\0") == b"webm"
        elif name == _TRACK_TYPE:
            kinds.add(int.from_bytes(sent[body:stop], "big"))
    if not is_webm or not kinds <= set(KINDS):
        raise ValueError("no WebM, or more than picture and sound")
    return bytes(film), frozenset(KINDS[kind] for kind in kinds)


def _room(length: int) -> bytes:
    """Return an element without meaning, of so many bytes in all."""
    if length < _ONE_BYTE:
        raise ValueError("no room")
    if length - _ONE_BYTE <= _MOST_IN_ONE_BYTE:
        return bytes((0xEC, 0x80 | length - _ONE_BYTE)) + bytes(length - _ONE_BYTE)
    return b"\xec\x01" + (length - 9).to_bytes(7, "big") + bytes(length - 9)


def _elements(sent: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield the number of each element, where it and what is in it begin, and where it ends."""
    at = 0
    for _ in range(_MOST_ELEMENTS):
        if at >= len(sent):
            return
        start = at
        name, at, _ = _number(sent, at, keeps_mark=True)
        size, at, is_known = _number(sent, at, keeps_mark=False)
        if name in _INSIDE:
            continue  # What is inside comes next, whether its length is known or not.
        if not is_known or at + size > len(sent):
            raise ValueError("longer than the file")
        yield name, start, at, at + size
        at += size
    raise ValueError("too much in it")


def _number(sent: bytes, at: int, *, keeps_mark: bool) -> tuple[int, int, bool]:
    """Return a number of one to eight bytes, where the next thing begins, and whether it is not "nobody knows"."""
    first = sent[at]
    width = 9 - first.bit_length()
    if not first or at + width > len(sent):
        raise ValueError("not a number")
    number, most = int.from_bytes(sent[at : at + width], "big"), (1 << 7 * width) - 1
    is_known = number & most != most
    return (number if keeps_mark else number & most), at + width, is_known
