"""
Queries with judgements: what somebody who asks this would want to find, and how well a ranking does by it.

Each query was judged on what several rankings found for it, together: BM25 over all words, BM25 over titles, over
categories, over words that mean the same, and the site's own. Grades were given by reading the offers, before the
site's ranking was changed by them: 3 is just what is wanted, 2 would do well, 1 is worth a look. What has no grade is
of no use. One query in three is held out: nobody may look at it to make the ranking better.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A query, the sort of query it is, and the grade of each offer by its key. A key may have a star at its end."""

    query: str
    sort: str
    wants: str
    is_held_out: bool
    grades: Mapping[str, int]

    def graded(self, keys: Sequence[str]) -> dict[str, int]:
        """Return the grades of those offers that have one."""
        stars = {key: grade for key, grade in self.grades.items() if key.endswith("*")}
        grades = {
            key: self.grades.get(key) or next((g for star, g in stars.items() if fnmatchcase(key, star)), 0)
            for key in keys
        }
        return {key: grade for key, grade in grades.items() if grade}


def read() -> list[Judged]:
    """Return all judged queries."""
    return [
        Judged(
            query=each["query"],
            sort=path.stem,
            wants=each["wants"],
            is_held_out=each.get("held_out", False),
            grades={key: grade for grade in (1, 2, 3) for key in each.get(grade, [])},
        )
        for path in sorted(FOLDER.glob("*.yaml"))
        for each in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def ndcg(found: Sequence[str], grades: Mapping[str, int], *, depth: int = DEPTH) -> float:
    """
    Return the discounted gain of the first answers, over that of the best order there could be: 0 to 1.

    The gain is the grade itself, and the discount log2(rank + 1), as in trec_eval's ndcg_cut.

    :raises ValueError: if nothing there is was judged to be of use.
    """
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    if not best:
        raise ValueError("no offer that is there was judged to be of use")
    return _gain([grades.get(key, 0) for key in found[:depth]]) / best


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
