"""What in some words may tell who somebody is, or how to reach them? Pure: patterns and a list of first names."""

import enum
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from marketplace.kit.first_names import ALSO_WORDS, FIRST_NAMES


class SpottedKind(enum.StrEnum):
    """What it seems to be."""

    EMAIL = "email"
    PHONE = "phone"
    WEB_ADDRESS = "web_address"
    POSTCODE = "postcode"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Spotted:
    """Something found, as it stands in the words, and where it begins."""

    kind: SpottedKind
    text: str
    start: int


_PATTERNS: tuple[tuple[SpottedKind, re.Pattern[str]], ...] = (
    (
        SpottedKind.EMAIL,
        re.compile(r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\s?\.\s?[a-z]{2,10}){1,3}\b", re.IGNORECASE),
    ),
    (SpottedKind.WEB_ADDRESS, re.compile(r"\b(?:https?://|www\.)\S{3,}", re.IGNORECASE)),
    (
        SpottedKind.WEB_ADDRESS,
        re.compile(r"\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.(?:com|net|org|uk|info|biz)\b(?:/\S*)?"),
    ),
    # A name on another site: @somebody.
    (SpottedKind.WEB_ADDRESS, re.compile(r"(?<![\w.])@[A-Za-z_]\w{2,30}")),
    # Begins with 0 or a country: so neither years nor amounts are numbers to ring.
    (SpottedKind.PHONE, re.compile(r"(?<![\w.,£])(?:\+\d|0)(?:[ ()./-]{0,2}\d){8,12}(?!\w)")),
    # Ten figures in threes and a four: an NHS number.
    (SpottedKind.PHONE, re.compile(r"(?<![\w.,£])\d{3}[ -]\d{3}[ -]\d{4}(?!\w)")),
    (SpottedKind.POSTCODE, re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)),
    (
        SpottedKind.ADDRESS,
        re.compile(
            r"\b\d{1,4}[a-z]?,?\s(?:[A-Z][\w’'-]+\s){1,3}"
            r"(?:Street|St|Road|Rd|Lane|Avenue|Ave|Close|Drive|Crescent|Terrace|Grove|Gardens|Way|Place|Mews|Row)\b"
        ),
    ),
)
# The ends of "2nd" and its like, which a postcode may end with too.
_ORDINALS = ("st", "nd", "rd", "th")

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "nurse", "sister", "auntie", "aunt", "uncle"})
_SHORT_TITLES = frozenset({"mr", "mrs", "ms", "mx", "dr"})
_INTRODUCING = frozenset({"called", "named", "name’s", "name's", "names"})
# After these a first name is one even in small letters: "my carer sarah".
_PEOPLE = frozenset(
    {
        "assistant", "boss", "brother", "carer", "carers", "cleaner", "daughter", "driver", "friend", "girl", "guy",
        "helper", "husband", "lad", "lady", "man", "manager", "mum", "dad", "neighbour", "nurse", "owner", "pa",
        "partner", "person", "sister", "son", "teacher", "trainer", "volunteer", "wife", "woman", "worker", "called",
        "named",
    }
)  # fmt: skip
_SAINTS = frozenset({"st", "saint", "king", "queen", "prince", "princess", "lord"})
# What follows a name that is a place or a thing and not a person, with a capital: "Victoria Park", "John Lewis".
_PLACES = frozenset(
    {
        "academy", "ambulance", "avenue", "building", "café", "cafe", "care", "centre", "chapel", "church", "close",
        "club", "college", "court", "day", "drive", "gardens", "green", "hall", "hospice", "hospital", "hotel", "house",
        "inn", "institute", "kitchen", "lane", "lewis", "library", "lodge", "mill", "museum", "park", "place", "pub",
        "road", "room", "school", "society", "square", "station", "street", "suite", "surgery", "theatre", "trust",
        "university", "ward", "way", "wing",
    }
)  # fmt: skip


def spot(words: str, *, known: str = "", names: Collection[str] = ()) -> tuple[Spotted, ...]:
    """
    Return what in some words looks like a name or a way to reach somebody, in order.

    It can be wrong both ways, so a person always has the last word: the writer first. `known` is what everybody can
    read anyway, like what an offer and its provider are called; `names` are more names to look for.
    """
    found: list[Spotted] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(words):
            if kind is SpottedKind.POSTCODE and match.group().endswith(_ORDINALS):
                continue
            found.append(Spotted(kind, match.group().rstrip(".,;:!?)"), match.start()))
    found.extend(_names(words, public=_lowered(known), wanted=_lowered(" ".join(names))))
    return tuple(_apart(found))


def _lowered(words: str) -> frozenset[str]:
    return frozenset(_bare(word) for word in _WORD.findall(words))


def _bare(word: str) -> str:
    return word.lower().replace("’", "'").removesuffix("'s").rstrip("'")


def _names(words: str, *, public: frozenset[str], wanted: frozenset[str]) -> Iterator[Spotted]:
    matches = list(_WORD.finditer(words))
    for at, match in enumerate(matches):
        word = _bare(match.group())
        before = _before(matches, at)
        after = matches[at + 1].group() if at + 1 < len(matches) else ""
        is_place = before in _SAINTS or (after[:1].isupper() and after.lower() in _PLACES)
        if word in public or is_place:
            continue
        if word in wanted or _is_name(words, match, word, before):
            yield Spotted(SpottedKind.NAME, match.group(), match.start())


def _before(matches: list[re.Match[str]], at: int) -> str:
    said = matches[at - 1].group() if at else ""
    # “MS.” at the end of a sentence is an illness, and “Ms” is not.
    return "" if said == "MS" else said.lower()


def _is_name(words: str, match: re.Match[str], word: str, before: str) -> bool:
    if not match.group()[0].isupper():
        return word in FIRST_NAMES and before in _PEOPLE
    # “Dr. Patel” is one, and what begins the sentence after “I was a nurse.” is none.
    is_titled = before in _TITLES and (before in _SHORT_TITLES or not _begins_sentence(words, match.start()))
    if is_titled and words[: match.start()].endswith((" ", ".")):
        return True
    if before in _INTRODUCING and words[: match.start()].endswith(before[-1] + " "):
        return True
    if word in FIRST_NAMES:
        return True
    return word in ALSO_WORDS and not _begins_sentence(words, match.start())


def _begins_sentence(words: str, start: int) -> bool:
    ahead = words[:start].rstrip(" \t\"“‘'(")
    return not ahead or ahead[-1] in ".!?:\n•-–—"


def _apart(found: list[Spotted]) -> Iterator[Spotted]:
    """Yield what was found in order, without what lies within something else: the site in an email address."""
    end = 0
    for it in sorted(found, key=lambda it: (it.start, -len(it.text))):
        if it.start >= end:
            yield it
            end = it.start + len(it.text)
