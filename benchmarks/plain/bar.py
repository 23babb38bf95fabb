"""The bar for our words: what is over it, and what may be."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.plain.grades import BAR, FEWEST_WORDS, Grades, grades_of, words_of

MOST_WORDS = 25
"""In one sentence."""
OVER = Path(__file__).with_name("over.yaml")


@dataclass(frozen=True)
class Reading:
    """How hard a page, or a file of words, is to read."""

    where: str
    grades: Grades
    long: tuple[str, ...]
    hardest: tuple[str, ...]

    @property
    def is_graded(self) -> bool:
        """Test whether it says enough for a grade to mean something."""
        return self.grades.words >= FEWEST_WORDS

    @property
    def is_over(self) -> bool:
        """Test whether it is harder than the bar, or has a sentence that is too long."""
        return bool(self.long) or (self.is_graded and self.grades.age > BAR)

    @property
    def words(self) -> str:
        """Say what is the matter."""
        long = f", {len(self.long)} of its sentences longer than {MOST_WORDS} words" if self.long else ""
        return f"{self.where} has reading age {self.grades.age}{long}: “{self.hardest[0]}”"


def reading_of(where: str, sentences: list[str]) -> Reading:
    """Return how hard some sentences are, and which of them most."""
    long = tuple(one for one in sentences if len(words_of(one)) > MOST_WORDS)
    hardest = sorted(sentences, key=_weight, reverse=True)
    return Reading(where, grades_of(sentences), long, tuple(hardest))


def _weight(sentence: str) -> float:
    """Return how much a sentence adds to what is hard: one of a few long words is not, beside one of forty."""
    grades = grades_of([sentence])
    return grades.flesch_kincaid * min(1, grades.words / 8)


def allowed(path: Path = OVER) -> dict[str, str]:
    """Return what may be over the bar, and why."""
    return {row["where"]: row["reason"] for row in yaml.safe_load(path.read_text())}


def problems_of(readings: list[Reading], reasons: dict[str, str]) -> list[str]:
    """Return what is over the bar and does not say why, and what says why and is not over it."""
    over = {one.where: one for one in readings if one.is_over}
    hard = [f"{one.words}. Say it in shorter words, or say why not in {OVER.name}." for one in over.values()]
    unsaid = [words for where, words in zip(over, hard, strict=True) if where not in reasons]
    known = {one.where for one in readings}
    stale = [f"{where} needs no reason any more." for where in reasons if where in known and where not in over]
    gone = [f"{where} is not there any more; its reason can go." for where in reasons if where not in known]
    return unsaid + stale + gone
