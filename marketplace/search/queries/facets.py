"""How many there would be with another choice."""

import json
import sys
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
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
    for kind, _category, _is_free, found in _passing(question, every if question.kinds else fitting, but="kind"):
        kinds[kind] += found
    for _kind, category, _is_free, found in _passing(
        question, every if question.categories else fitting, but="category"
    ):
        categories[category] += found
    for _kind, _category, is_free, found in _passing(question, every if question.cost else fitting, but="cost"):
        costs[_cost(is_free).value] += found
    return {"kind": kinds, "category": categories, "cost": costs}


def _passing(question: Question, shelves: Shelves, *, but: str) -> Iterator[tuple[str, str, bool, int]]:
    for shelf in shelves:
        kind, category, is_free, _found = shelf
        if (
            (but == "kind" or not question.kinds or kind in question.kinds)
            and (but == "category" or not question.categories or category in question.categories)
            and (but == "cost" or question.cost is None or _cost(is_free) is question.cost)
        ):
            yield shelf


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
