"""What somebody most likely meant by a word that nobody wrote."""

from collections.abc import Mapping

from whoosh.support.levenshtein import damerau_levenshtein

from marketplace.search.language.parsing import tidy
from marketplace.search.language.words import WORD, Words

SHORT_WORD = 4
"""Letters up to which a word may have one slip. A longer one may have two."""


def slips_allowed(word: str) -> int:
    """Return how many slips a word may have and still be known for what it is. Three letters are too few for any."""
    return 0 if len(word) < SHORT_WORD else 1 if len(word) == SHORT_WORD else 2


def nearest(word: str, known: Mapping[str, int]) -> str | None:
    """
    Return the known word that is nearest to this one, or None if none is near.

    Fewest slips first, then the word in most documents. A letter too many, too few, wrong, or swapped with the next is
    one slip. Only Whoosh's measure of distance is used: its `suggest()` took ten milliseconds for six hundred words,
    and what it says of a word that is right differs between releases.

    :param known: words, and how many documents hold each.
    """
    slips = slips_allowed(word)
    letters = set(word)
    near: list[tuple[int, int, str]] = []
    for other, documents in known.items():
        if abs(len(other) - len(word)) > slips or len(letters ^ set(other)) > 2 * slips:
            continue
        distance = damerau_levenshtein(*_where_they_differ(word, other), limit=slips)
        if 0 < distance <= slips:
            near.append((distance, -documents, other))
    return min(near)[2] if near else None


def _where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Return two words without what they begin and end with alike. It has no slips, and comparing it takes longest."""
    start = _alike(one, other)
    one, other = one[start:], other[start:]
    end = _alike(one[::-1], other[::-1])
    return one[: len(one) - end], other[: len(other) - end]


def _alike(one: str, other: str) -> int:
    """Return how many letters two words begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def respelt(question: str, *, better: Mapping[str, str], words: Words) -> str:
    """Return a question with some of its words replaced, and everything else as it was written."""
    return WORD.sub(lambda found: better.get(words.look(found[0]) or "", found[0]), tidy(question))
