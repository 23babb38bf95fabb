"""Where one is in a page, while its markup is read piece by piece: in words, in a tag, in an attribute that is read."""

import copy
import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

INLINE = frozenset(
    """
    a abbr b bdi br cite code data dfn em i kbd mark q s samp small span strong sub sup time u var wbr
    """.split()  # noqa: SIM905  (they are read more easily so)
)
"""Tags that stand within a sentence. All others end it."""
VOID = frozenset(
    """
    area base br col embed hr img input link meta source track wbr
    """.split()  # noqa: SIM905  (they are read more easily so)
)
_UNREAD = frozenset({"script", "style", "textarea"})
"""What these hold is nobody's sentence."""

_READ = frozenset({"alt", "title", "aria-label", "aria-description", "placeholder", "label"})
"""Attributes that hold words."""
_SAID_OF_PAGE = re.compile(r"(?:name|property)=\"(?:description|og:title|og:description|og:image:alt|og:site_name)\"")
_BUTTON = re.compile(r"type=\"(?:submit|button|reset)\"")

_TAG_BEGINS = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][\w:-]*)|<!--|<!")
_IN_TAG = re.compile(r"(?P<attribute>[\w:@.-]+)\s*=\s*(?P<quote>[\"'])|>")


class Where(enum.Enum):
    """Where one is in a page."""

    WORDS = enum.auto()
    TAG = enum.auto()
    ATTRIBUTE = enum.auto()
    READ_ATTRIBUTE = enum.auto()
    UNREAD = enum.auto()


class Kind(enum.Enum):
    """What a bit of markup is."""

    WORDS = enum.auto()
    TAG = enum.auto()
    READ = enum.auto()
    TAG_ENDS = enum.auto()
    UNREAD = enum.auto()


@dataclass(slots=True)
class Reader:
    """Reads the markup of a page, bit by bit: what stands between may be drawn by an expression."""

    where: Where = Where.WORDS
    name: str = ""
    is_close: bool = False
    _so_far: str = field(default="", repr=False)
    _until: str = ""

    def branch(self) -> Self:
        """Return another that goes on from here."""
        return copy.copy(self)

    def go_on_from(self, other: "Reader") -> None:
        """Be where another has come to."""
        for name in self.__slots__:
            setattr(self, name, getattr(other, name))

    @property
    def is_inline(self) -> bool:
        """Whether the tag at hand stands within a sentence."""
        return self.name in INLINE

    def read(self, markup: str) -> Iterator[tuple[Kind, str]]:
        """Return what is in some markup, in order. `TAG_ENDS` comes after the last bit of each tag."""
        while markup:
            step = {
                Where.WORDS: self._words,
                Where.TAG: self._tag,
                Where.ATTRIBUTE: self._attribute,
                Where.READ_ATTRIBUTE: self._attribute,
                Where.UNREAD: self._unread,
            }[self.where]
            found, markup = step(markup)
            yield from (bit for bit in found if bit[1] or bit[0] is Kind.TAG_ENDS)

    def _words(self, markup: str) -> tuple[list[tuple[Kind, str]], str]:
        begun = _TAG_BEGINS.search(markup)
        if begun is None:
            return [(Kind.WORDS, markup)], ""
        before = [(Kind.WORDS, markup[: begun.start()])]
        if begun["name"] is None:
            self.where, self._until = Where.UNREAD, "-->" if begun[0] == "<!--" else ">"
            return before, markup[begun.start() :]
        self.where, self.name, self.is_close = Where.TAG, begun["name"].lower(), bool(begun["close"])
        self._so_far = begun[0]
        return [*before, (Kind.TAG, begun[0])], markup[begun.end() :]

    def _tag(self, markup: str) -> tuple[list[tuple[Kind, str]], str]:
        found = _IN_TAG.search(markup)
        if found is None:
            self._so_far += markup
            return [(Kind.TAG, markup)], ""
        bit, rest = markup[: found.end()], markup[found.end() :]
        self._so_far += bit
        if found["attribute"] is None:
            unread = self.name in _UNREAD and not self.is_close
            self.where = Where.UNREAD if unread else Where.WORDS
            self._until = f"</{self.name}"
            return [(Kind.TAG, bit), (Kind.TAG_ENDS, "")], rest
        self.where = Where.READ_ATTRIBUTE if self._is_read(found["attribute"].lower()) else Where.ATTRIBUTE
        self._until = found["quote"]
        return [(Kind.TAG, bit)], rest

    def _is_read(self, attribute: str) -> bool:
        if attribute == "content":
            return bool(_SAID_OF_PAGE.search(self._so_far))
        if attribute == "value":
            return self.name == "input" and bool(_BUTTON.search(self._so_far))
        return attribute in _READ

    def _attribute(self, markup: str) -> tuple[list[tuple[Kind, str]], str]:
        kind = Kind.READ if self.where is Where.READ_ATTRIBUTE else Kind.TAG
        value, quote, rest = markup.partition(self._until)
        if not quote:
            return [(kind, value)], ""
        self.where = Where.TAG
        self._so_far += value + quote
        return [(kind, value), (Kind.TAG, quote)], rest

    def _unread(self, markup: str) -> tuple[list[tuple[Kind, str]], str]:
        at = markup.find(self._until)
        if at < 0:
            return [(Kind.UNREAD, markup)], ""
        end = at if self._until.startswith("</") else at + len(self._until)
        self.where = Where.WORDS
        return [(Kind.UNREAD, markup[:end])], markup[end:]
