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

FORMAT = 1
"""Raise this when the code below makes other words of the same text, so that documents are known to be outdated."""

LONGEST_WORD = 40
MOST_WORDS_STORED = 2_000

WORD = re.compile("[^\\W_]+(?:['\u2019][^\\W_]+)*")
_APOSTROPHE = re.compile("['\u2019]s?$|['\u2019]")
_IZE = re.compile(r"(?<=[a-z]{3})[iy]z(?=(?:e[drs]?|ers|ing|ations?)$)")
# Spelt out because these say what is wanted: "days out".
_IMPORTANT = {"out"}
# A concept is stored and asked as a word of its own. No word that people write starts with this.
_CONCEPT = "0"


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
        self.concepts = self._concepts(read["same"])
        self.longest_concept = max(map(len, self.concepts), default=1)
        self._first_of_concepts = {names[0] for names in self.concepts}

    def _concepts(self, groups: Sequence[Sequence[str]]) -> dict[tuple[str, ...], str]:
        concepts: dict[tuple[str, ...], str] = {}
        for group in groups:
            names = [tuple(self.stems(str(name))) for name in group]
            concept = (_CONCEPT + "".join(names[0]))[:LONGEST_WORD]
            concepts |= dict.fromkeys(filter(None, names), concept)
        return concepts

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

    def concepts_in(self, stems: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Find the synonyms among stems: from where, up to where, and the concept each is a name of. Longest first."""
        for start, first in enumerate(stems):
            if first not in self._first_of_concepts:
                continue
            for end in range(min(start + self.longest_concept, len(stems)), start, -1):
                concept = self.concepts.get(tuple(stems[start:end]))
                if concept:
                    yield start, end, concept

    def entry(self, *, title: str, label: str, body: str) -> Entry:
        """Return the words to store for a document."""
        spellings: dict[str, str] = {}
        return Entry(
            title=self._stored(title, spellings),
            label=self._stored(label, spellings),
            body=self._stored(body, spellings),
            spellings=spellings,
        )

    def _stored(self, text: str, spellings: dict[str, str]) -> tuple[str, ...]:
        words = self.of(text)[:MOST_WORDS_STORED]
        stems = [self.stem(word) for word in words]
        concepts = dict.fromkeys(concept for _start, _end, concept in self.concepts_in(stems))
        spellings.update(zip(words, stems, strict=True))
        spellings.update(zip(concepts, concepts, strict=True))
        # After the words, so that a phrase that goes on past "personal assistant" is still a phrase.
        return (*stems, *concepts)
