"""The outlines of councils as paths of one picture: simple enough to send, and still meeting at their borders."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from marketplace.kit.outlines import Ring, outline
from marketplace.kit.places import CouncilCode

_FEWEST = 3
"""Points that enclose something."""
_SPECK = 2
"""How far a council that is too small to draw reaches from its middle, in steps of the picture."""

Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shapes:
    """Councils in one picture, `width` steps wide: the path of each, and where its middle is."""

    width: int
    height: int
    paths: dict[CouncilCode, str] = field(repr=False)
    middles: dict[CouncilCode, Spot] = field(repr=False)


@lru_cache(maxsize=24)
def shapes_of(councils: tuple[CouncilCode, ...], *, width: int) -> Shapes:
    """
    Return the paths of some councils in a picture that is `width` steps wide.

    Every point is moved to the nearest whole step. Neighbours share their points, so they still meet.
    """
    rings = {council: outline(council) for council in councils}
    points = [point for of_council in rings.values() for ring in of_council for point in ring]
    if not points:
        return Shapes(width, width, {}, {})
    west, east = min(point.easting for point in points), max(point.easting for point in points)
    south, north = min(point.northing for point in points), max(point.northing for point in points)
    metres = max(east - west, 1) / width
    paths, middles = {}, {}
    for council, of_council in rings.items():
        if not of_council:
            continue
        drawn = [_stepped(ring, west, north, metres) for ring in of_council]
        largest = max(drawn, key=lambda ring: abs(_twice_the_area(ring)))
        middles[council] = _middle(largest)
        kept = [ring for ring in drawn if len(ring) >= _FEWEST and _twice_the_area(ring)]
        paths[council] = _path(kept or [_speck(middles[council])])
    return Shapes(width, round((north - south) / metres) + 1, paths, middles)


def _stepped(ring: Ring, west: float, north: float, metres: float) -> list[Spot]:
    steps: list[Spot] = []
    for point in ring:
        step = (round((point.easting - west) / metres), round((north - point.northing) / metres))
        if not steps or steps[-1] != step:
            steps.append(step)
    if len(steps) > 1 and steps[0] == steps[-1]:
        steps.pop()
    return [here for place, here in enumerate(steps) if not _is_between(steps[place - 1], here, _after(steps, place))]


def _after(steps: list[Spot], place: int) -> Spot:
    return steps[(place + 1) % len(steps)]


def _is_between(before: Spot, here: Spot, after: Spot) -> bool:
    # On the straight line from its neighbour to the next: nobody would miss it.
    return (here[0] - before[0]) * (after[1] - here[1]) == (here[1] - before[1]) * (after[0] - here[0])


def _twice_the_area(ring: list[Spot]) -> int:
    return sum(
        here[0] * after[1] - after[0] * here[1] for here, after in zip(ring, [*ring[1:], *ring[:1]], strict=True)
    )


def _middle(ring: list[Spot]) -> Spot:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2


def _speck(middle: Spot) -> list[Spot]:
    x, y = middle
    return [(x, y - _SPECK), (x + _SPECK, y), (x, y + _SPECK), (x - _SPECK, y)]


def _path(rings: Iterable[list[Spot]]) -> str:
    words = []
    for ring in rings:
        first, *others = ring
        steps, at = [], first
        for spot in others:
            steps.append(_pair(spot[0] - at[0], spot[1] - at[1]))
            at = spot
        words.append(f"M{_pair(*first)}l{_joined(steps)}z")
    return "".join(words)


def _pair(x: int, y: int) -> str:
    return f"{x}{'' if y < 0 else ' '}{y}"


def _joined(steps: list[str]) -> str:
    # A minus parts two numbers as well as a space does.
    return "".join(step if not place or step.startswith("-") else f" {step}" for place, step in enumerate(steps))
