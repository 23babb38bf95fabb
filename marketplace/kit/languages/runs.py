"""
Runs of words: what a sentence on a page is made of, the message that goes to translators, and the way back.

A tag becomes `<0>…</0>`, what is filled in becomes `{name}`: “You pay <0>{price}</0> each week”. On the way back the
words come from a translator and are escaped; tags and values are those of the page, in the translator's order.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from jinja2 import nodes

from marketplace.kit.languages.checking import MARK
from marketplace.kit.languages.tags import VOID

_GAPS = re.compile(r"[ \t\r\n\f]+")
_LETTERS = re.compile(r"[^\W\d_]{2,}|[^\W\d_] [^\W\d_]")
TOKENS = re.compile(rf"{MARK.pattern}|\{{(?P<place>\w+)(?:[:!][^}}]*)?\}}")
"""What a translator moves but does not change."""
_SENTENCE_ENDS = (".", "?", "!", ":", "”")


@dataclass(frozen=True)
class Words:
    """Words, as they stand in the page."""

    markup: str

    @property
    def text(self) -> str:
        """The words as somebody reads them."""
        return html.unescape(self.markup)


@dataclass(frozen=True)
class Tag:
    """A tag within a sentence, with whatever is drawn in it."""

    name: str
    is_close: bool
    drawn: tuple[nodes.Node, ...]

    @property
    def is_void(self) -> bool:
        """Whether it holds nothing."""
        return self.name in VOID


@dataclass(frozen=True)
class Value:
    """Something filled in: expressions and statements, and what a translator calls it."""

    called: str
    drawn: tuple[nodes.Node, ...]
    is_component: bool = False


@dataclass(frozen=True)
class Either:
    """Two ways to go on: each makes a sentence of its own."""

    test: nodes.Expr
    yes: "tuple[Piece, ...]"
    no: "tuple[Piece, ...]"


Piece = Words | Tag | Value | Either


@dataclass
class Message:
    """What goes to translators, and what each mark and place in it stands for."""

    text: str
    _tags: dict[str, Tag] = field(default_factory=dict)
    _values: dict[str, Value] = field(default_factory=dict)

    def arranged(self, said: str, *, is_attribute: bool = False) -> list[Piece]:
        """Return the pieces in the order of a translation."""
        pieces: list[Piece] = []
        end = 0
        for token in TOKENS.finditer(said):
            pieces.append(_written(said[end : token.start()], is_attribute=is_attribute))
            pieces.append(self._tags.get(token[0]) or self._values.get(token["place"] or "") or Words(token[0]))
            end = token.end()
        pieces.append(_written(said[end:], is_attribute=is_attribute))
        return [piece for piece in pieces if piece != Words("")]


def _written(text: str, *, is_attribute: bool) -> Words:
    return Words(html.escape(text, quote=False).replace('"', "&quot;" if is_attribute else '"'))


def message_of(pieces: Sequence[Piece]) -> Message:
    """Return the message of a run whose tags match."""
    made = Message("")
    open_tags: list[int] = []
    parts: list[str] = []
    number = 0
    for piece in pieces:
        match piece:
            case Words():
                parts.append(piece.text)
            case Value():
                parts.append(f"{{{_place(made._values, piece)}}}")  # noqa: SLF001
            case Tag():
                if not piece.is_close:
                    at, number = number, number + 1
                    open_tags.extend(() if piece.is_void else (at,))
                else:
                    at = open_tags.pop()
                mark = f"<{at}/>" if piece.is_void else f"</{at}>" if piece.is_close else f"<{at}>"
                made._tags[mark] = piece  # noqa: SLF001
                parts.append(mark)
    made.text = _GAPS.sub(" ", "".join(parts))
    return made


def _place(values: dict[str, Value], value: Value) -> str:
    """Return the name under which a value is known in its message: the same for the same."""
    called, number = value.called, 1
    while called in values and values[called].drawn != value.drawn:
        number += 1
        called = f"{value.called}{number}"
    values[called] = value
    return called


def has_words(pieces: Iterable[Piece]) -> bool:
    """Test whether there is anything to translate in some pieces."""
    return any(
        _LETTERS.search(piece.text)
        if isinstance(piece, Words)
        else isinstance(piece, Either) and (has_words(piece.yes) or has_words(piece.no))
        for piece in pieces
    )


def split_at_strays(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return a run in parts, so that each tag that begins in a part also ends there. Strays are parts of their own."""
    strays = set(_strays(pieces))
    parts: list[list[Piece]] = [[]]
    for at, piece in enumerate(pieces):
        if at in strays:
            parts += [[piece], []]
        else:
            parts[-1].append(piece)
    return [part for part in parts if part]


def _strays(pieces: Sequence[Piece]) -> list[int]:
    begun: list[tuple[int, str]] = []
    strays: list[int] = []
    for at, piece in enumerate(pieces):
        if not isinstance(piece, Tag) or piece.is_void:
            continue
        if not piece.is_close:
            begun.append((at, piece.name))
        elif begun and begun[-1][1] == piece.name:
            begun.pop()
        else:
            strays.append(at)
    return [*strays, *(at for at, _ in begun)]


def core(pieces: Sequence[Piece]) -> tuple[int, int]:
    """Return where the sentence itself begins and ends, without gaps, pictures and tags that are around all of it."""
    begin, end = 0, len(pieces)
    while begin < end:
        if _is_aside(pieces[begin]):
            begin += 1
        elif _is_aside(pieces[end - 1]):
            end -= 1
        elif _is_around(pieces[begin:end]):
            begin, end = begin + 1, end - 1
        elif (after := _wordless(pieces, begin, end)) > begin:
            begin = after
        else:
            break
    return begin, end


def _is_aside(piece: Piece) -> bool:
    match piece:
        case Words():
            return not piece.markup.strip(" \t\r\n\f")
        case Value():
            return piece.is_component
        case Tag():
            return piece.is_void
        case Either():
            return False


def _is_around(pieces: Sequence[Piece]) -> bool:
    """Test whether the first tag ends with the last."""
    first = pieces[0]
    if not isinstance(first, Tag) or first.is_close or len(pieces) == 1:
        return False
    depth = 0
    for at, piece in enumerate(pieces):
        if isinstance(piece, Tag) and not piece.is_void:
            depth += -1 if piece.is_close else 1
        if not depth:
            return at == len(pieces) - 1
    return False


def _wordless(pieces: Sequence[Piece], begin: int, end: int) -> int:
    """Return the end of a tag that stands first and holds nothing that is read, such as a drawing."""
    first = pieces[begin]
    if not isinstance(first, Tag) or first.is_close:
        return begin
    depth = 0
    for at in range(begin, end):
        piece = pieces[at]
        if isinstance(piece, Tag) and not piece.is_void:
            depth += -1 if piece.is_close else 1
        elif not _is_aside(piece):
            return begin
        if not depth:
            return at + 1
    return begin


def stands_alone(before: Sequence[Piece], either: Either) -> bool:
    """Test whether a sentence has ended before two ways to go on, and each of them ends one too."""
    text = plain(before)
    ways = [plain(way).rstrip() for way in (either.yes, either.no)]
    return (not text.strip() or text.rstrip().endswith(_SENTENCE_ENDS)) and all(
        not way or way.endswith(_SENTENCE_ENDS) for way in ways
    )


def plain(pieces: Iterable[Piece]) -> str:
    """Return the words of some pieces, something for each value, and nothing for tags."""
    return "".join(
        piece.text if isinstance(piece, Words) else "…" if isinstance(piece, Value | Either) else "" for piece in pieces
    )
