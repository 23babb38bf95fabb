"""The ways a page is looked at: how it is read, in which colours, how wide, and what is asked of it."""

from dataclasses import dataclass, field

from marketplace.kit.reading import Ground, Reading, Size, Spacing, Words

NARROW, WIDE = 320, 1280
"""320 CSS pixels are a small phone, and a window of 1280 at 400 %."""

COLOUR_RULES = ("color-contrast", "link-in-text-block")
"""What a change of colours alone can break."""


@dataclass(frozen=True, slots=True)
class Mode:
    """One way of looking. `every`: one page in so many is looked at like this."""

    name: str
    reading: Reading = field(default_factory=Reading)
    scheme: str = "light"
    widths: tuple[int, ...] = (WIDE, NARROW)
    only_colours: bool = False
    has_axe: bool = True
    has_keyboard: bool = False
    has_picture: bool = False
    every: int = 1
    is_for_words: bool = False
    """Whether there is nothing to look at where the words are the same as in the first mode."""


MODES = (
    Mode("light", has_keyboard=True, has_picture=True),
    Mode("dark", scheme="dark", widths=(WIDE,), only_colours=True),
    Mode("dark narrow", scheme="dark", widths=(NARROW,), only_colours=True, every=4),
    Mode("easy", Reading(words=Words.EASY), has_picture=True, is_for_words=True),
    Mode("easy dark", Reading(words=Words.EASY), "dark", (WIDE,), only_colours=True, is_for_words=True),
    Mode("largest", Reading(size=Size.LARGEST, spacing=Spacing.WIDE), widths=(NARROW,), has_axe=False),
    Mode("contrast", Reading(ground=Ground.CONTRAST), only_colours=True, every=5),
    Mode("chosen dark", Reading(ground=Ground.DARK), only_colours=True, every=5),
)
QUICK = ("light", "dark")


def modes_named(names: list[str]) -> list[Mode]:
    """
    Return modes by their names, in the order of `MODES`.

    :raises ValueError: if there is no such mode.
    """
    if unknown := set(names) - {mode.name for mode in MODES}:
        raise ValueError(f"There is no mode {', '.join(sorted(unknown))}.")
    return [mode for mode in MODES if mode.name in names]
