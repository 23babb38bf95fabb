"""
Which words are searched: what is stored and what is asked, turned into the same ones.

Whoosh is the language here: its tokenizer, filters, stemmer, query parser, edit distance and marking of matches. Its
index is not used (see docs/adr/0011-whoosh-is-the-language.md).
"""

from pathlib import Path

from marketplace.search.language.asked import All, Asked, Either, Leaf, Node, Phrase, Sign, Start, Without, Word
from marketplace.search.language.marking import pieces
from marketplace.search.language.parsing import Reader
from marketplace.search.language.spelling import nearest, respelt
from marketplace.search.language.words import Entry, Words

__all__ = [
    "ENGLISH",
    "READER",
    "All",
    "Asked",
    "Either",
    "Entry",
    "Leaf",
    "Node",
    "Phrase",
    "Reader",
    "Sign",
    "Start",
    "Without",
    "Word",
    "Words",
    "nearest",
    "pieces",
    "respelt",
]

ENGLISH = Words((Path(__file__).parent / "synonyms.yaml").read_text(encoding="utf-8"))
"""The words of the site."""

READER = Reader(ENGLISH)
"""What reads the questions asked in them."""
