"""What people all over England do in the town's quarters, and what its council says back, as it is written."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from marketplace.demand.rules.nouns import SignalKind
from marketplace.kit.places import CouncilCode

QUARTERS = 5


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WrittenKind(_Written):
    """
    One kind of support, through the closed quarters, oldest first.

    `bought`: of a hundred people who buy, how many buy this. `missed`: of a hundred whose search finds nothing, how
    many searched for this. `price`: pence for one `unit`, which changes by `rise` percent each quarter. `stars`: what
    most give it. `offered`: of a hundred providers, how many offer it; `full`: how many of those have no space.
    """

    bought: int
    missed: tuple[int, ...]
    unit: Literal["hour", "session", "day", "night", "week"]
    price: int
    rise: int = 0
    stars: int = 4
    offered: int = 5
    full: int = 30
    pooled: int = 10


class WrittenSignal(_Written):
    """
    Something the council posts, so many days after the end of the quarter `after` (0: the oldest closed one).

    `quotes`: a measure of unmet demand whose figure it quotes, if it is shown by then. `answers`: the title it answers.
    """

    kind: SignalKind
    after: int
    days: int
    title: str
    words: str
    category: str | None = None
    quotes: str = ""
    told: str = ""
    answers: str = ""
    is_taken_back: bool = False


class WrittenAlert(_Written):
    """What a provider wants to be told of. `category` is `any` for all."""

    provider: str
    category: str


class WrittenNation(_Written):
    """People of the town's own council, of its neighbours and elsewhere who do something in a quarter, and what."""

    at_home: int = 0
    growth: int = 0
    neighbours: dict[CouncilCode, int] = {}
    elsewhere: tuple[int, int] = (0, 0)
    # Elsewhere: people who only search, and find nothing; providers. They give the map something to show.
    searching: tuple[int, int] = (0, 0)
    providing: tuple[int, int] = (0, 0)
    kinds: dict[str, WrittenKind] = {}
    signals: tuple[WrittenSignal, ...] = ()
    alerts: tuple[WrittenAlert, ...] = ()

    def check(self) -> None:
        """:raises ValueError: if something is said of a kind of support that is not written."""
        named = {one.category for one in self.signals if one.category} | {one.category for one in self.alerts} - {"any"}
        if missing := named - set(self.kinds):
            raise ValueError(f"no such kind of support: {', '.join(sorted(missing))}")
        if odd := [slug for slug, kind in self.kinds.items() if len(kind.missed) != QUARTERS]:
            raise ValueError(f"not one number for each quarter: {', '.join(sorted(odd))}")
