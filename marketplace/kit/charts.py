"""
Where on a chart does a figure stand? Places are percents, so that a chart is as wide as its page.

A figure that is not shown is None. It has no place: nothing is drawn for it, least of all at zero.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_ROUND = (1, 2, 5)
"""What steps begin with: 1, 2, 5, 10, 20, 50 …"""
_FEWEST_STEPS = 4
_ROOM_FOR_WORDS = 12
"""Percent of a chart's height that a line of words takes."""

_FROM_MARK = 2
"""Percent of a chart's height between a mark and its words."""

_BOTTOM = 100
"""The lower edge of a chart in percent: words below it would run into the labels."""

Say = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Scale:
    """From the least to the most that a chart shows, in round steps."""

    least: int
    most: int
    step: int

    def at(self, value: int) -> float:
        """Return how far along the scale a value stands, in percent."""
        return round(100 * (value - self.least) / (self.most - self.least), 2)

    @property
    def ticks(self) -> tuple[int, ...]:
        """The round figures to read it by, both ends among them."""
        return tuple(range(self.least, self.most + 1, self.step))


def scale_of(values: Iterable[int | None], *, from_zero: bool = True) -> Scale:
    """
    Return a scale that holds all of some figures in at most five steps.

    Counts and sums begin at zero, so that twice as much looks twice as much. Prices and averages need not.
    """
    shown = [value for value in values if value is not None]
    least, most = (min(shown), max(shown)) if shown else (0, 1)
    if from_zero:
        least = min(least, 0)
    step = _step(most - least)
    begins = least // step * step
    return Scale(begins, max(-(-most // step) * step, begins + step), step)


def _step(span: int) -> int:
    size = 1
    while True:
        for first in _ROUND:
            if first * size * _FEWEST_STEPS >= span:
                return first * size
        size *= 10


@dataclass(frozen=True, slots=True)
class Tick:
    """A round figure on the edge of a chart: where, and in words."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Spot:
    """
    One figure of a line. `down` counts from the upper edge; None: not shown.

    `side`: where its words stand without running into another line's, "above" or "below"; or nowhere, "".
    """

    across: float
    down: float | None
    words: str
    side: str = "above"


@dataclass(frozen=True, slots=True)
class Line:
    """Figures in a row, one for each label."""

    name: str
    spots: tuple[Spot, ...]

    @property
    def pieces(self) -> tuple[tuple[Spot, Spot], ...]:
        """The straight pieces between neighbours that are both shown: a line never runs across what is hidden."""
        return tuple((a, b) for a, b in pairwise(self.spots) if a.down is not None and b.down is not None)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over the same labels, such as quarters. `hidden`: where on the chart some line has no figure."""

    labels: tuple[str, ...]
    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    kind: str = "lines"

    @property
    def hidden(self) -> tuple[float, ...]:
        """Where no line has a figure, in percent across."""
        columns = zip(*(line.spots for line in self.lines), strict=True)
        return tuple(column[0].across for column in columns if all(spot.down is None for spot in column))

    @property
    def width(self) -> float:
        """How wide the room of one label is, in percent."""
        return round(100 / len(self.labels), 2)


def lines_of(
    labels: Sequence[str], series: Sequence[tuple[str, Sequence[int | None]]], *, say: Say, scale: Scale | None = None
) -> Lines:
    """Return lines with each label in the middle of its own room, from zero unless a scale is given."""
    scale = scale or scale_of(value for _, values in series for value in values)
    sides = [_sides([_down(scale, values[place]) for _, values in series]) for place in range(len(labels))]
    room = 100 / max(len(labels), 1)
    return Lines(
        labels=tuple(labels),
        ticks=tuple(Tick(round(100 - scale.at(value), 2), say(value)) for value in scale.ticks),
        lines=tuple(
            Line(
                name,
                tuple(
                    Spot(
                        round((place + 0.5) * room, 2),
                        _down(scale, value),
                        "" if value is None else say(value),
                        sides[place][number],
                    )
                    for place, value in enumerate(values)
                ),
            )
            for number, (name, values) in enumerate(series)
        ),
    )


def _down(scale: Scale, value: int | None) -> float | None:
    return None if value is None else round(100 - scale.at(value), 2)


def _sides(downs: Sequence[float | None]) -> list[str]:
    """Return on which side of each figure at one place its words have room, the highest choosing first."""
    sides = [""] * len(downs)
    taken: list[tuple[float, float]] = []
    marks = [down for down in downs if down is not None]
    for down, number in sorted((down, number) for number, down in enumerate(downs) if down is not None):
        for side, top in (("above", down - _FROM_MARK - _ROOM_FOR_WORDS), ("below", down + _FROM_MARK)):
            bottom = top + _ROOM_FOR_WORDS
            is_free = not any(top < other_bottom and other_top < bottom for other_top, other_bottom in taken)
            if is_free and bottom <= _BOTTOM and not any(top < mark < bottom for mark in marks):
                sides[number] = side
                taken.append((top, bottom))
                break
    return sides


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its figure, and in words. None: not shown."""

    label: str
    value: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars below each other, all to one scale that begins at zero. `tone`: teal, plum or orange."""

    bars: tuple[Bar, ...]
    unit: str
    tone: str = "teal"
    kind: str = "bars"


@dataclass(frozen=True, slots=True)
class Lane:
    """One area's figure in a row: a mark, and from where to where the middle half lies if that is known."""

    at: float | None
    words: str
    begins: float | None = None
    ends: float | None = None


@dataclass(frozen=True, slots=True)
class RangeRow:
    """One row: the same figure of several areas, in the order of their names."""

    label: str
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class Ranges:
    """Dots and ranges to one scale. `names` are the areas: each has its own shape of mark. `unit` heads the figures."""

    names: tuple[str, ...]
    ticks: tuple[Tick, ...]
    rows: tuple[RangeRow, ...]
    unit: str
    kind: str = "ranges"


Low = int | None
Spread = tuple[Low, int | None, Low]
"""A lower quartile, a middle and an upper quartile. None: not shown, or there is none such."""


def ranges_of(
    names: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Spread]]],
    *,
    say: Say,
    unit: str,
    hidden: str,
    scale: Scale | None = None,
) -> Ranges:
    """Return a row for each label with one lane for each name."""
    used = scale or scale_of((value for _, spreads in rows for spread in spreads for value in spread), from_zero=False)

    def lane(spread: Spread) -> Lane:
        low, middle, high = spread
        if middle is None:
            return Lane(None, hidden)
        if low is None or high is None:
            return Lane(used.at(middle), say(middle))
        return Lane(used.at(middle), say(middle), used.at(low), used.at(high))

    return Ranges(
        names=tuple(names),
        ticks=tuple(Tick(used.at(value), say(value)) for value in used.ticks),
        rows=tuple(RangeRow(label, tuple(lane(spread) for spread in spreads)) for label, spreads in rows),
        unit=unit,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole: where it begins and how wide it is, in percent. `tone` counts from 0 and names its look."""

    name: str
    tone: int
    begins: float
    wide: float
    words: str


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One whole in its parts, as far as they are shown."""

    label: str
    parts: tuple[Part, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Shares:
    """Wholes below each other, each as wide as the other: what is compared is the parts."""

    names: tuple[str, ...]
    rows: tuple[ShareRow, ...]
    unit: str
    kind: str = "shares"


def shares_of(names: Sequence[str], rows: Sequence[tuple[str, Sequence[int | None]]], *, say: Say, unit: str) -> Shares:
    """Return each row's parts side by side. Parts that are not shown, or nothing, take no room."""
    return Shares(tuple(names), tuple(_share_row(names, label, values, say) for label, values in rows), unit)


def _share_row(names: Sequence[str], label: str, values: Sequence[int | None], say: Say) -> ShareRow:
    whole = sum(value for value in values if value is not None)
    parts, begins = [], 0
    for tone, (name, value) in enumerate(zip(names, values, strict=True)):
        if value:
            parts.append(Part(name, tone, round(100 * begins / whole, 2), round(100 * value / whole, 2), say(value)))
            begins += value
    return ShareRow(label, tuple(parts), say(whole) if whole else "")


_SPARK_EDGE = 6
"""Percent that a small line keeps from each edge, so that its marks are whole."""


def spark_of(values: Sequence[int | None]) -> Line:
    """Return figures as a small line, from zero, without words: for a row of a table or a list."""
    most = max([1, *(value for value in values if value is not None)])
    inside = 100 - 2 * _SPARK_EDGE
    step = inside / max(len(values) - 1, 1)
    return Line(
        "",
        tuple(
            Spot(
                round(_SPARK_EDGE + place * step, 2),
                None if value is None else round(100 - _SPARK_EDGE - inside * value / most, 2),
                "",
            )
            for place, value in enumerate(values)
        ),
    )
