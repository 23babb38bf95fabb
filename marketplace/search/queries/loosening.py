"""What to look for when hardly anything has all of the words."""

from collections.abc import Mapping
from dataclasses import replace

from marketplace.search.language import Asked, Either, Leaf, Node, Start, Without, Word
from marketplace.search.queries.planning import Wanted, documents_of
from marketplace.search.rules import is_common


def loosen(asked: Asked, known: Mapping[str, int]) -> Wanted | None:
    """
    Return what to look for when hardly anything has all of the words: the telling ones, or None if that is no change.

    Documents are looked up by the telling words only, so that "someone to take mum to the shops" does not read every
    document that has "take" in it. They are then judged by all the words.
    """
    leaves = tuple(leaf for leaf in asked.leaves if _is_known(leaf, known))
    if not leaves or (asked.needs_all and asked.leaves == leaves[:1]):
        return None
    narrow = [_narrow(leaf, known) for leaf in leaves]
    rarest = min(narrow, key=lambda leaf: documents_of(leaf, known))
    telling = tuple(
        leaf for leaf in narrow if leaf == rarest or not is_common(documents=documents_of(leaf, known), of=known[""])
    )
    match: Node = Either(telling)
    for banned in asked.banned:
        match = Without(match, banned)
    signs = tuple(replace(sign, is_certain=False) for sign in asked.signs if _is_known(sign.leaf, known))
    return Wanted(match, signs, telling, needs_all=False, is_loosened=True)


def _narrow(leaf: Leaf, known: Mapping[str, int]) -> Leaf:
    """Return a word; if too much is about it, what means just the same; if that is too much, the very word."""
    if isinstance(leaf, Start):
        return leaf
    narrower = [leaf.stem, leaf.same, *(leaf.literal if len(leaf.literal) == 1 else ())]
    there = [stem for stem in narrower if stem in known and stem]
    return Word(next((stem for stem in there if not is_common(documents=known[stem], of=known[""])), there[-1]))


def _is_known(leaf: Leaf, known: Mapping[str, int]) -> bool:
    return isinstance(leaf, Start) or leaf.stem in known
