"""What an MP4 file tells besides picture and sound, taken out: where it was made, when, with what, under what name."""

from collections.abc import Iterator
from dataclasses import dataclass

_INSIDE = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"moof", b"traf"})
_KEPT_ABOVE = frozenset({b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"sidx", b"mfra", b"free"})
_TELLS = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip", b"wide", b"tref", b"XMP_", b"clip", b"matt"})
_CLOCKS = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_HEAD, _WIDE_HEAD = 8, 16
_PICTURE, _SOUND = b"vide", b"soun"
_MOST_BOXES = 200_000
_HANDLER, _HANDLER_NAME = 8, 24
"""Where in its box a track says of which kind it is, and after that under which name it was made."""

_ENTRIES, _MAKER, _CODER, _CODER_ENDS = 8, 20, 50, 82
"""Where the descriptions of samples begin, and where one of a picture names who made what made it."""


@dataclass(slots=True)
class _Box:
    """One box: its name, where it and what is in it begin, where it ends, and what it is in."""

    name: bytes
    start: int
    body: int
    stop: int
    inside: "_Box | None"

    def within(self, name: bytes) -> "_Box | None":
        """Return the box of this name that it is in."""
        box = self.inside
        while box is not None and box.name != name:
            box = box.inside
        return box


def bare_mp4(sent: bytes) -> tuple[bytes, frozenset[bytes]]:
    """
    Return a file of the same length that holds picture and sound alone, and of which kinds its tracks are.

    Where there was more there are noughts, so that nothing moves. Of tracks that are neither picture nor sound (where
    somebody went while they filmed, say) what they held goes too.

    :raises ValueError: if it is broken, or not one that this can be said of.
    """
    boxes = list(_boxes(sent))
    end = max((box.stop for box in boxes if box.inside is None), default=0)
    film = bytearray(sent[:end])
    kinds = {id(box.within(b"trak")): _kind(film, box) for box in boxes if _says_its_kind(box)}
    for box in boxes:
        if box.name == b"trak" and kinds.get(id(box)) not in {_PICTURE, _SOUND}:
            _empty_track(film, box, boxes)
    for box in boxes:
        _bare_box(film, box, kinds)
    return bytes(film), frozenset(kind for kind in kinds.values() if kind in {_PICTURE, _SOUND})


def _boxes(sent: bytes) -> Iterator[_Box]:
    waiting: list[tuple[int, int, _Box | None]] = [(0, len(sent), None)]
    counted = 0
    above: set[bytes] = set()
    while waiting:
        at, end, inside = waiting.pop()
        while at + _HEAD <= end:
            counted += 1
            box = _box(sent, at, end, inside)
            if box is None and inside is None and above >= {b"moov", b"mdat"}:
                break  # What follows the film is no part of it, and is left out.
            if box is None or counted > _MOST_BOXES:
                raise ValueError("a box without room")
            if inside is None:
                above.add(box.name)
            yield box
            if box.name in _INSIDE:
                waiting.append((box.body, box.stop, box))
            at = box.stop


def _box(sent: bytes, at: int, end: int, inside: _Box | None) -> _Box | None:
    size, name, head = int.from_bytes(sent[at : at + 4], "big"), sent[at + 4 : at + 8], _HEAD
    if size == 1:
        size, head = int.from_bytes(sent[at + 8 : at + 16], "big"), _WIDE_HEAD
    stop = end if size == 0 and inside is None else at + size
    if not at + head <= stop <= end:
        return None
    return _Box(name, at, at + head, stop, inside)


def _says_its_kind(box: _Box) -> bool:
    # QuickTime has another one deeper in, which says where the samples are.
    return box.name == b"hdlr" and box.inside is not None and box.inside.name == b"mdia"


def _kind(film: bytearray, box: _Box) -> bytes:
    return bytes(film[box.body + _HANDLER : box.body + _HANDLER + 4])


def _bare_box(film: bytearray, box: _Box, kinds: dict[int, bytes]) -> None:
    if box.name in _TELLS or (box.inside is None and box.name not in _KEPT_ABOVE):
        _blank(film, box)
    elif box.name in _CLOCKS:
        _clear(film, box.body + 4, box.body + (20 if film[box.body : box.body + 1] == b"\x01" else 12), box.stop)
    elif box.name == b"hdlr":
        _clear(film, box.body + _HANDLER_NAME, box.stop, box.stop)
    elif box.name == b"stsd" and kinds.get(id(box.within(b"trak"))) == _PICTURE:
        _unname(film, box)


def _unname(film: bytearray, box: _Box) -> None:
    """Take out which program or camera made a picture."""
    at = box.body + _ENTRIES
    while at + _CODER_ENDS <= box.stop:
        size = int.from_bytes(film[at : at + 4], "big")
        _clear(film, at + _MAKER, at + _MAKER + 4, box.stop)
        _clear(film, at + _CODER, at + _CODER_ENDS, box.stop)
        if size < _CODER_ENDS:
            return
        at += size


def _blank(film: bytearray, box: _Box) -> None:
    film[box.start + 4 : box.start + 8] = b"free"
    _clear(film, box.body, box.stop, box.stop)


def _clear(film: bytearray, start: int, stop: int, most: int) -> None:
    start, stop = min(start, len(film)), min(stop, most, len(film))
    film[start:stop] = bytes(max(0, stop - start))


def _empty_track(film: bytearray, track: _Box, boxes: list[_Box]) -> None:
    """Take out a track that is neither picture nor sound, and first what it held."""
    if any(box.name == b"moof" for box in boxes):
        raise ValueError("in pieces, and with more than picture and sound")
    tables = {box.name: film[box.body : box.stop] for box in boxes if box.within(b"trak") is track}
    for start, size in _chunks(tables):
        _clear(film, start, start + size, len(film))
    _blank(film, track)


def _chunks(tables: dict[bytes, bytearray]) -> Iterator[tuple[int, int]]:
    """Yield where each piece of a track's samples begins, and its length."""
    width = 8 if b"co64" in tables else 4
    starts = _numbers(tables.get(b"co64", tables.get(b"stco", bytearray())), width=width, each=1)
    runs = _numbers(tables.get(b"stsc", bytearray()), width=4, each=3)
    sizes = tables.get(b"stsz", bytearray())
    all_alike = int.from_bytes(sizes[4:8], "big")
    each = [] if all_alike else [row[0] for row in _numbers(sizes[4:], width=4, each=1)]
    sample, run = 0, 0
    for number, (start,) in enumerate(starts, start=1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        samples = runs[run][1] if runs else 0
        yield start, all_alike * samples if all_alike else sum(each[sample : sample + samples])
        sample += samples


def _numbers(table: bytearray, *, width: int, each: int) -> list[list[int]]:
    """Return the rows of a table that says how many it has, as far as it holds them."""
    count, row = int.from_bytes(table[4:8], "big"), width * each
    count = min(count, max(0, len(table) - 8) // row)
    return [
        [int.from_bytes(table[at + width * n : at + width * (n + 1)], "big") for n in range(each)]
        for at in range(8, 8 + count * row, row)
    ]
