"""How published lists write things, and how we write them: blank cells, names in capitals, postcodes, coordinates."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from marketplace.kit import text

LONGEST_KEY = 200

BLANK = frozenset({"", "-", "–", "—", "?", "NA", "N/A", "n/a", "#N/A", "NULL", "null", "NaN", "nan", "(blank)"})
"""What spreadsheets and statistics programs write for nothing. A place called "Na" is not among them."""

_SMALL = frozenset(
    "and as at by de del des di du for from in into la le of off on or over the to under upon with y".split()  # noqa: SIM905  (a list of forty strings reads worse)
)
_ACRONYMS = frozenset(
    """
    ADHD AFC AGM AIDS ASD BAME BBC BME BMX CAB CE CIC CIO COPD DIY DJ EU FA FC FM GB GM GMP HIV HQ IVF LEA LGBT LGBTQ
    LGBTQIA MP MS MV NCT NHS PA PE PSA PTA PTFA PTSA RAF RAOB RC RDA RFC RFCC RNIB RNLI RSPB RSPCA RSVP RUFC SEN SEND
    TA TV U3A UK UN UNICEF USA VI WAC WI YHA YMCA YWCA
    II III IV VII VIII IX XI XII XIII XIV XV XVI
    """.split()  # noqa: SIM905  (as above)
)
_SPOKEN = frozenset({"ST", "STS", "DR", "MR", "MRS", "MS", "LTD", "PLC", "JR", "SR", "REVD", "HR", "BRYN", "NR", "VS"})
"""Words without a vowel that are no acronyms."""

_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?")
_WORD = re.compile(rf"{_DOTTED.pattern}|[^\W_]+(?:['’][^\W_]+)*")
_ENDINGS = frozenset({"s", "t", "d", "m", "ll", "re", "ve"})
_LONGEST_ACRONYM = 5
_TELLS_INITIALS = 2


def cell_words(cell: str, *, blank: frozenset[str] = BLANK) -> str:
    """Return what a cell says, as plain words on one line, or nothing if it only says that it is blank."""
    words = text.tidy_line(cell_prose(cell, blank=blank))
    return "" if words in blank else words


def cell_prose(cell: str, *, blank: frozenset[str] = BLANK) -> str:
    """Return what a cell says as `cell_words` does, with its paragraphs kept."""
    tidy = text.tidy(cell)
    if tidy in blank:
        return ""
    words = text.plain(cell) if "<" in tidy or "&" in tidy else tidy
    return "" if words in blank else words


def key_of(parts: Iterable[str]) -> str:
    """
    Return what an entry is known by from one import to the next, or nothing if every part is blank.

    Capitals and spaces do not matter. A key too long to store is cut, and told apart by a digest of the whole.
    """
    tidy = [text.tidy_line(part).casefold() for part in parts]
    if not any(tidy):
        return ""
    key = "|".join(tidy)
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    return f"{key[: LONGEST_KEY - 17]}~{digest}"


def known_name(name: str) -> str:
    """Return what is left of a name when two lists are compared: no capitals, accents, marks or small words."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    words = re.findall(r"[^\W_]+", "".join(c for c in plain if c not in "'’" and not unicodedata.combining(c)))
    return " ".join(word for word in words if word not in {"the", "and", "ltd", "limited", "cic", "cio"})


def readable_name(name: str) -> str:
    """
    Return a name that is all in capitals as people would write it: "Friends of St Mary's (UK)".

    A name that already has small letters is left alone: whoever wrote it knew better.
    """
    tidy = text.tidy_line(name)
    if any(letter.islower() for letter in tidy) or not any(letter.isupper() for letter in tidy):
        return tidy
    initials = "".join(word[0] for word in _WORD.findall(tidy.partition("(")[0]) if word)

    def written(found: re.Match[str]) -> str:
        word, start, end = found[0], found.start(), found.end()
        is_bracketed = tidy[start - 1 : start] == "(" and tidy[end : end + 1] == ")"
        if is_bracketed and _stands_for(word, initials):
            return word
        before = tidy[:start].rstrip()
        if word == "A" and before.rpartition(" ")[2].lower() in _SMALL:
            return "a"  # with a heart; but "Vitamin A"
        return _written(word, is_first=not before or before[-1] in "(“\"'‘:–")

    return _WORD.sub(written, tidy)


def _stands_for(word: str, initials: str) -> bool:
    """Test whether letters are, in order, initials of the words before them: UKFA of UK Fans' Association."""
    letters = iter(initials)
    return len(word) >= _TELLS_INITIALS and all(letter in letters for letter in word)


def _written(word: str, *, is_first: bool) -> str:
    if _DOTTED.fullmatch(word) or word in _ACRONYMS or _is_unspeakable(word):
        return word
    lower = word.lower()
    if lower in _SMALL and not is_first:
        return lower
    first, mark, rest = _parted(lower)
    capital = _capital(first)
    if not mark:
        return capital
    return capital + mark + (rest if rest in _ENDINGS else _capital(rest))


def _parted(word: str) -> tuple[str, str, str]:
    for mark in ("'", "’"):
        if mark in word:
            return word.partition(mark)
    return word, "", ""


def _capital(word: str) -> str:
    if word.startswith("mc") and len(word) > len("mcs"):
        return "Mc" + word[2:].capitalize()
    return word[:1].upper() + word[1:]


def _is_unspeakable(word: str) -> bool:
    """Test whether letters cannot be a word: two to five of them without a vowel."""
    return (
        _TELLS_INITIALS <= len(word) <= _LONGEST_ACRONYM
        and word.isascii()
        and word.isalpha()
        and not set(word) & set("AEIOUY")
        and word not in _SPOKEN
    )
