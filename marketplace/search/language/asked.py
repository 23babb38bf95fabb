"""What a question asks for, as a tree that any engine can be told."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """
    A word, as a stem.

    When it stands for all words that mean the same or are about the same, `literal` has the ones that were written. Of
    one that stands for what is about the same, `same` stands for what means the same, if there are other words for it.
    """

    stem: str
    literal: tuple[str, ...] = ()
    same: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """The first letters of a word."""

    letters: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words, each straight after the one before."""

    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Without:
    part: "Node"
    banned: "Node"


Node = Word | Start | Phrase | All | Either | Without
Leaf = Word | Start


@dataclass(frozen=True, slots=True)
class Sign:
    """
    Something an answer is judged by, and how much it counts: a plain word counts for eight.

    `of` is the word asked for that it is a sign of. `is_certain` says that whatever matches the question has it.
    """

    leaf: Leaf
    share: int
    of: Leaf
    is_certain: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a question asks for: nothing, when it has no word worth looking for.

    `leaves` are the words that are looked for, and `needs_all` says whether an answer must have every one of them.
    `signs` are what an answer is judged by: those words and more. `banned` is what no answer may have. `written` are
    the words as written, each with its stem.
    """

    match: Node | None = None
    leaves: tuple[Leaf, ...] = ()
    signs: tuple[Sign, ...] = ()
    needs_all: bool = True
    banned: tuple[Node, ...] = ()
    written: tuple[tuple[str, str], ...] = ()


def leaves_of(node: Node) -> Iterator[Leaf]:
    """Return the words that are wanted, those of phrases one by one."""
    match node:
        case Word() | Start():
            yield node
        case Phrase(stems):
            yield from map(Word, stems)
        case Without(part, _):
            yield from leaves_of(part)
        case All(parts) | Either(parts):
            for part in parts:
                yield from leaves_of(part)


def needs_all(node: Node) -> bool:
    """Test whether an answer must have every word that is wanted."""
    match node:
        case Either():
            return False
        case All(parts):
            return all(map(needs_all, parts))
        case Without(part, _):
            return needs_all(part)
        case _:
            return True


def banned_in(node: Node) -> Iterator[Node]:
    """Return what an answer must not have."""
    match node:
        case Without(part, banned):
            yield banned
            yield from banned_in(part)
        case All(parts) | Either(parts):
            for part in parts:
                yield from banned_in(part)
