"""Where in a text the words are that somebody asked for."""

from collections.abc import Iterable, Iterator

from whoosh.analysis import Token
from whoosh.highlight import set_matched_filter

from marketplace.search.language.asked import Asked, Start, Word
from marketplace.search.language.words import WORD, Words


def pieces(text: str, *, asked: Asked, words: Words) -> list[tuple[str, bool]]:
    """Return a text in pieces that join up to it again, and for each whether it is something that was asked for."""
    # The stem of each word, or None for one that says nothing.
    stems = [words.stem_of(written) for written in WORD.findall(text)]
    wanted = _wanted([stem for stem in stems if stem], asked, words)
    if wanted.isdisjoint(stems):
        return [(text, False)] if text else []
    cut: list[tuple[str, bool]] = []
    at = 0
    for token in set_matched_filter(_tokens(text, stems), frozenset(wanted)):
        if token.matched:
            cut += [(text[at : token.startchar], False), (text[token.startchar : token.endchar], True)]
            at = token.endchar
    return [piece for piece in (*cut, (text[at:], False)) if piece[0]]


def _tokens(text: str, stems: Iterable[str | None]) -> Iterator[Token]:
    # As in Whoosh, one token is changed again and again: making one for each word took as long as all the rest.
    token = Token()
    for found, token.text in zip(WORD.finditer(text), stems, strict=True):
        token.startchar, token.endchar = found.span()
        yield token


def _wanted(stems: list[str], asked: Asked, words: Words) -> set[str]:
    """Return which of a text's stems were asked for: by name, by their start, or under another name."""
    named = {leaf.stem for leaf in asked.leaves if isinstance(leaf, Word)}
    starts = tuple(leaf.letters for leaf in asked.leaves if isinstance(leaf, Start))
    synonyms = {
        stem
        for start, end, stored in words.names_in(stems)
        if not named.isdisjoint(stored)
        for stem in stems[start:end]
    }
    return named | synonyms | {stem for stem in stems if starts and stem.startswith(starts)}
