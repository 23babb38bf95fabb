"""A small picture of where things are: what it shows, where its pins stand, and which of them are one."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from marketplace.kit.grid import MILE, Point

WIDTH, HEIGHT = 320, 220
"""The picture's own units: about the pixels of the narrowest screen, so that its words can be read there."""

PIN = 22
"""How tall a pin of one line is, and the least it is wide."""

LINE = 15
"""How much taller each further line makes it."""

_GAP = 3
_LETTER = 8
_MARGIN = 26
_NARROWEST = 3 * MILE
_WIDER = 3
_AT_A_GLANCE = 20
_IN_A_LINE = 4
_SEEN = 0.8
_CUT = 5

Corner = tuple[float, float]

# Each edge: along which axis, at how many units, and whether what is kept lies below (1) or above (-1) that.
_LEFT, _RIGHT = (0, -_CUT, -1), (0, WIDTH + _CUT, 1)
_TOP, _BOTTOM = (1, -_CUT, -1), (1, HEIGHT + _CUT, 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of England that a picture shows. `scale` is units for a metre."""

    west: float
    north: float
    scale: float

    def at(self, point: Point) -> tuple[float, float]:
        """Return where in the picture a point is: units from the left and from the top."""
        x, y = (point.easting - self.west) * self.scale, (self.north - point.northing) * self.scale
        return round(x, 1), round(y, 1)

    @property
    def miles(self) -> float:
        """How many miles it shows from left to right."""
        return WIDTH / self.scale / MILE


@dataclass(frozen=True, slots=True)
class Pin:
    """One pin, for everything in the list that is so near together that its pins would hide each other."""

    x: float
    y: float
    numbers: tuple[int, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands on it: `3`, `3, 5`, `1–4, 9`, and on as many lines as it takes."""
        said = [f"{first}" if first == last else f"{first}–{last}" for first, last in _runs(self.numbers)]
        return tuple(", ".join(said[n : n + _IN_A_LINE]) for n in range(0, len(said), _IN_A_LINE))

    @property
    def width(self) -> int:
        """How wide it is, for what stands on it."""
        return max(PIN, _LETTER * max(map(len, self.lines)) + _LETTER + _GAP)

    @property
    def height(self) -> int:
        """How tall it is."""
        return PIN + LINE * (len(self.lines) - 1)


def frame(wanted: Sequence[Point], around: Sequence[Point] = ()) -> Frame:
    """
    Return the frame that shows some points, and as much of what is around them as leaves them apart.

    :param wanted: at least one point, all of which are shown.
    :param around: what is shown as well if that makes the picture at most three times as wide, or 20 miles.
    """
    close = _fitted(wanted)
    wide = _fitted([*wanted, *around])
    return wide if wide.miles <= max(_WIDER * close.miles, _AT_A_GLANCE) else close


def pins(places: Iterable[tuple[int, Point]], shown: Frame) -> tuple[Pin, ...]:
    """Return the pins for numbered places, those that would overlap made one, in the order of their numbers."""
    together: dict[tuple[float, float], list[int]] = {}
    for number, point in places:
        together.setdefault(shown.at(point), []).append(number)
    apart: list[Pin] = []
    for (x, y), numbers in together.items():
        new = _inside(Pin(x, y, tuple(sorted(numbers))))
        # A pin that has grown may touch another, so it goes on until it touches none.
        while touched := next((pin for pin in apart if _touch(pin, new)), None):
            apart.remove(touched)
            new = _inside(_merged(touched, new))
        apart.append(new)
    return tuple(sorted(apart, key=lambda pin: pin.numbers))


def visible(corners: Sequence[Corner]) -> tuple[Corner, ...]:
    """
    Return the part of a closed line that a picture shows, with as few corners as look the same.

    It is cut a little outside the picture, so that the cut itself is not seen (Sutherland and Hodgman's way).
    """
    for edge in (_LEFT, _RIGHT, _TOP, _BOTTOM):
        corners = _cut(corners, *edge)
    kept: list[Corner] = []
    for corner in corners:
        if not kept or math.dist(kept[-1], corner) >= _SEEN:
            kept.append((round(corner[0], 1), round(corner[1], 1)))
    return tuple(kept) if len(kept) > 2 else ()  # noqa: PLR2004  (less than a triangle encloses nothing)


def _cut(corners: Sequence[Corner], axis: int, limit: float, sign: int) -> list[Corner]:
    """Return what of a closed line is on one side of an upright or level line."""
    kept: list[Corner] = []
    for before, after in zip([*corners[-1:], *corners[:-1]], corners, strict=True):
        was_in, is_in = sign * before[axis] <= sign * limit, sign * after[axis] <= sign * limit
        if was_in != is_in:
            share = (limit - before[axis]) / (after[axis] - before[axis])
            kept.append((before[0] + share * (after[0] - before[0]), before[1] + share * (after[1] - before[1])))
        if is_in:
            kept.append(after)
    return kept


def _fitted(points: Sequence[Point]) -> Frame:
    wests, norths = [point.easting for point in points], [point.northing for point in points]
    wide = max(max(wests) - min(wests), _NARROWEST)
    high = max(max(norths) - min(norths), _NARROWEST * HEIGHT / WIDTH)
    scale = min((WIDTH - 2 * _MARGIN) / wide, (HEIGHT - 2 * _MARGIN) / high)
    middle_east, middle_north = (max(wests) + min(wests)) / 2, (max(norths) + min(norths)) / 2
    return Frame(middle_east - WIDTH / scale / 2, middle_north + HEIGHT / scale / 2, scale)


def _merged(one: Pin, other: Pin) -> Pin:
    many, more = len(one.numbers), len(other.numbers)
    x = (one.x * many + other.x * more) / (many + more)
    y = (one.y * many + other.y * more) / (many + more)
    return Pin(round(x, 1), round(y, 1), tuple(sorted((*one.numbers, *other.numbers))))


def _inside(pin: Pin) -> Pin:
    """Return a pin moved so that all of it is in the picture: one for many is wide."""
    beside, above = pin.width / 2 + 1, pin.height / 2 + 1
    return replace(pin, x=min(max(pin.x, beside), WIDTH - beside), y=min(max(pin.y, above), HEIGHT - above))


def _touch(one: Pin, other: Pin) -> bool:
    wide, tall = (one.width + other.width) / 2 + _GAP, (one.height + other.height) / 2 + _GAP
    return abs(one.x - other.x) < wide and abs(one.y - other.y) < tall


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return numbers as runs: 1, 2, 3 and 5 are 1 to 3, and 5. Two in a row stay two."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    apart = []
    for first, last in runs:
        apart += [(first, first), (last, last)] if last == first + 1 else [(first, last)]
    return apart
