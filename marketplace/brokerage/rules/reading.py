"""How old must somebody be to read some words with ease? Pure: sentences and syllables, counted."""

import re

_SENTENCE = re.compile(r"[.!?\n]+")
_WORD = re.compile(r"[A-Za-z’']+")
_VOWELS = re.compile(r"[aeiouy]+")
_FEWEST_WORDS = 30
"""Of fewer words nothing can be said."""
_EASY_ENOUGH = 12
_LONG_SENTENCE = 25
_STARTS_SCHOOL = 5


def reading_age(words: str) -> int | None:
    """Return at about which age people read some words with ease (Flesch and Kincaid), or None if they are few."""
    said = _WORD.findall(words)
    sentences = [one for one in _SENTENCE.split(words) if _WORD.search(one)]
    if len(said) < _FEWEST_WORDS or not sentences:
        return None
    grade = 0.39 * len(said) / len(sentences) + 11.8 * sum(_syllables(word) for word in said) / len(said) - 15.59
    return max(_STARTS_SCHOOL, round(grade) + _STARTS_SCHOOL)


def hint(words: str) -> str | None:
    """Return a friendly hint for words that are hard to read, as a sentence, or None if they are easy enough."""
    age = reading_age(words)
    if age is None or age <= _EASY_ENOUGH:
        return None
    longest = max(_SENTENCE.split(words), key=lambda one: len(_WORD.findall(one)))
    if len(_WORD.findall(longest)) > _LONG_SENTENCE:
        begins = " ".join(longest.split()[:6])
        return f"Some providers may find this hard to read. Try two sentences where you wrote “{begins} …”."
    return (
        "Some providers may find this hard to read. Shorter words help: “use” for “utilise”, “help” for “facilitate”."
    )


def _syllables(word: str) -> int:
    plain = word.lower().rstrip("’'s")
    found = len(_VOWELS.findall(plain))
    # A last “e” is silent, but for “table” and its like.
    silent = plain.endswith("e") and not plain.endswith(("le", "ee"))
    return max(1, found - silent)
