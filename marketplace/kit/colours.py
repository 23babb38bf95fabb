"""Which colours does the style sheet name, and how well do they stand out from each other (WCAG 2.2)?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

SCHEMES = ("light", "dark", "contrast")
GROUNDS = ("paper", "card", "sand", "teal-tint", "plum-tint", "orange-tint", "green-tint", "red-tint")
WORDS = ("ink", "muted", "teal", "plum", "orange", "green", "red", "line")
_FLAT = 0.04045


@dataclass(frozen=True, slots=True)
class Pair:
    """A colour on a ground, and how much it stands out: 21 is black on white."""

    words: str
    ground: str
    ratio: float


def named(sheet: str, scheme: str) -> dict[str, str]:
    """Return the colours that a mixin of a style sheet names, such as `ink`: `#1b2733`."""
    block = re.search(rf"@mixin {scheme} {{(.*?)\n}}", sheet, re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1])) if block else {}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pairs(colours: Mapping[str, str]) -> tuple[tuple[Pair, ...], ...]:
    """Return every colour of words on every ground: a row for each colour."""
    return tuple(
        tuple(Pair(words, ground, contrast(colours[words], colours[ground])) for ground in GROUNDS) for words in WORDS
    )


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= _FLAT else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
