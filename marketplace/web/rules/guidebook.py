"""Which guides people read, in which order, and what their pictures show. Pure."""

import re
from dataclasses import dataclass

SHELVES = (
    ("For people who want support", ("finding-and-buying", "helping-somebody")),
    ("For people who offer it", ("providers-start", "providers", "user-led-organisations", "brokers")),
    ("For people who keep it fair", ("moderators", "operators")),
    ("For councils, and for programs", ("commissioners", "how-figures-are-made", "api")),
)
"""The guides by whom they are for. Each is a page of docs/guides."""

SLUGS = tuple(slug for _, slugs in SHELVES for slug in slugs)
WIDTHS = (1280, 320)
"""How wide the pictures of guides are taken, in pixels. A page names the first."""

_RECIPE = re.compile(
    r"^<!-- (?P<who>[a-z]+): (?P<steps>.+?) -->\n!\[[^\]]+\]\(pictures/(?P<name>[a-z-]+)-1280\.png\)", re.MULTILINE
)
_STEP = re.compile(r"(?P<verb>open|follow|press|show) (?P<what>.+)")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a picture is taken: as whom, and what they do, which is what the guide tells its reader to do."""

    name: str
    who: str
    steps: tuple[tuple[str, str], ...]


def recipes_in(words: str) -> tuple[Recipe, ...]:
    """
    Return how the pictures of a guide are taken.

    :raises ValueError: if a step is none that anybody can take.
    """
    return tuple(
        Recipe(found["name"], found["who"], tuple(map(_step, found["steps"].split("; "))))
        for found in _RECIPE.finditer(words)
    )


def _step(words: str) -> tuple[str, str]:
    found = _STEP.fullmatch(words)
    if found is None:
        raise ValueError(f"nobody can do this: {words}")
    return found["verb"], found["what"]
