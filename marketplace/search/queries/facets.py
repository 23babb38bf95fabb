"""How many there would be with another choice."""

import json
import sys
from array import array
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from marketplace.search.rules import Cost, Question

Shelves = Sequence[tuple[str, str, bool, int]]
"""Kind, category, whether it is free, and how many documents stand there."""


def shelf_counts(question: Question, *, fitting: Shelves, any_shelf: Shelves | None) -> dict[str, Counter[str]]:
    """
    Return how many there would be for each kind, category and cost, all other filters applied.

    :param fitting: the shelves of what fits the question.
    :param any_shelf: those of what would fit it without its kinds, categories and cost; None if it has none.
    """
    every = fitting if any_shelf is None else any_shelf
    kinds, categories, costs = Counter[str](), Counter[str](), Counter[str]()
    # Of the filter that is counted itself any value will do; all others must let it through.
    for kind, category, is_free, found in fitting:
        kinds[kind] += 0 if question.kinds else found
        categories[category] += 0 if question.categories else found
        costs[_cost(is_free)] += 0 if question.cost else found
    for kind, category, is_free, found in every:
        is_kind = kind in question.kinds
        is_category = not question.categories or category in question.categories
        is_cost = question.cost is None or _cost(is_free) is question.cost
        if question.kinds and is_category and is_cost:
            kinds[kind] += found
        if question.categories and (is_kind or not question.kinds) and is_cost:
            categories[category] += found
        if question.cost and (is_kind or not question.kinds) and is_category:
            costs[_cost(is_free)] += found
    return {name: +counted for name, counted in (("kind", kinds), ("category", categories), ("cost", costs))}


def _cost(is_free: bool) -> Cost:  # noqa: FBT001 - as it comes from the database
    return Cost.FREE if is_free else Cost.PAID


def mark_counts(marks: Sequence[int], names: str) -> Counter[str]:
    """
    Return how many documents have each mark.

    :param marks: the marks of each document, a bit each.
    :param names: a JSON list of [bit, name].
    """
    # All documents side by side in one long number: then a bit is counted in all of them at once.
    row = int.from_bytes(array("q", marks).tobytes(), sys.byteorder)
    ones = _ones(len(marks))
    counted = {name: (row >> bit & ones).bit_count() for bit, name in _names(names)}
    return Counter({name: found for name, found in counted.items() if found})


@lru_cache(maxsize=4_096)
def _ones(documents: int) -> int:
    return int.from_bytes(array("q", [1]).tobytes() * documents, sys.byteorder)


@lru_cache(maxsize=64)
def _names(names: str) -> Sequence[tuple[int, str]]:
    return [(bit, name) for bit, name in json.loads(names)]
