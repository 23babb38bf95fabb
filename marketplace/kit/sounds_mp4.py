"""How long is a recording in an MP4 file, as telephones and some browsers make them? Whole, or in fragments."""

from collections.abc import Callable, Iterator

_INSIDE = frozenset({b"moov", b"trak", b"mdia", b"moof", b"traf"})
_WHOLE_BOX = 8


def mp4_seconds(sent: bytes) -> float:
    """
    Return how long the sound in a file lasts.

    :raises ValueError: if there is none, or a film.
    """
    read = _Read()
    for name, body in _boxes(sent):
        if name in read.takes:
            read.takes[name](body)
    if read.kinds != {b"soun"} or not read.seconds:
        raise ValueError("a film, or no sound in it")
    return read.seconds


class _Read:
    """What the boxes have said so far."""

    def __init__(self) -> None:
        self.kinds: set[bytes] = set()
        self.takes: dict[bytes, Callable[[bytes], None]] = {
            b"mvhd": self._whole,
            b"mdhd": self._track,
            b"hdlr": self._kind,
            b"trex": self._default,
            b"tfhd": self._fragment,
            b"trun": self._run,
        }
        self._ticks = self._lasts = self._track_ticks = self._by_default = self._pieces = 0

    @property
    def seconds(self) -> float:
        """How long it lasts, as the whole says or as its fragments add up."""
        whole = self._lasts / self._ticks if self._ticks else 0.0
        return max(whole, self._pieces / self._track_ticks if self._track_ticks else 0.0)

    def _whole(self, body: bytes) -> None:
        self._ticks, self._lasts = _clock(body)

    def _track(self, body: bytes) -> None:
        self._track_ticks, _ = _clock(body)

    def _kind(self, body: bytes) -> None:
        # Other handlers say where the metadata is.
        self.kinds |= {body[8:12]} & {b"vide", b"soun"}

    def _default(self, body: bytes) -> None:
        self._by_default = int.from_bytes(body[12:16], "big")

    def _fragment(self, body: bytes) -> None:
        self._by_default = _default_duration(body) or self._by_default

    def _run(self, body: bytes) -> None:
        self._pieces += _run(body, self._by_default)


def _boxes(sent: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield every box by its name, with what is in it; of boxes of boxes, what is inside."""
    waiting = [(0, len(sent))]
    while waiting:
        at, end = waiting.pop()
        while at + _WHOLE_BOX <= end:
            size, name, head = int.from_bytes(sent[at : at + 4], "big"), sent[at + 4 : at + 8], _WHOLE_BOX
            if size == 1:
                size, head = int.from_bytes(sent[at + 8 : at + 16], "big"), 16
            stop = end if size == 0 else min(at + size, end)
            if stop < at + head:
                raise ValueError("a box without room")
            if name in _INSIDE or name == b"mvex":
                # What comes after is read once this has been: a track says its scale before its fragments count.
                waiting += [(stop, end), (at + head, stop)]
                break
            if name != b"mdat":
                yield name, sent[at + head : stop]
            at = stop


def _clock(body: bytes) -> tuple[int, int]:
    """Return how many ticks a second has, and for how many it lasts."""
    wide = body[0] == 1
    start, width = (20, 8) if wide else (12, 4)
    ticks = int.from_bytes(body[start : start + 4], "big")
    lasts = int.from_bytes(body[start + 4 : start + 4 + width], "big")
    # All ones stand for "nobody knows".
    return ticks, 0 if lasts == 2 ** (8 * width) - 1 else lasts


def _default_duration(body: bytes) -> int:
    flags, at = int.from_bytes(body[1:4], "big"), 8
    if not flags & 0x8:
        return 0
    at += 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2)
    return int.from_bytes(body[at : at + 4], "big")


def _run(body: bytes, by_default: int) -> int:
    """Return for how many ticks the samples of a fragment last."""
    flags, samples = int.from_bytes(body[1:4], "big"), int.from_bytes(body[4:8], "big")
    if not flags & 0x100:
        return samples * by_default
    at = 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    width = 4 * sum(bool(flags & one) for one in (0x100, 0x200, 0x400, 0x800))
    room = max(0, (len(body) - at) // width)
    starts = (at + width * number for number in range(min(samples, room)))
    return sum(int.from_bytes(body[start : start + 4], "big") for start in starts)
