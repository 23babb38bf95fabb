"""Where does a council begin and end? Its outline in metres, simplified, for drawing and for nothing else."""

import json
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from marketplace.kit.grid import Point
from marketplace.kit.places import CouncilCode

PATH = Path(__file__).with_name("geography") / "council_outlines.tsv"
STEP = 10
"""Metres in one step of the file: as fine as the boundaries it was made from."""

Ring = tuple[Point, ...]
"""One closed line. Its first point follows its last."""


@lru_cache(maxsize=64)
def outline(code: CouncilCode) -> tuple[Ring, ...]:
    """Return the rings of a council's outline: islands have one each. None for a council we do not know."""
    packed = _packed().get(code)
    return tuple(_ring(steps) for steps in json.loads(packed)) if packed else ()


@lru_cache(maxsize=1)
def _packed() -> dict[str, str]:
    """Return each council's line of the file, not yet taken apart: a page draws one or two of the 153."""
    with PATH.open(encoding="utf-8") as file:
        return dict(line.rstrip("\n").split("\t") for line in file)


def _ring(steps: list[int]) -> Ring:
    easts, norths = accumulate(steps[::2]), accumulate(steps[1::2])
    return tuple(Point(east * STEP, north * STEP) for east, north in zip(easts, norths, strict=True))
