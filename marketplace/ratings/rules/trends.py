"""What several people say, by quarter and by word. Pure: fewer than three people never make a figure."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from marketplace.ratings.rules.quarters import Quarter
from marketplace.ratings.rules.reviewing import MOST_STARS
from marketplace.ratings.rules.scoring import FEWEST_RATERS, summary_of

QUARTERS = 5
"""A year, and the quarter that has begun: what stands beside each other."""

MOST_THEMES = 12
_SHORTEST_THEME = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What one person gave, in the quarter in which it was first shown. `who` never leaves this page of code."""

    who: uuid.UUID
    quarter: Quarter
    stars: int


@dataclass(frozen=True, slots=True)
class Cell:
    """How many people said something, and what they gave on average. Both None: fewer than three."""

    people: int | None
    average: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """What people gave about one thing, a cell for each quarter, and all of them together."""

    about: str
    cells: tuple[Cell, ...]
    whole: Cell


@dataclass(frozen=True, slots=True)
class Theme:
    """A word that several people used, and what those people gave on average."""

    word: str
    people: int
    average: Decimal | None


FEW = Cell(people=None, average=None)


def last_quarters(newest: Quarter) -> tuple[Quarter, ...]:
    """Return the quarters that stand beside each other, the oldest first."""
    found = [newest]
    while len(found) < QUARTERS:
        first = found[0]
        found.insert(0, Quarter(first.year, first.number - 1) if first.number > 1 else Quarter(first.year - 1, 4))
    return tuple(found)


def cell_of(said: Sequence[Said]) -> Cell:
    """Return how many people said something, and their average."""
    people = len({one.who for one in said})
    if people < FEWEST_RATERS:
        return FEW
    return Cell(people=people, average=_average(said))


def line_of(about: str, said: Sequence[Said], quarters: Sequence[Quarter]) -> Line:
    """Return what people gave about one thing in each of some quarters, and in all of them together."""
    cells = tuple(cell_of([one for one in said if one.quarter == quarter]) for quarter in quarters)
    return Line(about=about, cells=cells, whole=cell_of(said))


def lines_of(said: Mapping[str, Sequence[Said]], quarters: Sequence[Quarter]) -> tuple[Line, ...]:
    """Return a line for everything that at least three people said something about, the best first."""
    lines = (line_of(about, those, quarters) for about, those in said.items())
    worth_showing = [line for line in lines if line.whole.average is not None]
    return tuple(sorted(worth_showing, key=lambda line: (-(line.whole.average or 0), line.about)))


def themes_of(words: Iterable[tuple[Said, Mapping[str, str]]], *, but_not: frozenset[str]) -> tuple[Theme, ...]:
    """
    Return the words that at least three people used, those that most people used first.

    :param words: what each said, with the stem of each word they used and how they wrote it.
    :param but_not: stems that say nothing here: what the offer is called, for instance.
    """
    users: dict[str, dict[uuid.UUID, Said]] = {}
    spellings: dict[str, Counter[str]] = {}
    for said, used in words:
        for stem, written in used.items():
            if stem not in but_not and len(written) >= _SHORTEST_THEME and not written.isdigit():
                users.setdefault(stem, {})[said.who] = said
                spellings.setdefault(stem, Counter())[written] += 1
    found = [
        Theme(word=_usual(spellings[stem]), people=len(those), average=_average(tuple(those.values())))
        for stem, those in users.items()
        if len(those) >= FEWEST_RATERS
    ]
    return tuple(sorted(found, key=lambda theme: (-theme.people, theme.word))[:MOST_THEMES])


def _average(said: Sequence[Said]) -> Decimal | None:
    stars = Counter(one.stars for one in said)
    return summary_of([stars[number] for number in range(1, MOST_STARS + 1)]).average


def _usual(spellings: Counter[str]) -> str:
    """Return how a word is mostly written; of two written as often, the first in the alphabet."""
    return min(spellings, key=lambda written: (-spellings[written], written))
