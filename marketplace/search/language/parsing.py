"""What somebody asks for, whatever they typed. Whoosh parses; we take its tree and find the synonyms in it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from whoosh import fields, query
from whoosh.qparser import QueryParser, plugins

from marketplace.search.language.asked import (
    All,
    Asked,
    Either,
    Leaf,
    Node,
    Phrase,
    Sign,
    Start,
    Without,
    Word,
    banned_in,
    leaves_of,
    needs_all,
)
from marketplace.search.language.words import HALF, WHOLE, Words, much_of

LONGEST_QUESTION = 200
MOST_WORDS = 16
MOST_SIGNS = 24
SHORTEST_START = 3

ABOUT, MUCH, SAME, VERY = 8, 4, 3, 1
"""
What counts of something that the field has a name for: being about the same; saying so in several ways; meaning
just the same; being the very word. All together it is twice a word that the field has no name for.
"""

_OPERATORS = re.compile(r"[\"()*]|(?:^|[\s(])-|\b(?:AND|OR|NOT)\b")
# "NOT word" and "-word" leave a word out. A dash inside a word, or by itself, is only a dash.
_NOT = r"(^|(?<=\s|[(]))(NOT\s+|-)(?=[^\s-])"
# "a library in Urmston": what is wanted comes first, and where comes last.
_WHERE = re.compile(r"\w.*\s(?:in|near|around)\s+(\w+)\W*$", re.IGNORECASE)
# Whatever else is in a question must not be read as an operator.
_NOISE = re.compile("[^\\w\\s\"()*'\u2019-]|_")


class Reader:
    """
    Reads questions.

    Every word is wanted. Quoted words are wanted together; OR wants the words on either side of it, or both; NOT, or a
    dash before a word, leaves it out; a star after three letters or more wants any word that starts with them.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self.read = lru_cache(maxsize=4_096)(self._read)
        self._parser = QueryParser(
            "words",
            fields.Schema(words=fields.TEXT(analyzer=words.analyser)),
            plugins=[
                plugins.WhitespacePlugin(),
                plugins.PhrasePlugin(),
                plugins.PrefixPlugin(),
                plugins.OperatorsPlugin(Not=_NOT, AndNot=None, AndMaybe=None, Require=None),
                plugins.GroupPlugin(),
            ],
        )

    def _read(self, question: str) -> Asked:
        text = tidy(question)
        written = self.words.of(text)
        if not _OPERATORS.search(text):  # Most questions, and a tenth of the time without the parser.
            return self._asked(self._sequence(written), written, text)
        return self.read_with_operators(text)

    def read_with_operators(self, text: str) -> Asked:
        """Return what a question asks for, by Whoosh's parser."""
        tree = self._parser.parse(_NOISE.sub(" ", text), normalize=False)
        return self._asked(self._node(tree), self.words.of(text), text)

    def _asked(self, node: Node | None, written: Sequence[str], text: str) -> Asked:
        if node is None:
            return Asked()
        leaves = tuple(dict.fromkeys(leaves_of(node)))[:MOST_WORDS]
        banned = tuple(banned_in(node))
        pairs = tuple((word, self.words.stem(word)) for word in dict.fromkeys(written))
        unwanted = {leaf for each in banned for leaf in leaves_of(each)}
        weak = [leaf for _word, stem in pairs if stem in self.words.weak and (leaf := Word(stem)) not in unwanted]
        signs = self._signs(leaves, weak, is_certain=needs_all(node))
        if (where := _WHERE.match(text)) and (place := self.words.stem_of(where[1])):
            signs = tuple(
                replace(sign, share=min(sign.share, HALF)) if sign.leaf == Word(place) else sign for sign in signs
            )
        return Asked(
            match=node,
            leaves=leaves,
            signs=signs,
            needs_all=needs_all(node),
            banned=banned,
            written=pairs,
        )

    def _signs(self, leaves: Iterable[Leaf], weak: Iterable[Leaf], *, is_certain: bool) -> tuple[Sign, ...]:
        signs: dict[Leaf, Sign] = {}
        for leaf in leaves:
            for n, (sign, share) in enumerate(self._signs_of(leaf)):
                signs.setdefault(sign, Sign(sign, share, of=leaf, is_certain=is_certain and n == 0))
        for leaf in weak:
            signs.setdefault(leaf, Sign(leaf, self._share(leaf), of=leaf))
        return tuple(signs.values())[:MOST_SIGNS]

    def _signs_of(self, leaf: Leaf) -> Iterator[tuple[Leaf, int]]:
        """Return what a word asked for is judged by: first what is looked for, then what counts besides."""
        if isinstance(leaf, Start) or not leaf.literal:
            yield leaf, self._share(leaf)
            return
        if leaf.stem in self.words.topics.values():
            yield leaf, ABOUT
            yield Word(much_of(leaf.stem)), MUCH
        else:
            yield leaf, ABOUT + MUCH
        if leaf.same:
            yield Word(leaf.same), SAME
        if len(leaf.literal) == 1:
            yield Word(leaf.literal[0]), VERY if leaf.same else SAME + VERY

    def _share(self, leaf: Leaf) -> int:
        return self.words.weak.get(leaf.stem, WHOLE) if isinstance(leaf, Word) else WHOLE

    def _sequence(self, words: Iterable[str]) -> Node | None:
        return self._all([Word(self.words.stem(word)) for word in words])

    def _all(self, parts: Sequence[Node]) -> Node | None:
        named = tuple(dict.fromkeys(self._with_names(parts)))
        telling = tuple(part for part in named if not (isinstance(part, Word) and part.stem in self.words.weak))
        kept = (telling or named)[:MOST_WORDS]
        return kept[0] if len(kept) == 1 else All(kept) if kept else None

    def _with_names(self, parts: Sequence[Node]) -> Iterator[Node]:
        at = 0
        while at < len(parts):
            run = list(_run(parts[at:]))
            length, topic, concept = self.words.named(run)
            yield Word(topic or concept, tuple(run[:length]), concept if topic else "") if length else parts[at]
            at += length or 1

    def _node(self, tree: query.Query) -> Node | None:
        """Return our own node for one of Whoosh's."""
        node: Node | None = None
        match tree:
            case query.And():
                node = self._conjunction(tree.subqueries)
            case query.Or():
                parts = tuple(part for subquery in tree.subqueries if (part := self._node(subquery)))
                node = parts[0] if len(parts) == 1 else Either(parts) if parts else None
            case query.Not():
                node = self._node(tree.query)
            case query.Prefix():
                node = self._start(tree.text)
            case query.Phrase():
                node = self._phrase(tree.words)
            case query.Term():
                node = self._sequence(self.words.of(tree.text))
        return node

    def _conjunction(self, trees: Sequence[query.Query]) -> Node | None:
        wanted: list[Node] = []
        for tree in trees:
            if isinstance(tree, query.Term):  # One by one until all are there: "personal", "assistant" is one thing.
                wanted += [Word(stem) for stem in self.words.stems(tree.text)]
            elif not isinstance(tree, query.Not) and (part := self._node(tree)):
                wanted.append(part)
        banned = tuple(part for tree in trees if isinstance(tree, query.Not) and (part := self._node(tree)))
        node = self._all(wanted)
        if node is None:  # Nothing but what is not wanted: take it as any other words.
            return self._all(banned)
        return Without(node, Either(banned)) if banned else node

    def _phrase(self, words: Iterable[str]) -> Node | None:
        stems = tuple(stem for text in words for stem in self.words.stems(text))[:MOST_WORDS]
        return Phrase(stems) if len(stems) > 1 else self._all([Word(stem) for stem in stems])

    def _start(self, text: str) -> Node | None:
        words = self.words.of(text)
        if len(words) != 1 or len(words[0]) < SHORTEST_START:
            return self._sequence(words)
        # Stems are stored, so the start of a whole word ("gardening*") is the start of its stem.
        stem = self.words.stem(words[0])
        return Start(stem if words[0].startswith(stem) else words[0])


def tidy(question: str) -> str:
    """Return a question cut to a length worth reading, in one form of Unicode, and not shouted."""
    text = unicodedata.normalize("NFKC", question[:LONGEST_QUESTION])
    # Somebody writes in capitals. They do not mean AND, OR and NOT as operators.
    return text.lower() if text.isupper() else text


def _run(parts: Sequence[Node]) -> Iterator[str]:
    """Return the stems of the single words at the start of some parts."""
    for part in parts:
        if not isinstance(part, Word) or part.literal:
            return
        yield part.stem
