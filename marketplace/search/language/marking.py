"""Where in a text the words are that somebody asked for."""

from whoosh.analysis import Token
from whoosh.highlight import set_matched_filter

from marketplace.search.language.asked import Asked, Start, Word
from marketplace.search.language.words import WORD, Words


def pieces(text: str, *, asked: Asked, words: Words) -> list[tuple[str, bool]]:
    """Return a text in pieces that join up to it again, and for each whether it is something that was asked for."""
    tokens = [
        Token(text=words.stem(word), startchar=found.start(), endchar=found.end())
        for found in WORD.finditer(text)
        if (word := words.look(found[0]))
    ]
    cut: list[tuple[str, bool]] = []
    at = 0
    for token in set_matched_filter(tokens, frozenset(_wanted([token.text for token in tokens], asked, words))):
        if token.matched:
            cut += [(text[at : token.startchar], False), (text[token.startchar : token.endchar], True)]
            at = token.endchar
    return [piece for piece in (*cut, (text[at:], False)) if piece[0]]


def _wanted(stems: list[str], asked: Asked, words: Words) -> set[str]:
    """Return which of a text's stems were asked for: by name, by their start, or under another name."""
    named = {leaf.stem for leaf in asked.leaves if isinstance(leaf, Word)}
    starts = tuple(leaf.letters for leaf in asked.leaves if isinstance(leaf, Start))
    synonyms = {
        stem for start, end, concept in words.concepts_in(stems) if concept in named for stem in stems[start:end]
    }
    return named | synonyms | {stem for stem in stems if starts and stem.startswith(starts)}
