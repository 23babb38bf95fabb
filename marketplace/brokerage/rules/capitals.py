"""Which words have a capital that no sentence gave them? They may name a place, a school, a provider or a person."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from marketplace.brokerage.rules.rare_words import CARE_WORDS, INSTITUTIONS, SAY_NOTHING

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_BETWEEN = frozenset({"of", "on", "the", "upon", "in", "le", "and", "under", "by"})
_STREETS = frozenset(
    {"street", "road", "lane", "avenue", "crescent", "terrace", "grove", "mews", "drive", "close", "row", "way"}
)
_SET_OFF = frozenset(
    {
        "after", "although", "and", "are", "as", "at", "because", "before", "both", "but", "by", "can", "do", "for",
        "from", "has", "have", "he", "her", "his", "i", "if", "in", "is", "it", "like", "my", "near", "no", "not", "on",
        "once", "only", "or", "our", "she", "since", "so", "some", "sometimes", "that", "the", "their", "then", "they",
        "this", "though", "to", "until", "was", "we", "what", "when", "where", "while", "who", "with", "you", "your",
    }
)  # fmt: skip
"""What sentences begin with, and names do not."""
_LONGEST_ACRONYM = 5
_MOSTLY = 0.6
"""From this share of words with capitals on, capitals say nothing: a title in capitals, or somebody who shouts."""
_A_FEW = 3


@dataclass(frozen=True, slots=True)
class Capitals:
    """A run of words with capitals, as it stands, and where."""

    text: str
    start: int
    end: int

    @property
    def _words(self) -> list[str]:
        return [word.lower() for word in _WORD.findall(self.text)]

    @property
    def is_street(self) -> bool:
        """Whether it ends as streets do."""
        return len(self._words) > 1 and self._words[-1] in _STREETS

    @property
    def is_about_care(self) -> bool:
        """Whether it looks like somebody who provides support."""
        return len(self._words) > 1 and any(word in CARE_WORDS for word in self._words[1:])


def capitals_in(words: str, *, allowed: Collection[str]) -> Iterator[Capitals]:
    """
    Yield runs of words with capitals that stand within a sentence, or go on after its first word.

    `allowed` are words that everybody may read anyway.
    """
    matches = list(_WORD.finditer(words))
    upper = sum(match.group()[0].isupper() for match in matches)
    if len(matches) >= _A_FEW and upper >= _MOSTLY * len(matches):
        return
    at = 0
    while at < len(matches):
        last = _end_of_run(words, matches, at)
        run = matches[at : last + 1]
        telling = _telling(words, run, allowed)
        if telling:
            start, end = telling[0].start(), telling[-1].end()
            yield Capitals(words[start:end], start, end)
        at = last + 1


def _end_of_run(words: str, matches: list[re.Match[str]], at: int) -> int:
    """Return where a run that begins here ends: capitals beside each other, with “of” or “upon” between them."""
    if not matches[at].group()[0].isupper():
        return at
    last = at
    for next_one in range(at + 1, len(matches)):
        if words[matches[next_one - 1].end() : matches[next_one].start()] not in {" ", "-"}:
            break
        word = matches[next_one].group()
        if word[0].isupper():
            last = next_one
        elif word not in _BETWEEN or next_one > last + 2:
            break
    return last


def _telling(words: str, run: list[re.Match[str]], allowed: Collection[str]) -> list[re.Match[str]]:
    """Return those words of a run that tell something; none if what is left could be any place of its sort."""
    begins = _begins_sentence(words, run[0].start())
    # The first word of a sentence has its capital from it: alone, or as “Since”, it says nothing.
    said = [match for match in run if match.group()[0].isupper() and not (begins and match is run[0])]
    telling = [match for match in said if not _says_nothing(match.group(), allowed)]
    if begins and telling and telling[0] is run[1] and run[0].group().lower() not in _SET_OFF:
        telling = [run[0], *telling]
    # “Day Centre” alone is any; “Rosemount Hostel” is one.
    is_one = any(match.group().lower() not in INSTITUTIONS | CARE_WORDS for match in telling)
    return telling if is_one else []


def _says_nothing(word: str, allowed: Collection[str]) -> bool:
    plain = word.lower().replace("’", "'").removesuffix("'s")
    is_acronym = word.isupper() and len(word) <= _LONGEST_ACRONYM
    return is_acronym or plain in SAY_NOTHING or word.lower() in SAY_NOTHING or plain in allowed


def _begins_sentence(words: str, start: int) -> bool:
    ahead = words[:start].rstrip(" \t\"“‘'(")
    return not ahead or ahead[-1] in ".!?:;\n•-–—"
