"""
What to look up, so that enough is found and not too much is looked at.

Words that few documents have are looked up by themselves. Where more match than we look at, keys narrow it down first:
category, place and the like. When what is nearest or cheapest is to come first, we look no farther than need be. What
is still too much is looked at in part: a half, a quarter and so on, another one each day, so that everybody has the
same chance; but everything with the words in its title, category or provider is looked at in any case.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlalchemy import BindParameter, Dialect, bindparam, select
from sqlalchemy.orm import Session

from marketplace.search.engines import Engine
from marketplace.search.language import Leaf, Node, Sign, Word
from marketplace.search.models import Key
from marketplace.search.queries.prepared import Prepared, prepare
from marketplace.search.rules import COMMONEST, Cost, Question, Sort, shuffle_of
from marketplace.search.rules.keys import (
    FARTHEST,
    SHARES,
    SQUARES,
    key,
    price_keys,
    reach_keys,
    share_key,
    square_keys,
)

MOST = 1_000
"""Documents we look at to answer one question."""

AIM = 700
"""Documents we mean to look at when there are more than `MOST`. What we go by are guesses."""

RINGS = (250, 500, 1_000, *SQUARES)
"""How far we look when what is nearest is to come first, in metres."""

_TELLING = 4
"""A filter is looked up, and not only tested, when it lets less than one document in this many through."""

_KEY = Key.__table__.c


@lru_cache(maxsize=64)
def _keys_counted(dialect: Dialect, keys: int) -> Prepared:
    names: list[BindParameter[str]] = [bindparam(f"key_{n}") for n in range(keys)]
    return prepare(select(_KEY.key, _KEY.documents).where(_KEY.key.in_(names)), dialect)


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What a document must match, and what it is judged by.

    `leaves` are the words that are looked up, and `needs_all` says whether a document must have every one.
    """

    match: Node
    signs: tuple[Sign, ...]
    leaves: tuple[Leaf, ...]
    needs_all: bool
    is_loosened: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """
    What to look up.

    `match` is in the engine's own words, or None for everything; `match_any_shelf` is for when it does not matter which
    shelf was asked for. `halvings` says how often the whole was halved, `steps` how far we go in the order asked for,
    and `ring` how many metres that is; None means all the way.
    """

    match: str | None = None
    match_any_shelf: str | None = None
    halvings: int = 0
    halvings_any_shelf: int = 0
    steps: int | None = None
    ring: int | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all that fits is looked at."""
        return not self.halvings and self.steps is None


def documents_of(leaf: Leaf, known: Mapping[str, int]) -> int:
    """Return in how many documents a leaf is. Of the start of a word nobody knows: it is taken as somewhat common."""
    return known.get(leaf.stem, 0) if isinstance(leaf, Word) else known[""] // COMMONEST


class Planner:
    """Plans how one question is looked up on one database."""

    def __init__(
        self, session: Session, engine: Engine, question: Question, wanted: Wanted | None, known: Mapping[str, int]
    ) -> None:
        self._session = session
        self._engine = engine
        self._question = question
        self._wanted = wanted
        self._all = known[""]
        self._words = engine.ask(wanted.match) if wanted else None
        self._holding = [documents_of(leaf, known) for leaf in wanted.leaves] if wanted else []

    def first(self) -> Lookup:
        """Return what to look up first."""
        if self._at_most() <= MOST:
            return Lookup(self._words, self._words)
        size = self._size(self._shelf_groups)
        if size <= MOST:
            return self._lookup(0, None)
        steps = self._furthest(size)
        return self._lookup(self._halvings(size if steps is None else size * self._share_of_steps(steps)), steps)

    def narrower(self, last: Lookup) -> Lookup | None:
        """Return what to look up when that gave more than `MOST`, or None if there is no less."""
        if last.steps:
            return self._lookup(last.halvings, last.steps - 1)
        if last.steps is None and last.halvings == 0 and self._steps:
            return self._lookup(0, self._furthest(max(self._size(self._shelf_groups), 2 * MOST)))
        return self._lookup(last.halvings + 1, last.steps) if last.halvings < SHARES else None

    def wider(self, last: Lookup, *, found: int, needed: int) -> Lookup | None:
        """Return what to look up when that gave so few, or None if it was enough or all there is."""
        if last.halvings and found < AIM // 4:
            fewer = max(1, int(math.log2(AIM / max(found, 1))))
            return self._lookup(max(0, last.halvings - fewer), last.steps)
        if last.steps is not None and found < needed:
            return self._lookup(last.halvings, last.steps + 1 if last.steps + 1 < len(self._steps) else None)
        return None

    def _lookup(self, halvings: int, steps: int | None) -> Lookup:
        any_shelf = self._halvings(self._size([]))
        leading = [] if steps is None else [self._steps[steps]]
        is_ringed = steps is not None and self._question.sort is Sort.DISTANCE
        return Lookup(
            match=self._match([*self._shelf_groups, *self._groups], leading, halvings),
            match_any_shelf=self._match(self._groups, [], any_shelf),
            halvings=halvings,
            halvings_any_shelf=any_shelf,
            steps=steps,
            ring=RINGS[steps] if is_ringed and steps is not None else None,
        )

    def _match(self, groups: Sequence[Sequence[str]], leading: Sequence[Sequence[str]], halvings: int) -> str | None:
        """Return what has the words, a key of each group that tells something, and is in the share of the day."""
        engine = self._engine
        telling = [group for group in groups if self._share_of(group) * _TELLING < 1]
        parts = [self._words] if self._words else []
        parts += [engine.any_of([engine.key(each) for each in self._there(group)]) for group in (*telling, *leading)]
        if halvings:
            share = share_key(shuffle_of(self._question.today).start, halvings)
            parts.append(engine.any_of([engine.key(share), *self._above]))
        return engine.all_of(parts) if parts else None

    def _at_most(self) -> int:
        """Return how many documents can have the words, at most."""
        if self._wanted is None:
            return self._all
        return min(self._holding) if self._wanted.needs_all else sum(self._holding)

    def _size(self, groups: Sequence[Sequence[str]]) -> float:
        """Guess how many documents have the words, and a key of each of these groups and of those that no shelf is."""
        shares = [self._share_of(group) for group in (*groups, *self._groups)]
        if self._wanted and self._wanted.needs_all:
            shares += [holding / max(self._all, 1) for holding in self._holding]
        elif self._wanted:
            shares.append(min(1, sum(self._holding) / max(self._all, 1)))
        # Each after the first counts for less: what people ask for together is found together.
        size: float = self._all * math.prod(share ** (0.5**n) for n, share in enumerate(sorted(shares)))
        return size

    @staticmethod
    def _halvings(size: float) -> int:
        return 0 if size <= MOST else min(SHARES, math.ceil(math.log2(size / AIM)))

    def _furthest(self, size: float) -> int | None:
        """Return how many steps to go in the order asked for, so as not to find too much. None: it has no steps."""
        if not self._steps:
            return None
        enough = [step for step in range(len(self._steps)) if size * self._share_of_steps(step) <= AIM]
        return max(enough, default=0)

    def _share_of_steps(self, steps: int) -> float:
        share = self._share_of(self._steps[steps])
        if self._question.sort is Sort.DISTANCE and RINGS[steps] < SQUARES[0]:
            # Smaller than any square: as much of four of them as a circle that small is.
            return share * (RINGS[steps] / SQUARES[0]) ** 2
        return share

    def _share_of(self, group: Sequence[str]) -> float:
        return min(1, sum(self._counted.get(each, 0) for each in group) / max(self._all, 1))

    def _there(self, group: Sequence[str]) -> Sequence[str]:
        """Return those keys of a group that some document is under, or one that stands for none."""
        return [each for each in group if each in self._counted] or group[:1]

    @cached_property
    def _shelf_groups(self) -> list[list[str]]:
        asked = self._question
        if self._wanted and self._wanted.is_loosened:  # What is good enough depends on the best, on any shelf.
            return []
        groups = [[key("kind", kind) for kind in asked.kinds], [key("category", each) for each in asked.categories]]
        if asked.cost is not None:
            groups.append([key("free", asked.cost is Cost.FREE)])
        return list(filter(None, groups))

    @cached_property
    def _groups(self) -> list[list[str]]:
        asked = self._question
        groups = [[key("mark", mark)] for mark in asked.marks]
        served = [key("council", asked.council)] if asked.council else []
        if asked.near and asked.within_metres is not None and asked.within_metres < FARTHEST:
            groups.append([*served, *reach_keys(asked.near, asked.within_metres)])
        elif served and not asked.near:
            groups.append([*served, key("everywhere")])
        if asked.dearest is not None:
            groups.append(price_keys(asked.dearest))
        return groups

    @cached_property
    def _steps(self) -> list[list[str]]:
        """Return the keys of what comes first in the order asked for, then of that and what comes next, and so on."""
        asked = self._question
        if asked.sort is Sort.DISTANCE and asked.near:
            return [square_keys(asked.near, metres) for metres in RINGS]
        if asked.sort is Sort.PRICE:
            bands = [each for each in price_keys() if each in self._counted]
            return [bands[: n + 1] for n in range(len(bands))]
        return []

    @cached_property
    def _above(self) -> list[str]:
        """Return what has the words in its title or label, as the engine is asked for it, unless that is too much."""
        engine, wanted = self._engine, self._wanted
        if wanted is None or not all(isinstance(leaf, Word) for leaf in wanted.leaves):
            return []
        for parts in (("title", "label"), ("title",)):
            groups = [[key(part, leaf.stem) for part in parts] for leaf in wanted.leaves if isinstance(leaf, Word)]
            sizes = [sum(self._counted.get(each, 0) for each in group) for group in groups]
            if (min(sizes) if wanted.needs_all else sum(sizes)) <= AIM // 2:
                asked = [engine.any_of(list(map(engine.key, group))) for group in groups]
                return [engine.all_of(asked) if wanted.needs_all else engine.any_of(asked)]
        return []

    @cached_property
    def _counted(self) -> Mapping[str, int]:
        keys = {each for group in (*self._shelf_groups, *self._groups) for each in group}
        keys |= {
            key(part, leaf.stem)
            for leaf in (self._wanted.leaves if self._wanted else ())
            if isinstance(leaf, Word)
            for part in ("title", "label")
        }
        if self._question.sort is Sort.DISTANCE and self._question.near:
            keys |= {each for metres in RINGS for each in square_keys(self._question.near, metres)}
        if self._question.sort is Sort.PRICE:
            keys.update(price_keys())
        if not keys:
            return {}
        # As many as the next power of two, by naming the last again: a handful of statements then serves them all.
        named = sorted(keys)
        named += named[-1:] * (2 ** (len(named) - 1).bit_length() - len(named))
        counting = _keys_counted(self._session.get_bind().dialect, len(named))
        rows = counting.run(self._session, {f"key_{n}": key for n, key in enumerate(named)})
        return {key: documents for key, documents in rows}
