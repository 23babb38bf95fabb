"""Which words a text holds: cut, spelt the British way, stripped of the unimportant, stemmed, synonyms found."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import yaml
from whoosh.analysis import CharsetFilter, Filter, LowercaseFilter, RegexTokenizer, StopFilter, Token
from whoosh.lang.porter2 import stem as porter2
from whoosh.lang.stopwords import stoplists
from whoosh.support.charset import accent_map

FORMAT = 2
"""Raise this when the code below makes other words of the same text, so that documents are known to be outdated."""

LONGEST_WORD = 40
MOST_WORDS_STORED = 2_000

WHOLE, HALF, WEAK = 8, 4, 2
"""What a word counts for: any word; one that says when or where; one that says little. Names count for more."""

WORD = re.compile("[^\\W_]+(?:['\u2019][^\\W_]+)*")
_APOSTROPHE = re.compile("['\u2019]s?$|['\u2019]")
_IZE = re.compile(r"(?<=[a-z]{3})[iy]z(?=(?:e[drs]?|ers|ing|ations?)$)")
# Spelt out because these say what is wanted: "days out".
_IMPORTANT = {"out"}
# Stored and asked as words of their own: what means the same; what is about the same; what says so in two ways or more.
# No word that people write starts with these: they are cut off from it.
_CONCEPT, _TOPIC, _MUCH = "0", "1", "2"


Name = tuple[str, ...]
"""The stems of one word or of several that say one thing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of one document, in order, as they are stored; and `spellings`: each word written, with its stem."""

    title: tuple[str, ...]
    label: tuple[str, ...]
    body: tuple[str, ...]
    spellings: Mapping[str, str]


class BritishFilter(Filter):  # type: ignore[misc] # Whoosh's own types are not complete enough to check against
    """A Whoosh filter that writes words the British way, and without apostrophes."""

    def __init__(self, british: Mapping[str, str]) -> None:
        self.british = british

    def __call__(self, tokens: Iterable[Token]) -> Iterator[Token]:
        for token in tokens:
            word = _APOSTROPHE.sub("", token.text)
            token.text = (self.british.get(word) or british_ending(word))[:LONGEST_WORD]
            yield token


def british_ending(word: str) -> str:
    """Return a word with its American ending, as in "organization", made British."""
    return _IZE.sub(lambda found: found[0].replace("z", "s"), word)


class Words:
    """The words of one data file: its synonyms, spellings and unimportant words, on top of Whoosh's English."""

    def __init__(self, text: str) -> None:
        read = yaml.safe_load(text)
        self.version = hashlib.sha256(f"{FORMAT}\n{text}".encode()).hexdigest()[:12]
        unimportant = {_APOSTROPHE.sub("", word) for word in str(read["unimportant"]).split()}
        self.analyser = (
            RegexTokenizer(WORD)
            | LowercaseFilter()
            | CharsetFilter(accent_map)
            | BritishFilter({str(word): str(british) for word, british in read["british"].items()})
            | StopFilter(stoplist=(stoplists["en"] | unimportant) - _IMPORTANT, minsize=1)
        )
        self.look = lru_cache(maxsize=65_536)(self._look)
        self.stem = lru_cache(maxsize=65_536)(porter2)
        self.stem_of = lru_cache(maxsize=65_536)(self._stem_of)
        self.weak = dict.fromkeys(self.stems(str(read.get("weak", ""))), WEAK)
        self.weak |= dict.fromkeys(self.stems(str(read.get("times", ""))), HALF)
        self.concepts = self._concepts(read["same"])
        self.topics, self._stored_as = self._topics(read.get("near") or {})
        self._longest_name = max(map(len, self._stored_as), default=1)
        self._first_of_names = {name[0] for name in self._stored_as}

    def _concepts(self, groups: Sequence[Sequence[str]]) -> dict[Name, str]:
        concepts: dict[Name, str] = {}
        for group in groups:
            names = [tuple(self.stems(str(name))) for name in group]
            concepts |= dict.fromkeys(filter(None, names), _token(_CONCEPT, names[0]))
        return concepts

    def _topics(self, near: Mapping[str, Sequence[str]]) -> tuple[dict[Name, str], dict[Name, tuple[str, ...]]]:
        """Return the topic that a name asks for, and the words of their own that each name is stored as."""
        same: dict[str, list[Name]] = {}
        for name, concept in self.concepts.items():
            same.setdefault(concept, []).append(name)

        def names_of(said: object) -> list[Name]:
            name = tuple(self.stems(str(said)))
            return same.get(self.concepts.get(name, ""), [name] if name else [])

        stored = {name: [concept] for name, concept in self.concepts.items()}
        topics: dict[Name, str] = {}
        for asked, others in near.items():
            names = names_of(asked)
            topic = _token(_TOPIC, names[0])
            topics |= dict.fromkeys(names, topic)
            for name in dict.fromkeys([*names, *(name for other in others for name in names_of(other))]):
                stored.setdefault(name, []).append(topic)
        return topics, {name: tuple(words) for name, words in stored.items()}

    def _look(self, written: str) -> str | None:
        """Return the word for one as written, or None if it says nothing."""
        return next((token.text for token in self.analyser(written) if token.text), None)

    def _stem_of(self, written: str) -> str | None:
        """Return the stem of a word as written, or None if it says nothing."""
        word = self.look(written)
        return self.stem(word) if word else None

    def of(self, text: str) -> list[str]:
        """Return the words of a text that are worth looking for, in order, not stemmed."""
        # Whoosh looks at each word once, and by itself: its whole chain over every text again took ten times as long.
        return [word for written in WORD.findall(unicodedata.normalize("NFKC", text)) if (word := self.look(written))]

    def stems(self, text: str) -> list[str]:
        """Return the stems of a text's words, in order."""
        return [self.stem(word) for word in self.of(text)]

    def named(self, stems: Sequence[str]) -> tuple[int, str, str]:
        """
        Return how many of the first stems are a name, its topic, and the concept it shares with other names.

        The longest name wins. A name may have only one of the two, and where there is no name all is nothing.
        """
        for end in range(min(self._longest_name, len(stems)), 0, -1):
            name = tuple(stems[:end])
            topic, concept = self.topics.get(name, ""), self.concepts.get(name, "")
            if topic or concept:
                return end, topic, concept
        return 0, "", ""

    def names_in(self, stems: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Find the names among stems: from where, up to where, and what each is stored as. Longest first."""
        for start, first in enumerate(stems):
            if first not in self._first_of_names:
                continue
            for end in range(min(start + self._longest_name, len(stems)), start, -1):
                words = self._stored_as.get(tuple(stems[start:end]))
                if words:
                    yield start, end, words

    def entry(self, *, title: str, label: str, body: str, category: str = "") -> Entry:
        """
        Return the words to store for a document.

        :param category: the name of its category. What it names is stored as if the document said so in many ways.
        """
        spellings: dict[str, str] = {}
        return Entry(
            title=self._stored(title, spellings),
            label=(*self._stored(label, spellings), *self._category_stored(category, spellings)),
            body=self._stored(body, spellings),
            spellings=spellings,
        )

    def _stored(self, text: str, spellings: dict[str, str]) -> tuple[str, ...]:
        words = self.of(text)[:MOST_WORDS_STORED]
        stems = [self.stem(word) for word in words]
        ways: dict[str, set[Name]] = {}
        for start, end, stored in self.names_in(stems):
            for word in stored:
                ways.setdefault(word, set()).add(tuple(stems[start:end]))
        much = [much_of(word) for word, names in ways.items() if len(names) > 1 and word.startswith(_TOPIC)]
        spellings.update(zip(words, stems, strict=True))
        spellings.update(zip(ways, ways, strict=True))
        spellings.update(zip(much, much, strict=True))
        # After the words, so that a phrase that goes on past "personal assistant" is still a phrase.
        return (*stems, *ways, *much)

    def _category_stored(self, text: str, spellings: dict[str, str]) -> tuple[str, ...]:
        """
        Return what a category's name is stored as: what it is about, and only those of its words that are no name.

        A word that five hundred things share by their category tells less than the same word written by five of them.
        """
        words = self.of(text)
        stems = [self.stem(word) for word in words]
        about: dict[str, None] = {}
        named: set[int] = set()
        for start, end, stored in self.names_in(stems):
            about |= dict.fromkeys([*stored, *(much_of(word) for word in stored if word.startswith(_TOPIC))])
            named |= set(range(start, end))
        others = {stem: word for n, (word, stem) in enumerate(zip(words, stems, strict=True)) if n not in named}
        spellings |= {word: stem for stem, word in others.items()} | {word: word for word in about}
        return (*others, *about)


def much_of(topic: str) -> str:
    """Return the word for a topic that something speaks of in two ways or more."""
    return _MUCH + topic.removeprefix(_TOPIC)


def _token(sort: str, name: Name) -> str:
    return (sort + "".join(name))[:LONGEST_WORD]
